"""A comparison as an answer has it, for the API's document."""

from typing import Any

_COHORT: dict[str, Any] = {
    "cohort": "2026-spring",
    "people": 24,
    "first_enrolled_on": "2026-01-12",
    "last_enrolled_on": "2026-01-14",
    "final_on": "2026-05-14",
    "randomised": True,
    "withdrawn": 6,
    "completed": 11,
    "modules": 0.71,
    "n": 19,
    "median": 0.33,
    "interval": {"low": 0.2, "high": 0.5, "level": 0.95, "method": "bootstrap of people"},
    "p75": None,
    "reached": None,
    "suppressed": False,
    "reasons": [],
}

EXAMPLE: dict[str, Any] = {
    "pathway": "data-basics",
    "version": 2,
    "name": "Data basics",
    "owner": {"person_id": "p-7"},
    "outcome": {
        "kpi": "application-rate",
        "definition_version": 1,
        "unit": "ratio",
        "figure": "of the pairs of a person and a skill learned in the period, the share used within 30 days",
        "window_days": 90,
    },
    "modules": 4,
    "unmatched": 0,
    "cohorts": [_COHORT, {**_COHORT, "cohort": "2026-spring-with-coach", "n": 20, "median": 0.5}],
    "test": {
        "cohorts": ["2026-spring", "2026-spring-with-coach"],
        "method": "Mann-Whitney U",
        "statistic": 112.0,
        "p_value": 0.0271,
        "adjusted_p_value": None,
        "effect": {"name": "rank-biserial correlation", "value": -0.411},
    },
    "pairs": [],
    "result": "differ",
    "reasons": ["p = 0.0271, below 0.05"],
    "randomised": True,
    "association_only": False,
    "watermark": "2026-06-15T23:36:28Z",
    "as_of": "2026-06-15T23:36:29Z",
    "provisional": False,
}
