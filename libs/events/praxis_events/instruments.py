"""Every Prometheus metric of the log and the runner, in one place."""

from prometheus_client import Counter, Gauge, Histogram

# Appends that were acknowledged, and how long that took; a request's append is one, of all its records.
APPEND_SECONDS = Histogram(
    "praxis_log_append_duration_seconds",
    "Time until an append is durable",
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),  # up to twice PRAXIS_APPEND_TIMEOUT
)

# Records appended, and the bytes of their values.
APPENDED_RECORDS = Counter("praxis_log_appended_records_total", "Records appended")
APPENDED_BYTES = Counter("praxis_log_appended_bytes_total", "Bytes of the values appended")

# Appends refused or not acknowledged in time, by the error's name.
APPEND_FAILURES = Counter("praxis_log_append_failures_total", "Appends that failed", ["error"])

# Records whose effect was committed.
RECORDS = Counter("praxis_projection_records_total", "Records applied", ["projection"])

# Records between the checkpoint and the end of the log, by partition.
LAG = Gauge("praxis_projection_lag_records", "Records not yet applied", ["projection", "topic", "partition"])

# Seconds since the moment up to which the whole log is known to be applied; grows while the runner cannot go on.
LAG_SECONDS = Gauge("praxis_projection_lag_seconds", "Age of the read-through mark", ["projection"])

# Transactions given up because another consumer had moved the checkpoint.
CONFLICTS = Counter("praxis_projection_conflicts_total", "Checkpoint conflicts", ["projection"])

# Times the loop waited because the database or the log did not answer.
RETRIES = Counter("praxis_projection_retries_total", "Waits for a dependency", ["projection"])

# Records that went to dead.letters.
DEAD_LETTERS = Counter("praxis_projection_dead_letters_total", "Records rejected", ["projection"])

# 1 while a partition waits for a consumer that knows a newer event version.
PAUSED = Gauge("praxis_projection_paused", "Partition paused", ["projection", "topic", "partition"])

# 1 after too many rejected records in a row; persisted beside the checkpoint.
STOPPED = Gauge("praxis_projection_stopped", "Partition stopped", ["projection", "topic", "partition"])
