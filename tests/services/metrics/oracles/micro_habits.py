"""Micro-habits from raw events, in plain Python."""

from datetime import date, datetime, time, timedelta
from itertools import groupby
from statistics import median
from typing import NamedTuple
from zoneinfo import ZoneInfo

from tests.services.metrics.oracle import Learner, read_time
from tests.services.metrics.oracles.feedback_interval import THROUGH
from tests.services.metrics.oracles.peer_coaching import Figures
from tests.services.metrics.oracles.standing import ALL, Cut, Days, Standing, each_day

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
HABITS = ("sprint", "capture", "share")


class Scope(NamedTuple):
    kind: str
    unit: str | None
    since: date


class Time(NamedTuple):
    person: str
    habit: str
    day: date
    kept: bool
    run: int


def micro_habits(standing: Standing, days: Days) -> dict[Cut, Figures]:
    scopes, acts = _scopes(standing), _acts(standing)
    times = [time for person in standing.persons for time in _times(standing, person, scopes, acts, days)]
    unknown = {learner for learner, _, day in acts if learner[0] == "unknown" and days[0] <= day <= days[1]}
    cuts = {ALL, *(cut for each in times for cut in standing.cuts(("person", each.person), each.day))}
    return {cut: _cell(standing, cut, times, len(unknown) if cut == ALL else 0) for cut in cuts}


def _cell(standing: Standing, cut: Cut, times: list[Time], unmatched: int) -> Figures:
    mine = [each for each in times if cut in standing.cuts(("person", each.person), each.day)]
    found: Figures = {
        "value": sum(each.kept for each in mine) / len(mine) if mine else None,
        "numerator": sum(each.kept for each in mine),
        "denominator": len(mine),
        "n": len({each.person for each in mine}),
        "unmatched": unmatched,
    }
    for habit in HABITS:
        of_it = [each for each in mine if each.habit == habit]
        longest = [max(e.run for e in of_it if e.person == person) for person in {each.person for each in of_it}]
        found[habit] = sum(each.kept for each in of_it) / len(of_it) if of_it else None
        found[f"{habit}_streak"] = median(longest) if longest else None
    return found


def _scopes(standing: Standing) -> list[Scope]:
    designs = [each for each in standing.fold.standing if each.type == "programme.habit-designed"]
    since: dict[str, date] = {}
    for each in designs:
        day = standing.day(each.time)  # type: ignore[attr-defined]
        since[each.data["habit"]] = min(day, since.get(each.data["habit"], day))
    newest = {each.data["habit"]: each.data for each in designs}
    return [Scope(data["kind"], data.get("unit"), since[habit]) for habit, data in newest.items()]


def _acts(standing: Standing) -> set[tuple[Learner, str, date]]:
    """Who kept which kind of habit on which day of their own."""
    designs = [each for each in standing.fold.standing if each.type == "programme.habit-designed"]
    kinds = {each.data["habit"]: each.data["kind"] for each in designs}
    found: set[tuple[Learner, str, date]] = set()
    for each in standing.fold.of("work.habit-done"):
        kind, learner = kinds.get(each["habit"]), standing.who(each["person"])
        local = _local(standing, learner, read_time(each["at"]))
        if (kind == "sprint" and 10 <= each.get("minutes", 15) <= 20) or kind == "share":
            found.add((learner, kind, local.date()))
        if kind == "capture" and time(15) <= local.time() <= time(17):
            found.add((learner, kind, local.date()))
    if "sprint" in kinds.values():
        for learner in {standing.people.learner(told.body) for told in standing.people.counted}:
            for start, end, _ in standing.people.sessions(learner):
                if timedelta(minutes=10) <= end - start <= timedelta(minutes=20):
                    found.add((learner, "sprint", _local(standing, learner, start).date()))
    return found


def _hire(standing: Standing, learner: Learner, day: date) -> dict[str, object]:
    """The last up to the end of a day says working days and time zone."""
    hires = sorted(standing.of_directory("hired"), key=lambda data: read_time(data["effective_at"]))
    mine = [h for h in hires if ("person", h["person_id"]) == learner and standing.day(h["effective_at"]) <= day]
    return mine[-1] if mine else {}


def _local(standing: Standing, learner: Learner, at: datetime) -> datetime:
    name = _hire(standing, learner, at.astimezone(standing.zone).date()).get("time_zone")
    known = name in ("Asia/Tokyo", "America/New_York")
    return at.astimezone(ZoneInfo(str(name)) if known else standing.zone)


def _works(standing: Standing, person: str, day: date) -> bool:
    working = _hire(standing, ("person", person), day).get("working_days", WEEKDAYS[:5])
    assert isinstance(working, list)
    return standing.at_work(("person", person), day) and WEEKDAYS[day.weekday()] in working


def _times(
    standing: Standing, person: str, scopes: list[Scope], acts: set[tuple[Learner, str, date]], days: Days
) -> list[Time]:
    around = each_day((days[0] - timedelta(days=6), min(days[1] + timedelta(days=6), THROUGH)))
    found: list[Time] = []
    for habit in HABITS:
        asked = [day for day in around if _works(standing, person, day) and _asks(standing, person, habit, day, scopes)]
        spans = [(day, day, day) for day in asked]
        if habit == "share":
            weeks = [list(some) for _, some in groupby(asked, lambda day: day.isocalendar()[:2])]
            mondays = [(some[-1], some[0] - timedelta(days=some[0].weekday())) for some in weeks]
            spans = [(day, monday, monday + timedelta(days=6)) for day, monday in mondays]
            spans = [span for span in spans if span[2] <= THROUGH]
        run = 0
        for day, first, last in spans:
            if days[0] <= day <= days[1]:
                kept = any((("person", person), habit, each) in acts for each in each_day((first, last)))
                run = run + 1 if kept else 0
                found.append(Time(person, habit, day, kept, run))
    return found


def _asks(standing: Standing, person: str, habit: str, day: date, scopes: list[Scope]) -> bool:
    places = standing.cuts(("person", person), day)
    mine = [scope for scope in scopes if scope.kind == habit and scope.since <= day]
    return any(scope.unit is None or ("unit", scope.unit) in places for scope in mine)
