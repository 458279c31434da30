"""The verbs that a map may name by a word (ADL, https://w3id.org/xapi/adl/verbs; cmi5 for ``waived``)."""

_ADL = "http://adlnet.gov/expapi/verbs/"

VERBS = {
    "attempted": f"{_ADL}attempted",
    "completed": f"{_ADL}completed",
    "enrolled": f"{_ADL}registered",
    "failed": f"{_ADL}failed",
    "passed": f"{_ADL}passed",
    "registered": f"{_ADL}registered",
    "unregistered": f"{_ADL}unregistered",
    "waived": "https://w3id.org/xapi/adl/verbs/waived",
}

RESULTS = {
    VERBS["completed"]: {"completion": True},
    VERBS["passed"]: {"success": True},
    VERBS["failed"]: {"success": False},
}
"""What a verb itself says of the result."""
