"""Micro-habits: how steadily people keep the small habits that were designed for them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Period
from praxis_metrics.changes import Source
from praxis_metrics.kpis.habit_days import DONE, DUE, KEPT, SCOPES, ZONES
from praxis_metrics.kpis.kpi import Asked, Cell, Kpi, Reach
from praxis_metrics.kpis.slicing import PERIODS, sliced
from praxis_metrics.lattice import Slice
from praxis_metrics.reporting_zone import UTC_ZONE, reporting_zone

HABITS = ("sprint", "capture", "share")

_RUNS = """
    missed AS (
        SELECT k.*, count(*) FILTER (WHERE NOT is_done)
            OVER (PARTITION BY first, person_id, habit ORDER BY day) AS misses
        FROM kept k
    ), runs AS MATERIALIZED (
        SELECT m.*, CASE WHEN is_done THEN
            row_number() OVER (PARTITION BY first, person_id, habit, misses ORDER BY day)
            - CASE WHEN misses > 0 THEN 1 ELSE 0 END ELSE 0 END AS run
        FROM missed m
    )
"""

_OF_EACH = ", ".join(
    f"""sum(done) FILTER (WHERE habit = '{habit}') / sum(due) FILTER (WHERE habit = '{habit}') AS {habit},
        percentile_cont(0.5) WITHIN GROUP (ORDER BY longest) FILTER (WHERE habit = '{habit}') AS {habit}_streak,
        count(*) FILTER (WHERE habit = '{habit}') AS {habit}_people"""
    for habit in HABITS
)

_CELLS = text(
    f"""
    WITH {PERIODS}, {SCOPES}, {DUE}, {DONE}, {KEPT}, {_RUNS}, {sliced("runs")}, each AS (
        SELECT first, last, kind, slice, person_id, habit, count(*) AS due, count(*) FILTER (WHERE is_done) AS done,
               max(run) AS longest
        FROM sliced GROUP BY 1, 2, 3, 4, 5, 6
    ), unknown AS (
        SELECT p.first, 'all' AS kind, '' AS slice, count(DISTINCT d.learner_id) AS unmatched
        FROM periods p JOIN done d ON d.day BETWEEN p.first AND p.last WHERE d.person_id IS NULL GROUP BY p.first
    ), counted AS (
        SELECT first, last, kind, slice, sum(due) AS due, sum(done) AS done, count(DISTINCT person_id) AS n, {_OF_EACH}
        FROM each GROUP BY 1, 2, 3, 4
    ), places AS (
        SELECT first, last, 'all' AS kind, '' AS slice FROM periods
        UNION SELECT first, last, kind, slice FROM counted
    )
    SELECT * FROM places LEFT JOIN counted USING (first, last, kind, slice) LEFT JOIN unknown USING (first, kind, slice)
    """  # noqa: S608 - of our own
)


async def zones(session: AsyncSession) -> dict[str, object]:
    """The parameters of ``DONE``."""
    zone = await reporting_zone(session) or UTC_ZONE
    return {"zone": zone.key, "zones": list(await session.scalars(ZONES))}


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    further = await zones(session)
    return [
        _cell(row) for each in asked.in_steps() for row in await session.execute(_CELLS, {**each.parameters, **further})
    ]


def _cell(row: Row[Any]) -> Cell:
    done, due = int(row.done or 0), int(row.due or 0)
    detail, about = dict[str, float | None](), dict[str, int]()
    for habit in HABITS:
        for name in (habit, f"{habit}_streak"):
            found = getattr(row, name)
            detail[name] = None if found is None else float(found)
            about[name] = getattr(row, f"{habit}_people") or 0
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=done / due if due else None,
        numerator=done,
        denominator=due,
        n=row.n or 0,
        unmatched=row.unmatched or 0,
        detail=detail,
        about=about,
    )


MICRO_HABITS = Kpi(
    name="micro-habits",
    version=1,
    stage="process",
    unit="ratio",
    definition=(
        "Adherence: of the times that employees were to keep a micro-habit, those that they kept. Habits are those "
        "designed (programme.habit-designed) of the kinds sprint, capture and share, for everybody or for a unit with "
        "all under it, from the day of their first design on; several of one kind are one for whoever is in the scope "
        "of both. Sprint and capture are due on each of a person's own working days (as hired, else Monday to Friday),"
        " in their own time zone (else the reporting one), without days wholly on leave; sharing once an ISO week, "
        "counted on its last working day when the week is over. Kept: sprint, by a learning session of 10 to 20 "
        "minutes that begins on the day, or by a done one (work.habit-done) without minutes or with 10 to 20; capture,"
        " by one done from 15:00 to 17:00 local time, the last two hours of the customary working day, as no event "
        "says when somebody's ends; share, by one done in the week. n: distinct employees for whom any was due; "
        "unmatched: learners who kept one and whom the directory does not know; they are in no figure. detail, for "
        "each kind: its adherence, and the median over people of their longest streak within the period, in their own "
        "working days (for sharing, weeks). A full count, so without an interval. Not taken yet: notes and posts that "
        "are told by statements; a habit's end, other than by rescinding its design."
    ),
    compute=_compute,
    # A week's acts and leave may change what counts on another of its days; a local day is no further than one away.
    reads={
        Source.WORK: Reach(7, 7),
        Source.LEARNING: Reach(1, 1),
        Source.PEOPLE: Reach(7, 7),
        Source.PROGRAMME: Reach(),
    },
    matures=timedelta(days=6),
    since="SELECT min(since) FROM habit_designs WHERE kind <> 'other'",
    of_nobody=None,
)
