"""A published report, for the API's document."""

from typing import Any

EXAMPLE: dict[str, Any] = {
    "state": "published", "published_at": "2026-04-12T08:00:00Z", "published_by": {"person_id": "p-7"},
    "snapshot_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "kept": True, "intact": True,
    "definition_versions": {"application-rate": 1},
    "snapshot": {
        "quarter": "2026-Q1", "from": "2026-01-01", "to": "2026-03-31", "time_zone": "UTC",
        "watermark": "2026-04-12T07:59:00Z", "headline": ["learning-hours", "application-rate", "time-saved"],
        "goals": [
            {
                "goal": "use what we learn", "kpi": "application-rate", "definition_version": 1, "filters": {},
                "baseline": 0.2, "target": 0.4, "due_on": "2026-12-31", "from": "2026-01-01", "to": "2026-03-31",
                "value": 0.25, "progress": 0.25, "standing": "on-track", "suppressed": False, "provisional": False,
            }
        ],
        "kpis": [
            {
                "kpi": "application-rate", "definition_version": 1, "stage": "outcome", "unit": "ratio", "value": 0.25,
                "numerator": 50, "denominator": 200, "n": 80, "previous": 0.22, "suppressed": False,
                "interval": {"low": 0.195, "high": 0.314, "level": 0.95, "method": "wilson"}, "provisional": False,
            }
        ],
        "pilots": [{"id": "sprints", "verdict": "met", "recommendation": "scale"}],
        "pathways": [{"id": "sql", "verdict": None, "recommendation": None}],
        "barriers": [
            {"barrier": "time", "rank": 1, "people": 20, "prevalence": 0.5, "severity": 4.0, "score": 2.0}
        ],
        "disagreements": ["application-rate"],
        "decisions": [{"on": "2026-03-20", "kind": "pilot-concluded", "id": "sprints", "decision": "scale"}],
    },
    "restatements": [
        {
            "figure": "KPI application-rate",
            "then": {"value": 0.25, "numerator": 50, "denominator": 200, "n": 80},
            "now": {"value": 0.26, "numerator": 52, "denominator": 200, "n": 80},
            "why": "late-data",
        }
    ],
    "responsible": [{"kind": "goal", "id": "use what we learn", "owner": {"person_id": "p-7"}}],
    "frozen": "{\"barriers\":…}",
    "as_of": "2026-06-15T23:36:29Z",
}  # fmt: skip
