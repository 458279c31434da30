"""What keeps people from learning and from using it, and what they say."""

from typing import Annotated, Literal

from pydantic import Field

from praxis_events.contracts.base import EventData, Moment, Name, PersonRef, contract
from praxis_events.contracts.programme.terms import Barrier, Day, Quarter, Subject, Text
from praxis_events.topics import PROGRAMME


@contract("praxis.programme.survey-sent.v1", PROGRAMME)
class SurveySent(EventData):
    """``invited``: how many, so that there is a response rate. ``asks``: its questions."""

    survey: Name
    quarter: Quarter
    invited: Annotated[int, Field(ge=1, le=100_000_000)]
    asks: Annotated[list[Text], Field(min_length=1, max_length=100)]


@contract("praxis.programme.barrier-reported.v1", PROGRAMME)
class BarrierReported(EventData):
    """By a person, or without a name; in a survey or not."""

    survey: Name | None = None
    person: PersonRef | None = None
    unit: Name | None = None
    barrier: Barrier
    severity: Annotated[int, Field(ge=1, le=5)]
    text: Text | None = None
    at: Moment


@contract("praxis.programme.barrier-assigned.v1", PROGRAMME)
class BarrierAssigned(EventData):
    quarter: Quarter
    barrier: Barrier
    owner: PersonRef
    due_on: Day
    action: Text


@contract("praxis.programme.barrier-updated.v1", PROGRAMME)
class BarrierUpdated(EventData):
    quarter: Quarter
    barrier: Barrier
    status: Literal["open", "in-progress", "done", "dropped"]
    note: Text | None = None


@contract("praxis.programme.feedback-given.v1", PROGRAMME)
class FeedbackGiven(EventData):
    """Coded by ``theme``; ``sentiment`` from −2 (bad) to 2 (good)."""

    about: Subject
    theme: Name
    sentiment: Annotated[int, Field(ge=-2, le=2)]
    text: Text | None = None
    person: PersonRef | None = None
    at: Moment
