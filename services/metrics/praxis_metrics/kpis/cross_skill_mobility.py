"""Cross-skill mobility: people who grow beyond their own job family, by a skill or by a move."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period
from praxis_metrics.changes import Source
from praxis_metrics.kpis.kpi import Asked, Cell, Kpi, Reach
from praxis_metrics.kpis.mean_headcount import MEAN_HEADCOUNT
from praxis_metrics.kpis.slicing import PERIODS, employed, sliced
from praxis_metrics.kpis.validations import VALIDATED, VALIDATIONS
from praxis_metrics.lattice import Slice

BEFORE_MOVE = timedelta(days=366)
"""Twelve months, at their longest."""

_GAINS = """
    skill_families AS MATERIALIZED (
        SELECT DISTINCT skill, family FROM role_profiles
        UNION
        SELECT s.skill, s.family FROM skills s
        WHERE s.family IS NOT NULL AND NOT EXISTS (SELECT FROM role_profiles g WHERE g.skill = s.skill)
    ), stood AS MATERIALIZED (
        SELECT m.person_id, m.first_day, m.last_day, f.family
        FROM membership m JOIN (SELECT DISTINCT role, family FROM role_profiles) f ON f.role = m.slice
        WHERE m.kind = 'role'
    ), gains AS MATERIALIZED (
        SELECT h.learner_id, l.person_id, h.day, g.known, g.known AND NOT EXISTS (
                   SELECT FROM skill_families f WHERE f.skill = h.skill AND f.family = s.family
               ) AS outside
        FROM held h JOIN learners l USING (learner_id)
        LEFT JOIN stood s ON s.person_id = l.person_id AND h.day BETWEEN s.first_day AND s.last_day
        CROSS JOIN LATERAL (
            SELECT s.family IS NOT NULL AND EXISTS (SELECT FROM skill_families f WHERE f.skill = h.skill) AS known
        ) AS g
    ), moves AS MATERIALIZED (
        SELECT n.person_id, n.first_day AS day
        FROM stood n JOIN stood o ON o.person_id = n.person_id AND o.last_day = n.first_day - 1 AND o.family <> n.family
        WHERE n.first_day <= :through AND EXISTS (
            SELECT FROM gains g WHERE g.outside AND g.person_id = n.person_id
            AND g.day >= n.first_day - interval '12 months' AND g.day < n.first_day
        )
    )
"""

_EVENTS = f"""
    happened AS (
        SELECT learner_id, person_id, day, outside AS gained, false AS moved, NOT known AS unplaced FROM gains
        UNION ALL
        SELECT null, person_id, day, false, true, false FROM moves
    ), events AS MATERIALIZED (
        SELECT p.first, p.last, h.*, coalesce({employed("h.person_id", "h.day")}, false) AS employed
        FROM periods p JOIN happened h ON h.day BETWEEN p.first AND p.last
    )
"""  # noqa: S608 - of our own

_CELLS = text(
    f"""
    WITH {PERIODS}, {VALIDATIONS}, {_GAINS}, {_EVENTS}, {MEAN_HEADCOUNT}, {sliced("events")}, counting AS (
        SELECT s.*, s.employed AND c.person_id IS NOT NULL AS counts FROM sliced s LEFT JOIN counted_in c
            ON (c.first, c.kind, c.slice, c.person_id) = (s.first, s.kind, s.slice, s.person_id)
    ), counted AS (
        SELECT first, last, kind, slice,
               count(DISTINCT person_id) FILTER (WHERE counts AND (gained OR moved)) AS numerator,
               count(DISTINCT person_id) FILTER (WHERE counts AND gained) AS gained,
               count(DISTINCT person_id) FILTER (WHERE counts AND moved) AS moved,
               count(DISTINCT person_id) FILTER (WHERE counts AND unplaced) AS unplaced,
               count(DISTINCT learner_id) FILTER (WHERE person_id IS NULL) AS unmatched
        FROM counting GROUP BY first, last, kind, slice
    )
    SELECT first, last, kind, slice, coalesce(people, 0) AS n, mean, coalesce(numerator, 0) AS numerator,
           coalesce(gained, 0) AS gained, coalesce(moved, 0) AS moved, coalesce(unplaced, 0) AS unplaced,
           coalesce(unmatched, 0) AS unmatched
    FROM heads FULL JOIN counted USING (first, last, kind, slice)
    """  # noqa: S608 - of our own
)


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    return [_cell(row) for row in await session.execute(_CELLS, asked.parameters)]


def _cell(row: Row[Any]) -> Cell:
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=row.numerator / row.mean if row.mean else None,
        numerator=row.numerator,
        denominator=row.mean or 0,
        n=row.n,
        unmatched=row.unmatched,
        detail={"gained": row.gained, "moved": row.moved, "unplaced": row.unplaced},
    )


CROSS_SKILL_MOBILITY = Kpi(
    name="cross-skill-mobility",
    version=1,
    stage="outcome",
    unit="ratio",
    definition=(
        "People who grew beyond their role's family in the period, of the mean headcount. Numerator: distinct people "
        "of the headcount who, as employees, gained a skill outside the family of their role (detail.gained), or "
        "moved to a role of another family after having gained such a skill in the 12 months before "
        "(detail.moved); whoever did both is counted once, so the halves may add up to more. Gained: validated for "
        f"the first time. {VALIDATED} A role's family is that of its profile; a skill's families are those of the "
        "roles whose profiles require it and, where none does, the one in its own definition. Outside: none of these "
        "is the role's. Such a skill is judged by the role held when it was gained. A move is from one day to the "
        "next, without a break in work. detail.unplaced: people who gained a skill of which, or of whose role, no "
        "family is known: not in the numerator. Denominator: the mean, over the days of the period so far, of the "
        "employees not on leave. n: distinct people in it. unmatched: learners with a first validation whom the "
        "directory does not know. People are where they stood on that day, movers in their new place. A full count, "
        "so without an interval."
    ),
    compute=_compute,
    reads={
        Source.WORK: Reach(after=None),
        Source.PEOPLE: Reach(after=BEFORE_MOVE.days),
        Source.PROGRAMME: Reach(after=None),
    },
    grains=(Grain.MONTH, Grain.QUARTER),
    cut_grain=Grain.QUARTER,
    since="SELECT min(day) FROM said WHERE type = 'evidence.skill-applied' AND stands",
    of_nobody=None,
)
