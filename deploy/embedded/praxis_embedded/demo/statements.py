"""What an LMS says of an attempt, as xAPI statements."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from praxis_embedded.demo.learning import Attempt
from praxis_embedded.demo.people import LMS, Organisation
from praxis_embedded.demo.saying import Json, Told, identity, moment, statement
from praxis_embedded.demo.scenario import Scenario
from praxis_embedded.demo.skills import UNMAPPED_COURSE, course

ADL = "http://adlnet.gov/expapi/verbs/"
_COURSE = {"type": "http://adlnet.gov/expapi/activities/course"}
_MODULE = {"type": "http://adlnet.gov/expapi/activities/module"}
_STEP_MINUTES = 8
"""Shorter than the half hour after which a session is taken to be over."""

_VISITORS = 4


def statements_of(scenario: Scenario, attempt: Attempt) -> Iterator[Told]:
    """Registered by the LMS, begun, a module each few minutes, and completed or left."""

    registration = identity(scenario, "registration", [attempt.person.id, attempt.course, attempt.number])
    context: Json = {"registration": registration, "platform": "Lantern LMS"}
    actor = {"account": attempt.person.account} if attempt.number % 2 else {"mbox": attempt.person.mail}
    about = {"id": course(attempt.course), "definition": _COURSE}

    def said(at: datetime, verb: str, **more: Json) -> Told:
        usual = {"actor": actor, "verb": {"id": ADL + verb}, "object": about, "context": context}
        return statement(scenario, at, usual | more)

    yield said(attempt.starts[0] - timedelta(minutes=1), "registered")
    for start in attempt.starts:
        yield said(start, "initialized")
        for place, minute in enumerate(range(_STEP_MINUTES, attempt.minutes, _STEP_MINUTES)):
            module = {"id": f"{course(attempt.course)}/modules/{place + 1}", "definition": _MODULE}
            within = {**context, "contextActivities": {"grouping": [{"id": course(attempt.course)}]}}
            yield said(start + timedelta(minutes=minute), "experienced", object=module, context=within)
        if start != attempt.starts[-1]:
            yield said(start + timedelta(minutes=attempt.minutes), "suspended")
    result: Json = {"duration": f"PT{attempt.minutes * len(attempt.starts)}M"} if attempt.is_timed else {}
    if attempt.is_completed:
        yield said(attempt.ended_at, "completed", result={"completion": True, **result})
        yield said(attempt.ended_at + timedelta(seconds=1), "passed", result={"success": True})
    else:
        yield said(attempt.ended_at, "terminated", **({"result": result} if result else {}))


def strays(organisation: Organisation) -> Iterator[Told]:
    """A few learners whom no directory knows, and a statement that was sent by mistake and voided."""
    scenario = organisation.scenario
    about = {"id": course(UNMAPPED_COURSE), "definition": _COURSE}
    for number in range(_VISITORS):
        actor = {"account": {"homePage": LMS, "name": f"visitor-{number}"}}
        for day in scenario.month_starts():
            said = {"actor": actor, "verb": {"id": f"{ADL}completed"}, "object": about}
            yield statement(scenario, moment(day, 12, number), said)
    mistaken = statement(
        scenario,
        moment(scenario.at(0.3), 13),
        {"actor": {"mbox": organisation.people[0].mail}, "verb": {"id": f"{ADL}completed"}, "object": about},
    )
    voids = {"objectType": "StatementRef", "id": mistaken.id}
    by = {"account": {"homePage": LMS, "name": "administrator"}}
    yield mistaken
    yield statement(
        scenario, moment(scenario.at(0.3), 14), {"actor": by, "verb": {"id": f"{ADL}voided"}, "object": voids}
    )
