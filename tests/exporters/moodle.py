"""Statements as Moodle's exporters write them: no ids, their own session as registration, the site before the course.

Shapes after the public descriptions of logstore_xapi and of the VLE profile (https://w3id.org/xapi/vle); people and
addresses are of example.org.
"""

from typing import Any

Json = dict[str, Any]

SITE = "https://moodle.example.org"
SESSION = "5f1c1d4c-7a1e-4b7f-8f6f-6a7a1c0f3b52"
"""Of the exporter's run: the statements of all learners whom it sends at once carry it."""

ADL = "http://adlnet.gov/expapi/verbs/"
VIEWED = "http://id.tincanapi.com/verb/viewed"
_TYPES = "http://id.tincanapi.com/activitytype/"
ANN: Json = {"name": "Ann Lee", "account": {"homePage": SITE, "name": "7"}}
BOB: Json = {"name": "Bob Roe", "mbox": "mailto:Bob@Example.org"}


def activity(path: str, type_: str, name: str = "A name") -> Json:
    return {"id": f"{SITE}{path}", "definition": {"type": type_, "name": {"en": name}}}


def course(number: int) -> Json:
    return activity(f"/course/view.php?id={number}", f"{_TYPES}lms/course")


def module(kind: str, number: int) -> Json:
    return activity(f"/mod/{kind}/view.php?id={number}", f"{_TYPES}lms/module")


THE_SITE = activity("", f"{_TYPES}lms")


def logstore(actor: Json, verb: str, thing: Json, at: str, within: Json | None = None, **result: Any) -> Json:
    """As the log store's plugin sends it."""
    grouping = [THE_SITE, *([within] if within else [])]
    info = {
        "https://moodle.org/": "4.5",
        "event_name": "\\core\\event\\course_viewed",
        "event_function": "\\src\\event",
    }
    return {
        "actor": actor,
        "verb": {"id": verb, "display": {"en": verb.rpartition("/")[2]}},
        "object": thing,
        "timestamp": at,
        "context": {
            "registration": SESSION,
            "platform": "Moodle",
            "language": "en",
            "extensions": {"http://lrs.learninglocker.net/define/extensions/info": info},
            "contextActivities": {
                "grouping": grouping,
                "category": [{"id": "http://moodle.org", "definition": {"type": f"{_TYPES}source"}}],
            },
        },
    } | ({"result": result} if result else {})


def vle(actor: Json, verb: str, thing: str, at: str) -> Json:
    """After the VLE profile: the system as grouping, the course as parent, ADL's verbs with https."""
    system = {"id": SITE, "definition": {"type": "https://w3id.org/xapi/vle/activity-types/system"}}
    type_ = "https://w3id.org/xapi/tla/activity-types/content_set"
    return {
        "actor": {"objectType": "Agent", **actor},
        "verb": {"id": verb},
        "object": {"objectType": "Activity", "id": f"{SITE}/xapi/activities/{thing}"},
        "context": {
            "contextActivities": {
                "parent": [{"id": f"{SITE}/xapi/activities/course/2", "definition": {"type": type_}}],
                "grouping": [system],
                "category": [{"id": "https://w3id.org/xapi/vle"}],
            },
            "platform": "Moodle",
        },
        "timestamp": at,
    }


QUIZ = activity("/mod/quiz/attempt.php?attempt=5&cmid=7", "http://adlnet.gov/expapi/activities/attempt")
LOGGED_IN = "https://brindlewaye.com/xAPITerms/verbs/loggedin/"
ENROLLED = "http://www.tincanapi.co.uk/verbs/enrolled_onto_learning_plan"
_SCORE = {"raw": 8, "min": 0, "max": 10, "scaled": 0.8}

STATEMENTS = [
    logstore(ANN, ENROLLED, course(42), "2026-01-05T09:00:00+01:00"),
    logstore(ANN, LOGGED_IN, THE_SITE, "2026-01-12T10:00:00+01:00"),
    logstore(ANN, VIEWED, course(42), "2026-01-12T10:01:00+01:00"),
    logstore(ANN, VIEWED, module("page", 6), "2026-01-12T10:11:00+01:00", course(42)),
    logstore(ANN, f"{ADL}completed", QUIZ, "2026-01-12T10:31:00+01:00", course(42),
             duration="PT15M", completion=True, success=True, score=_SCORE),
    logstore(ANN, VIEWED, module("page", 9), "2026-01-12T11:00:00+01:00", course(43)),
    logstore(ANN, VIEWED, module("forum", 10), "2026-01-12T11:20:00+01:00", course(43)),
    logstore(BOB, VIEWED, module("page", 6), "2026-01-12T15:00:00+01:00", course(42)),
    logstore(BOB, VIEWED, module("quiz", 7), "2026-01-12T15:20:00+01:00", course(42)),
    logstore(ANN, f"{ADL}completed", course(42), "2026-01-21T00:10:00+01:00", completion=True),
    vle(BOB, VIEWED, "mod_page/2", "2026-01-13T10:00:00+00:00"),
    vle(BOB, "https://adlnet.gov/expapi/verbs/completed", "mod_page/2", "2026-01-13T10:10:00+00:00"),
]  # fmt: skip
