"""Every Prometheus metric of the relay, in one place; the decider's are in ``praxis_events.instruments``."""

from prometheus_client import Counter, Gauge

# Decisions that the log acknowledged.
RELAYED = Counter("praxis_incentives_relayed_total", "Decisions carried onto the log")

# Seconds since the moment up to which every decision is on the log; grows while the relay cannot go on.
LAG_SECONDS = Gauge("praxis_incentives_relay_lag_seconds", "Age of the oldest decision that waits")

# Times the relay waited because the database or the log did not answer.
RETRIES = Counter("praxis_incentives_relay_retries_total", "Waits for a dependency")
