"""A skill used at work, as those tell who saw it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from praxis_embedded.demo.people import Person
from praxis_embedded.demo.saying import Json, Told, event, given, person
from praxis_embedded.demo.scenario import Scenario
from praxis_embedded.demo.skills import WORK_SYSTEM
from praxis_events.times import format_time


@dataclass(frozen=True, slots=True)
class Evidence:
    """``by``: the ``person_id`` of whoever vouches. ``task``: the one in which the skill was used, if it was one."""

    learner: Person
    skill: str
    kind: str
    at: datetime
    artefact: str
    by: str | None
    task: str | None = None
    outcomes: Sequence[Json] = ()
    system: str = WORK_SYSTEM


def evidence(scenario: Scenario, of: Evidence) -> Told:
    data = given(
        learner=person(of.learner.id), skill=of.skill, kind=of.kind, occurred_at=format_time(of.at),
        attested_by=person(of.by) if of.by else None,
        artefact={"system": of.system, "id": of.artefact},
        task={"system": WORK_SYSTEM, "id": of.task} if of.task else None,
        outcomes=list(of.outcomes) or None,
    )  # fmt: skip
    return event(scenario, "evidence.skill-applied", of.at, data)
