"""A series as CSV (RFC 4180) that carries its own definition, filters and watermark as comment lines. Pure."""

import csv
import io
from typing import Any

from praxis_metrics.schemas import SeriesOut

MEDIA_TYPE = "text/csv"

_COLUMNS = ("from", "to", "value", "numerator", "denominator", "n", "unmatched")
_INTERVAL = ("low", "high", "level", "method")
_COMPARED = ("from", "to", "value", "n")
_FLAGS = ("suppressed", "provisional")


def as_csv(series: SeriesOut, definition: str) -> str:
    """One row a period; what is null is empty. Interval and detail have columns of their own."""
    found = series.model_dump(mode="json")
    out = io.StringIO()
    for name in ("kpi", "definition_version", "unit", "grain", "time_zone", "watermark", "as_of"):
        out.write(f"# {name}: {'' if found[name] is None else found[name]}\r\n")
    if found["comparison"]:
        out.write(f"# compare: {found['comparison']['compare']}\r\n")
    filters = "; ".join(f"{name}={value}" for name, value in found["filters"].items())
    out.write(f"# filters: {filters or 'none'}\r\n# definition: {definition}\r\n")
    details = list(dict.fromkeys(name for point in found["points"] for name in point["detail"]))
    writer = csv.writer(out)
    beside = found["comparison"]
    compared = [f"compared_{name}" for name in _COMPARED] if beside else []
    writer.writerow([*_COLUMNS, *(f"interval_{name}" for name in _INTERVAL), *_FLAGS, *details, *compared])
    for number, point in enumerate(found["points"]):
        other = beside["points"][number] if beside else None
        writer.writerow(_row(point, details) + ([other[name] for name in _COMPARED] if other else []))
    return out.getvalue()


def _row(point: dict[str, Any], details: list[str]) -> list[Any]:
    interval = point["interval"] or {}
    return [
        *(point[name] for name in _COLUMNS),
        *(interval.get(name) for name in _INTERVAL),
        *(str(point[name]).lower() for name in _FLAGS),
        *(point["detail"].get(name) for name in details),
    ]
