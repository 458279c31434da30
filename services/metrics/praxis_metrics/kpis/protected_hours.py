"""Protected hours: whether the time that is kept free for learning is used for it."""

from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Period
from praxis_metrics.changes import Source
from praxis_metrics.kpis.kpi import Asked, Cell, Kpi, Reach
from praxis_metrics.kpis.slicing import PERIODS, at_work, sliced
from praxis_metrics.lattice import Slice
from praxis_metrics.protected_blocks import Hours, pieces
from praxis_metrics.reporting_zone import UTC_ZONE, reporting_zone

_COLUMNS = "learner_id, unit, starts_at, ends_at, recurrence, time_zone"
_HOURS = text(
    f"SELECT {_COLUMNS}, false AS cancelled FROM protected_hours "  # noqa: S608 - of our own
    f"UNION ALL SELECT {_COLUMNS}, true FROM cancelled_hours ORDER BY starts_at"
)

_PIECE = ("units", "learners", "cancelled", "days", "starts", "ends")
_PIECES = """
    pieces AS MATERIALIZED (
        SELECT unit, learner_id, cancelled, day, range_agg(tstzrange(starts_at, ends_at)) AS hours
        FROM unnest(
            CAST(:units AS text[]), CAST(:learners AS bigint[]), CAST(:cancelled AS boolean[]), CAST(:days AS date[]),
            CAST(:starts AS timestamptz[]), CAST(:ends AS timestamptz[])
        ) AS p(unit, learner_id, cancelled, day, starts_at, ends_at) GROUP BY 1, 2, 3, 4
    )
"""

# A person's own cancellation takes out whatever was booked, a unit's what was booked for units.
_BOOKED = f"""
    of_persons AS (
        SELECT m.person_id, p.day, true AS of_unit, p.cancelled, p.hours
        FROM pieces p JOIN membership m ON m.kind = 'unit' AND m.slice = p.unit
            AND p.day BETWEEN m.first_day AND m.last_day
        UNION ALL
        SELECT l.person_id, p.day, false, p.cancelled, p.hours FROM pieces p JOIN learners l USING (learner_id)
    ), summed AS (
        SELECT person_id, day,
               coalesce(range_agg(hours) FILTER (WHERE of_unit AND NOT cancelled), '{{}}')
               - coalesce(range_agg(hours) FILTER (WHERE of_unit AND cancelled), '{{}}')
               + coalesce(range_agg(hours) FILTER (WHERE NOT of_unit AND NOT cancelled), '{{}}')
               - coalesce(range_agg(hours) FILTER (WHERE NOT of_unit AND cancelled), '{{}}') AS hours
        FROM of_persons GROUP BY person_id, day
    ), booked AS MATERIALIZED (
        SELECT s.person_id, l.learner_id, s.day, s.hours FROM summed s LEFT JOIN learners l USING (person_id)
        WHERE NOT isempty(s.hours) AND {at_work("s.person_id", "s.day")}
    )
"""  # noqa: S608 - of our own


def _seconds(hours: str) -> str:
    return f"(SELECT sum(extract(epoch FROM upper(r) - lower(r))) FROM unnest({hours}) AS r)"  # noqa: S608


BLOCKS = f"""
    {_PIECES}, {_BOOKED}, used AS (
        SELECT b.*, coalesce((
            SELECT range_agg(tstzrange(s.started_at, s.ended_at)) FROM sessions s
            WHERE s.learner_id = b.learner_id AND s.started_at < upper(b.hours) AND s.ended_at > lower(b.hours)
              AND s.started_at > lower(b.hours) - interval '1 day'
        ), '{{}}') * b.hours AS inside FROM booked b
    ), counted AS MATERIALIZED (
        SELECT person_id, learner_id, day, {_seconds("hours")} AS booked,
               coalesce({_seconds("inside")}, 0) AS inside
        FROM used
    )
"""  # noqa: S608 - of our own
"""The common table ``counted``: of each person and day the seconds booked, and those of them that sessions cover. Its
parameters are ``blocks``."""

_CELLS = text(
    f"""
    WITH {PERIODS}, {BLOCKS}, holders AS (
        SELECT DISTINCT p.first, p.last, c.person_id, c.learner_id
        FROM periods p JOIN counted c ON c.day BETWEEN p.first AND p.last
    ), learned AS MATERIALIZED (
        SELECT p.first, p.last, p.person_id, d.day, (d.measured + d.estimated) / 1e6 AS learned
        FROM holders p JOIN person_day d ON d.learner_id = p.learner_id AND d.day BETWEEN p.first AND p.last
        WHERE {at_work("p.person_id", "d.day")}
    ), days AS MATERIALIZED (
        SELECT p.first, p.last, c.person_id, c.day, true AS employed, c.booked, c.inside, 0 AS learned
        FROM periods p JOIN counted c ON c.day BETWEEN p.first AND p.last
        UNION ALL
        SELECT first, last, person_id, day, true, 0, 0, learned FROM learned
    ), {sliced("days")}, unknown AS (
        SELECT p.first, 'all' AS kind, '' AS slice, count(DISTINCT l.learner_id) AS unmatched
        FROM periods p JOIN pieces b ON b.day BETWEEN p.first AND p.last AND NOT b.cancelled
        JOIN learners l USING (learner_id) WHERE l.person_id IS NULL GROUP BY p.first
    ), sums AS (
        SELECT first, last, kind, slice, sum(booked) / 3600 AS booked, sum(inside) / 3600 AS inside,
               greatest(sum(learned) - sum(inside), 0) / 3600 AS outside,
               count(DISTINCT person_id) FILTER (WHERE booked > 0) AS n
        FROM sliced GROUP BY 1, 2, 3, 4
    )
    SELECT * FROM (
        SELECT first, last, 'all' AS kind, '' AS slice FROM periods
        UNION SELECT first, last, kind, slice FROM sums WHERE booked > 0
    ) places LEFT JOIN sums USING (first, last, kind, slice) LEFT JOIN unknown USING (first, kind, slice)
    """  # noqa: S608 - of our own
)


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    of = await blocks(session)
    return [
        _cell(row)
        for each in asked.in_steps()
        for row in await session.execute(_CELLS, {**each.parameters, **of(each)})
    ]


async def blocks(session: AsyncSession) -> Callable[[Asked], dict[str, object]]:
    """The parameters of ``BLOCKS``, by the periods asked for."""
    zone = await reporting_zone(session) or UTC_ZONE
    hours = (await session.execute(_HOURS)).all()
    return lambda asked: _pieces_of(hours, asked, zone)


def _pieces_of(hours: Sequence[Row[Any]], asked: Asked, zone: ZoneInfo) -> dict[str, object]:
    """What of these lies in the periods asked for, or between them, as far as it has been read: column by column."""
    last = max(period.last for period in asked.periods)
    within = Period(min(period.first for period in asked.periods), min(last, asked.through))
    found = [
        (row.unit, row.learner_id, row.cancelled, *piece)
        for row in hours
        for piece in pieces(Hours(row.starts_at, row.ends_at, row.recurrence, row.time_zone), within, zone)
    ]
    columns = zip(*found, strict=True) if found else [()] * len(_PIECE)
    return {name: list(each) for name, each in zip(_PIECE, columns, strict=True)}


def _cell(row: Row[Any]) -> Cell:
    booked, inside = float(row.booked or 0), float(row.inside or 0)
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=inside / booked if booked else None,
        numerator=inside,
        denominator=booked,
        n=row.n or 0,
        unmatched=row.unmatched or 0,
        detail={"outside_hours": float(row.outside or 0)},
    )


PROTECTED_HOURS = Kpi(
    name="protected-hours",
    version=1,
    stage="process",
    unit="ratio",
    definition=(
        "Of the hours that were protected for employees, the share that learning sessions (as in learning-hours) cover."
        " Denominator: hours booked (programme.protected-hours-booked) for a person, or for a unit and so for each who "
        "is in it, or under it, on the day; series by their recurrence (RFC 5545, in their own time zone; the first "
        "10000 blocks of one). Hours that several bookings cover count once. What a cancellation covers is not booked,"
        " whenever the cancellation came: a unit's takes out what was booked for units, a person's all that was booked"
        " for that person; to book again, the cancellation is rescinded. Only days at work up to the watermark: "
        "neither leave, contractors nor what is to come. Hours over midnight are split between days (reporting time "
        "zone). Numerator: hours of them that the person's sessions cover. detail.outside_hours: what those with such "
        "hours in the period learned in it at other times on days at work. n: distinct employees with such hours; "
        "unmatched: learners for whom some were booked and whom the directory does not know; they are in no figure. In"
        " a slice, the person's on that day. A full count, so without an interval."
    ),
    compute=_compute,
    reads={
        Source.LEARNING: Reach(),
        Source.PEOPLE: Reach(),
        Source.PROGRAMME: Reach(),
    },
    since="SELECT min(day) FROM said WHERE type = 'programme.protected-hours-booked' AND stands",
    of_nobody=None,
)
