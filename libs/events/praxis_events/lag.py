"""How far a worker is behind, for Prometheus."""

from datetime import datetime

from prometheus_client import Gauge

from praxis_events.clock import Clock


class Lag:
    """Sets a gauge to the seconds since the moment up to which all is known to be done.

    Asked at each scrape, so it grows while the worker hangs or waits for its database.
    """

    def __init__(self, gauge: Gauge, clock: Clock) -> None:
        self._through = clock()
        gauge.set_function(lambda: (clock() - self._through).total_seconds())

    def through(self, moment: datetime) -> None:
        self._through = moment
