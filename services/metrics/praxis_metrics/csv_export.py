"""A series as CSV (RFC 4180) that carries its own definition, filters and watermark as comment lines. Pure."""

import csv
import io
import re
from typing import Any

from praxis_metrics.schemas import SeriesOut

MEDIA_TYPE = "text/csv"

_COLUMNS = ("from", "to", "value", "numerator", "denominator", "n", "unmatched")
_INTERVAL = ("low", "high", "level", "method")
_FLAGS = ("suppressed", "provisional")


def as_csv(series: SeriesOut, definition: str) -> str:
    """One row a period; what is null is empty. Interval and detail have columns of their own."""
    found = series.model_dump(mode="json")
    out = io.StringIO()
    for name in ("kpi", "definition_version", "unit", "grain", "time_zone", "watermark", "as_of"):
        out.write(f"# {name}: {'' if found[name] is None else found[name]}\r\n")
    filters = "; ".join(f"{name}={value}" for name, value in found["filters"].items())
    out.write(f"# filters: {filters or 'none'}\r\n# definition: {definition}\r\n")
    details = list(dict.fromkeys(name for point in found["points"] for name in point["detail"]))
    writer = csv.writer(out)
    writer.writerow([*_COLUMNS, *(f"interval_{name}" for name in _INTERVAL), *_FLAGS, *details])
    writer.writerows(_row(point, details) for point in found["points"])
    return out.getvalue()


def _row(point: dict[str, Any], details: list[str]) -> list[Any]:
    interval = point["interval"] or {}
    return [
        *(point[name] for name in _COLUMNS),
        *(interval.get(name) for name in _INTERVAL),
        *(str(point[name]).lower() for name in _FLAGS),
        *(point["detail"].get(name) for name in details),
    ]


_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def wants_csv(accept: str) -> bool:
    """Whether an Accept header prefers CSV to JSON (RFC 9110 §12.5.1); of equals the first named wins."""
    named: list[tuple[float, str]] = []
    for part in accept.split(","):
        media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        if media_type in {MEDIA_TYPE, "text/*", "application/json", "application/*", "*/*"}:
            named.append((float(quality) if _QUALITY.fullmatch(quality) else 0.0, media_type))
    best = max(named, key=lambda each: each[0], default=(0.0, ""))
    return best[0] > 0 and best[1] in {MEDIA_TYPE, "text/*"}
