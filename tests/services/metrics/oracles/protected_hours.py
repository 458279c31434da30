"""Protected hours from raw events, in plain Python: cut at every boundary, then look at each piece."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.services.metrics.oracle import Learner, read_time
from tests.services.metrics.oracles.peer_coaching import Figures
from tests.services.metrics.oracles.standing import ALL, Cut, Days, Standing, each_day
from tests.services.metrics.said.histories import Data

RULES: dict[str, Callable[[datetime, int], bool]] = {
    "FREQ=DAILY;COUNT=3": lambda at, number: number < 3,
    "FREQ=WEEKLY;BYDAY=FR": lambda at, number: at.weekday() == 4,
    "FREQ=DAILY;INTERVAL=2;UNTIL=20260402T235959Z": lambda at, number: (
        number % 2 == 0 and at.timestamp() <= datetime(2026, 4, 2, 23, 59, 59, tzinfo=UTC).timestamp()
    ),
}
"""Whether a series has a block at a local time, so many days after its first."""

Block = tuple[datetime, datetime]
_NOTHING = (timedelta(), timedelta(), timedelta())


def protected_hours(standing: Standing, days: Days) -> dict[Cut, Figures]:
    booked, cancelled = (standing.fold.of(f"programme.protected-hours-{what}") for what in ("booked", "cancelled"))
    by_day: dict[tuple[str, date], tuple[timedelta, timedelta, timedelta]] = {}
    for person in standing.persons:
        for day in each_day(days):
            if standing.at_work(("person", person), day):
                by_day[person, day] = _of_day(standing, ("person", person), day, booked, cancelled)
    holders = {person for (person, _), found in by_day.items() if found[0]}
    unknown = {
        standing.who(each["person"])
        for each in booked
        if "person" in each and standing.who(each["person"])[0] == "unknown"
        and any(_overlap(block, standing, day) for day in each_day(days) for block in _blocks(each))
    }  # fmt: skip
    cuts = {ALL, *(cut for (p, day), f in by_day.items() if f[0] for cut in standing.cuts(("person", p), day))}
    return {cut: _cell(standing, cut, by_day, holders, len(unknown) if cut == ALL else 0) for cut in cuts}


def _cell(
    standing: Standing, cut: Cut, by_day: dict[tuple[str, date], tuple[timedelta, timedelta, timedelta]],
    holders: set[str], unmatched: int,
) -> Figures:  # fmt: skip
    mine = {
        (person, day): found
        for (person, day), found in by_day.items()
        if person in holders and cut in standing.cuts(("person", person), day)
    }
    booked, inside, learned = (sum((each[at] for each in mine.values()), timedelta()) for at in range(3))
    hour = timedelta(hours=1)
    return {
        "value": inside / booked if booked else None,
        "numerator": inside / hour,
        "denominator": booked / hour,
        "n": len({person for (person, _), found in mine.items() if found[0]}),
        "unmatched": unmatched,
        "outside_hours": (learned - inside) / hour,
    }


def _of_day(
    standing: Standing, learner: Learner, day: date, booked: list[Data], cancelled: list[Data]
) -> tuple[timedelta, timedelta, timedelta]:
    """How long the person had protected, of that learned, and learned at all."""
    units = {name for kind, name in standing.cuts(learner, day) if kind == "unit"}

    def blocks(of: list[Data], *, own: bool) -> list[Block]:
        mine = [each for each in of if ("person" in each) == own]
        mine = [each for each in mine if (standing.who(each["person"]) == learner if own else each["unit"] in units)]
        return [block for each in mine for block in _blocks(each)]

    of_units, without, own, not_own = (
        blocks(booked, own=False), blocks(cancelled, own=False), blocks(booked, own=True), blocks(cancelled, own=True)
    )  # fmt: skip
    sessions = [session[:2] for session in standing.people.sessions(learner)]
    start, end = standing.midnight(day), standing.midnight(day + timedelta(days=1))
    everything = [*of_units, *without, *own, *not_own, *sessions]
    cuts = sorted({start, end, *(min(max(at, start), end) for block in everything for at in block)})
    total, inside, learned = _NOTHING
    for a, b in pairwise(cuts):
        is_booked = (_holds(of_units, a, b) and not _holds(without, a, b)) or _holds(own, a, b)
        is_booked = is_booked and not _holds(not_own, a, b)
        total += (b - a) * is_booked
        learned += (b - a) * _holds(sessions, a, b)
        inside += (b - a) * (is_booked and _holds(sessions, a, b))
    return total, inside, learned


def _holds(blocks: list[Block], a: datetime, b: datetime) -> bool:
    return any(start <= a and b <= end for start, end in blocks)


def _overlap(block: Block, standing: Standing, day: date) -> bool:
    return block[0] < standing.midnight(day + timedelta(days=1)) and block[1] > standing.midnight(day)


def _blocks(hours: Data) -> Iterator[Block]:
    starts, ends, rule = read_time(hours["starts_at"]), read_time(hours["ends_at"]), hours.get("recurrence")
    if rule is None:
        yield starts, ends
        return
    local = starts.astimezone(ZoneInfo(hours["time_zone"]))
    for number in range(70):
        at = datetime.combine(local.date() + timedelta(days=number), local.time(), local.tzinfo)
        if RULES[rule](at, number):
            yield at.astimezone(UTC), at.astimezone(UTC) + (ends - starts)
