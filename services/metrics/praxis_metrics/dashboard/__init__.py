"""The dashboard: published figures as pages."""
