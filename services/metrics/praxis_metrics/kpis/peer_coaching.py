"""Peer coaching: who is coached by colleagues, and how far that reaches."""

from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Period
from praxis_metrics.changes import Source
from praxis_metrics.kpis.counting import HEADCOUNT, PLACES
from praxis_metrics.kpis.kpi import Asked, Cell, Kpi, Reach
from praxis_metrics.kpis.slicing import PERIODS, above, at_work, sliced
from praxis_metrics.lattice import Slice

TALKS = f"""
    talks AS MATERIALIZED (
        SELECT p.first, p.last, c.coach_id, c.learner_id, c.day, l.person_id,
               {at_work("l.person_id", "c.day")} AS employed,
               {above("coach.person_id", "l.person_id", "c.day")} AS from_above
        FROM periods p JOIN coaching c ON c.day BETWEEN p.first AND p.last
        JOIN learners l USING (learner_id) JOIN learners coach ON coach.learner_id = c.coach_id
        WHERE c.coach_id <> c.learner_id
    )
"""  # noqa: S608 - of our own

_CELLS = text(
    f"""
    WITH {PERIODS}, {HEADCOUNT}, {PLACES}, {TALKS}, {sliced("talks")}, pairs AS (
        SELECT first, kind, slice, coach_id, learner_id, bool_or(from_above) AS from_above,
               bool_or(employed) AS employed, bool_or(person_id IS NULL) AS unmatched
        FROM sliced GROUP BY 1, 2, 3, 4, 5
    )
    SELECT p.first, p.last, p.kind, p.slice, h.headcount, EXISTS (SELECT FROM employment) AS has_directory,
           count(learner_id) FILTER (WHERE NOT from_above) AS peer_pairs,
           count(learner_id) FILTER (WHERE from_above) AS manager_pairs,
           count(DISTINCT learner_id) FILTER (WHERE NOT from_above AND employed) AS reached,
           count(DISTINCT learner_id) FILTER (WHERE from_above AND employed) AS reached_from_above,
           count(DISTINCT learner_id) FILTER (WHERE NOT from_above) AS n,
           count(DISTINCT learner_id) FILTER (WHERE NOT from_above AND unmatched) AS unmatched
    FROM places p LEFT JOIN heads h USING (first, kind, slice) LEFT JOIN pairs USING (first, kind, slice)
    GROUP BY p.first, p.last, p.kind, p.slice, h.headcount
    """  # noqa: S608 - of our own
)


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    return [_cell(row) for row in await session.execute(_CELLS, asked.parameters)]


def _cell(row: Row[Any]) -> Cell:
    heads = row.headcount or 0
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=row.peer_pairs,
        numerator=row.reached if row.has_directory else None,
        denominator=heads if row.has_directory else None,
        n=row.n,
        unmatched=row.unmatched,
        detail={
            "reach": row.reached / heads if heads else None,
            "manager_pairs": row.manager_pairs,
            "manager_reach": row.reached_from_above / heads if heads else None,
        },
        # A manager of somebody is somebody the directory knows, and so is whoever is managed.
        about=dict.fromkeys(("manager_pairs", "manager_reach"), row.reached_from_above),
    )


PEER_COACHING = Kpi(
    name="peer-coaching",
    version=1,
    stage="process",
    unit="pairs",
    definition=(
        "Distinct pairs of a coach and a learner, of whom the coach was not above the learner, with a coaching "
        "conversation (work.coaching-held) in the period: several conversations of one pair, and both sides' reports "
        "of one, are one pair; who coaches each other are two pairs. Whose coach was their manager, or above that one,"
        " on the day of any conversation of the period are the pairs of detail.manager_pairs instead. Numerator: "
        "distinct employees who were coached by peers on a day at work. Denominator: employees on at least one day of "
        "the period, without those who were on leave throughout; contractors are none. detail.reach: numerator / "
        "denominator; detail.manager_reach: the same of those coached by managers. n: distinct learners coached by "
        "peers; unmatched: those of them whom the directory does not know. In a slice, the learner's on that day, "
        "employees only. A full count, so without an interval. Not taken yet: what statements say of coaching (the "
        "verb mentored, context.instructor)."
    ),
    compute=_compute,
    reads={Source.WORK: Reach(), Source.PEOPLE: Reach()},
    since="SELECT min(day) FROM said WHERE type = 'work.coaching-held' AND stands",
)
