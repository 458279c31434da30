"""A pilot as an answer has it, for the API's document; cut to one metric."""

from typing import Any

_BOOTSTRAP = {"level": 0.95, "method": "bootstrap of people"}

_METRIC: dict[str, Any] = {
    "kpi": "application-rate",
    "definition_version": 1,
    "unit": "ratio",
    "figure": "of the pairs of a person and a skill learned in the period, the share used within 30 days",
    "filters": {},
    "direction": "up",
    "threshold": 0.1,
    "baseline": 0.3,
    "final_on": "2026-05-30",
    "treated": {"earlier": 0.29, "before": 0.31, "during": 0.52, "n": 38},
    "comparison": {"earlier": 0.3, "before": 0.31, "during": 0.33, "n": 41},
    "effect": {"value": 0.19, "interval": {"low": 0.11, "high": 0.27, **_BOOTSTRAP}},
    "trend": {"value": 0.01, "interval": {"low": -0.07, "high": 0.09, **_BOOTSTRAP}},
    "suppressed": False,
    "verdict": "met",
    "reasons": ["the whole interval of the effect reaches a change of 0.1 up"],
}

EXAMPLE: dict[str, Any] = {
    "pilot": "sprints-in-sales",
    "objective": "Skills from courses are used within a month",
    "owner": {"person_id": "p-7"},
    "sponsor": {"person_id": "p-1"},
    "starts_on": "2026-03-02",
    "ends_on": "2026-04-30",
    "state": "to-be-concluded",
    "pre_registered": True,
    "verdict": "met",
    "recommendation": "scale",
    "decision": None,
    "reminder": "over since 2026-04-30: its owner has to conclude it (programme.pilot-concluded)",
    "success": "All three metrics are met",
    "registered_on": "2026-02-20",
    "final_on": "2026-05-30",
    "periods": {
        "earlier": {"from": "2025-11-02", "to": "2025-12-31"},
        "before": {"from": "2026-01-01", "to": "2026-03-01"},
        "during": {"from": "2026-03-02", "to": "2026-04-30"},
    },
    "treated": {"filters": {"unit": "sales-north"}, "people": 44},
    "comparison": {"filters": {"unit": "sales-south"}, "people": 47},
    "in_both": 0,
    "randomised": False,
    "association_only": True,
    "method": "difference in differences, intention to treat; bootstrap of people",
    "metrics": [_METRIC],
    "reasons": ["all metrics were met (3 met)"],
    "conclusion": None,
    "roll_out": None,
    "extends": None,
    "costs": [{"currency": "EUR", "amount": 4200.0}],
    "watermark": "2026-06-15T23:36:28Z",
    "as_of": "2026-06-15T23:36:29Z",
    "provisional": False,
}
