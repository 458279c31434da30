"""Micro-habits, and hours that are kept free for learning."""

from typing import Annotated, Literal, Self

from dateutil.rrule import rrulestr
from pydantic import AfterValidator, model_validator
from pydantic_core import PydanticCustomError

from praxis_events.contracts.base import EventData, Moment, Name, PersonRef, contract
from praxis_events.contracts.programme.terms import PersonOrUnit, Text, TimeZone
from praxis_events.topics import PROGRAMME


def _recurrence(rule: str) -> str:
    try:
        if rule.upper().removeprefix("RRULE:").startswith("FREQ=") and "\n" not in rule:
            rrulestr(rule)
            return rule
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise PydanticCustomError("recurrence", "must be a recurrence rule of RFC 5545, such as FREQ=WEEKLY;BYDAY=FR")


Recurrence = Annotated[Name, AfterValidator(_recurrence)]


@contract("praxis.programme.habit-designed.v1", PROGRAMME)
class HabitDesigned(EventData):
    """A habit has a time, a trigger and a reward; the reward shows on one's own page and is no recognition."""

    habit: Name
    kind: Literal["sprint", "capture", "share", "other"]
    time: Name
    trigger: Name
    reward: Text
    unit: Name | None = None
    owner: PersonRef


class ProtectedHours(PersonOrUnit):
    """``recurrence`` (RFC 5545) is read in ``time_zone``, so that nine o'clock stays nine o'clock in summer."""

    starts_at: Moment
    ends_at: Moment
    recurrence: Recurrence | None = None
    time_zone: TimeZone

    @model_validator(mode="after")
    def _within_a_day(self) -> Self:
        if not 0 < (self.ends_at - self.starts_at).total_seconds() <= 86_400:
            raise PydanticCustomError("block", "ends_at must be later than starts_at, by at most 24 hours")
        return self


@contract("praxis.programme.protected-hours-booked.v1", PROGRAMME)
class ProtectedHoursBooked(ProtectedHours):
    """A block, or a series of them."""


@contract("praxis.programme.protected-hours-cancelled.v1", PROGRAMME)
class ProtectedHoursCancelled(ProtectedHours):
    """The blocks that these hours cover are booked no more; with a recurrence, each of the series."""
