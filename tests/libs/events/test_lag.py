"""A worker's lag as Prometheus reads it."""

from datetime import UTC, datetime, timedelta

from prometheus_client import CollectorRegistry, Gauge

from praxis_events.lag import Lag

START = datetime(2026, 3, 2, 10, tzinfo=UTC)


def test_it_grows_without_the_worker_until_the_worker_has_got_on() -> None:
    now, registry = START, CollectorRegistry()
    lag = Lag(Gauge("lag_seconds", "", registry=registry), lambda: now)
    assert registry.get_sample_value("lag_seconds") == 0
    now += timedelta(seconds=90)
    assert registry.get_sample_value("lag_seconds") == 90
    lag.through(START + timedelta(seconds=60))
    assert registry.get_sample_value("lag_seconds") == 30
