"""Statements of a cmi5 course: of the LMS (launched, abandoned, satisfied) and of the player (the others).

Shapes after the cmi5 specification, sections 9 and 10; people and addresses are of example.org.
"""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

Json = dict[str, Any]

LMS = "https://lms.example.org"
ADL = "http://adlnet.gov/expapi/verbs/"
ABANDONED, SATISFIED = (f"https://w3id.org/xapi/adl/verbs/{name}" for name in ("abandoned", "satisfied"))
_CMI5 = "https://w3id.org/xapi/cmi5/context/"
_UNIT = {"id": f"{LMS}/units/python-1", "definition": {"type": "https://w3id.org/xapi/cmi5/activitytype/au"}}
_COURSE = {"id": f"{LMS}/courses/python", "definition": {"type": "https://w3id.org/xapi/cmi5/activitytype/course"}}
ANN: Json = {"objectType": "Agent", "account": {"homePage": LMS, "name": "ann-7"}}
BOB: Json = {"objectType": "Agent", "account": {"homePage": LMS, "name": "bob-8"}}
REGISTRATIONS = {"ann-7": str(uuid5(NAMESPACE_URL, "ann")), "bob-8": str(uuid5(NAMESPACE_URL, "bob"))}


def statement(actor: Json, session: str, verb: str, at: str, *, move_on: bool = False, **result: Any) -> Json:
    """Every one has the registration, the session and the category cmi5; ``move_on``: what the course is judged by."""
    categories = ["cmi5", "moveon"] if move_on else ["cmi5"]
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{actor} {session} {verb} {at}")),
        "actor": actor,
        "verb": {"id": verb, "display": {"en": verb.rpartition("/")[2]}},
        "object": _COURSE if verb == SATISFIED else _UNIT,
        "timestamp": at,
        "context": {
            "registration": REGISTRATIONS[actor["account"]["name"]],
            "contextActivities": {
                "grouping": [{"id": "https://publisher.example.org/python-1"}],
                "category": [{"id": f"{_CMI5}categories/{each}"} for each in categories],
            },
            "extensions": {f"{_CMI5}extensions/sessionid": session},
        },
    } | ({"result": result} if result else {})


STATEMENTS = [
    statement(ANN, "s-1", f"{ADL}launched", "2026-03-02T09:59:50.000Z"),
    statement(ANN, "s-1", f"{ADL}initialized", "2026-03-02T10:00:00.000Z"),
    statement(ANN, "s-1", f"{ADL}completed", "2026-03-02T10:20:00.000Z", move_on=True,
              completion=True, duration="PT20M0S"),
    statement(ANN, "s-1", f"{ADL}passed", "2026-03-02T10:21:00.000Z", move_on=True,
              success=True, score={"scaled": 0.9}, duration="PT21M0S"),
    statement(ANN, "s-1", SATISFIED, "2026-03-02T10:21:01.000Z"),
    statement(ANN, "s-1", f"{ADL}terminated", "2026-03-02T10:25:00.000Z", duration="PT25M0S"),
    statement(ANN, "s-2", f"{ADL}launched", "2026-03-03T09:00:00.000Z"),
    statement(ANN, "s-2", f"{ADL}initialized", "2026-03-03T09:00:05.000Z"),
    statement(ANN, "s-2", ABANDONED, "2026-03-03T09:45:00.000Z", duration="PT30M0S"),
    statement(BOB, "s-3", f"{ADL}launched", "2026-03-02T10:59:50.000Z"),
    statement(BOB, "s-3", f"{ADL}initialized", "2026-03-02T11:00:00.000Z"),
    statement(BOB, "s-3", f"{ADL}terminated", "2026-03-02T11:10:00.000Z", duration="PT10M0S"),
]  # fmt: skip
