"""Every Prometheus metric of the edge, in one place."""

from prometheus_client import Gauge, Histogram

# Requests answered and how long that took. ``route`` is the template, never the path, which may name somebody; it and
# ``service`` are empty where nothing serves the path. ``status`` is a class: 2xx, 4xx, 5xx.
REQUEST_SECONDS = Histogram(
    "praxis_http_request_duration_seconds",
    "Time until the answer is complete",
    ["service", "route", "method", "status"],
    buckets=(0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

# Requests that are not answered yet.
IN_FLIGHT = Gauge("praxis_http_requests_in_flight", "Requests in hand")

# Always 1; what runs here.
BUILD = Gauge("praxis_build_info", "Version", ["version"])
