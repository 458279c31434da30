"""Every Prometheus metric of the runner, in one place."""

from prometheus_client import Counter, Gauge

# Records whose effect was committed.
RECORDS = Counter("praxis_projection_records_total", "Records applied", ["projection"])

# Records between the checkpoint and the end of the log, by partition.
LAG = Gauge("praxis_projection_lag_records", "Records not yet applied", ["projection", "topic", "partition"])

# Seconds since the moment up to which the whole log is known to be applied.
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
