"""The fold of where people stood: of whomever an event may concern, from all that stands of them and of those above."""

from collections.abc import Iterator, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.placing.employment import employment
from praxis_metrics.placing.kept import Touched, definitions, histories, keep, lock
from praxis_metrics.placing.lines import Lines, reporting_lines, unit_lines
from praxis_metrics.placing.membership import Kind, memberships
from praxis_metrics.placing.schedule import schedules
from praxis_metrics.placing.tables import EMPLOYMENT, MEMBERSHIP, SCHEDULE
from praxis_metrics.placing.told_again import days_told_again, leavers, told
from praxis_people.history import Heard
from praxis_people.identifiers import bounded
from praxis_people.placement import placements

AT_ONCE = 2_000
"""Persons folded in one step: bounds memory where a unit or a manager concerns everybody."""

# Whoever is not touched, and whose way up changes, has a line on it that changes; the way as far as the first of these
# is as it was, so the person was in that unit's or that manager's slice before.
_BELOW = text(
    """
    SELECT person_id FROM membership WHERE kind = :unit AND slice = ANY(:units)
    UNION SELECT person_id FROM membership WHERE kind = :manager AND slice = ANY(:managers)
    """
)


async def fold(session: AsyncSession, heard: Sequence[Heard], zone: ZoneInfo) -> list[tuple[date, date]]:
    """Take first copies of events of the directory; returns the stretches of days, in no order, on which employment
    memberships or schedules became others, or why somebody left did.

    After it ``employment``, ``membership`` and ``schedule`` are what all that was taken so far says,
    whatever the order it came in.
    """
    await lock(session)
    leaving = await leavers(session, heard)
    before = await told(session, leaving, zone)
    touched = await keep(session, heard)
    persons = await _concerned(session, touched)
    if not persons:
        return []
    units = unit_lines(await definitions(session))
    found = [days for some in _steps(persons) for days in await _fold_persons(session, some, units, zone)]
    return found + days_told_again(before, await told(session, leaving, zone))


async def _concerned(session: AsyncSession, touched: Touched) -> list[str]:
    below = await session.scalars(
        _BELOW,
        {
            "unit": Kind.UNIT.value,
            "units": [bounded(each) for each in touched.units],
            "manager": Kind.MANAGER.value,
            "managers": [bounded(each) for each in touched.lines],
        },
    )
    return sorted({*touched.persons, *below})


def _steps(persons: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(persons), AT_ONCE):
        yield persons[start : start + AT_ONCE]


async def _fold_persons(
    session: AsyncSession, persons: list[str], units: Lines, zone: ZoneInfo
) -> list[tuple[date, date]]:
    known = await histories(session, persons)
    places = {person_id: placements(events, person_id) for person_id, events in known.items()}
    reporting = {person_id: reporting_lines(found) for person_id, found in places.items()}
    employed = {row for each in persons for row in employment(each, known[each], zone)}
    members = {row for each in persons for row in memberships(each, places[each], units, reporting, zone)}
    scheduled = {row for each in persons for row in schedules(each, known[each], zone)}
    return [
        *await EMPLOYMENT.hold(session, persons, employed),
        *await MEMBERSHIP.hold(session, persons, members),
        *await SCHEDULE.hold(session, persons, scheduled),
    ]
