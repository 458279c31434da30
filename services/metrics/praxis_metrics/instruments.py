"""Every Prometheus metric of the refresher, in one place; its projections' are in ``praxis_events.instruments``."""

from prometheus_client import Counter, Gauge

# Dirty keys that were computed again.
REFRESHED = Counter("praxis_metrics_refreshed_total", "Dirty keys refreshed")

# Seconds since the moment up to which nothing waits to be computed again: what /kpis lack beside what is not applied.
LAG_SECONDS = Gauge("praxis_metrics_refresher_lag_seconds", "Age of the oldest dirty key")

# Times the refresher waited because the database did not answer.
RETRIES = Counter("praxis_metrics_refresher_retries_total", "Waits for the database")
KPI_FAILURES = Counter("praxis_metrics_kpi_failures_total", "Times that a KPI could not be published.", ["kpi"])
