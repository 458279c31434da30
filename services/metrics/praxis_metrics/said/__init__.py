"""What was said about work, the programme and how people are seen: events as they stand, for KPIs to read by SQL."""
