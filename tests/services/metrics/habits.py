"""Habits as short as the examples need them: designed and done, coaching, hours booked and cancelled."""

from praxis_events.log import NewRecord
from tests.services.metrics.build import mail, said

SINCE = "2020-01-01T00:00:00Z"


def designed(kind: str, *, since: str = SINCE, **others: str) -> NewRecord:
    data = {"habit": kind, "kind": kind, "time": "16:30", "trigger": "tea", "reward": "a star", "owner": mail("lead")}
    return said("programme.habit-designed", {**data, **others}, time=since)


def done(who: str, habit: str, at: str, *, id_: str | None = None, **others: float) -> NewRecord:
    return said("work.habit-done", {"person": mail(who), "habit": habit, "at": at, **others}, id_=id_)


def coached(coach: str, learner: str, at: str, *, id_: str | None = None) -> NewRecord:
    return said("work.coaching-held", {"coach": mail(coach), "learner": mail(learner), "at": at}, id_=id_)


def hours(what: str, starts: str, ends: str, *, id_: str | None = None, **whose: object) -> NewRecord:
    data = {"starts_at": starts, "ends_at": ends, "time_zone": "Europe/Berlin", **whose}
    return said(f"programme.protected-hours-{what}", data, id_=id_)
