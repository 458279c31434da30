"""KPIs that add up person-days: what all of them have in common."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period
from praxis_metrics.changes import Source
from praxis_metrics.kpis.kpi import Asked, Cell, Reach
from praxis_metrics.kpis.slicing import ENROLLED, ENROLLED_READS, PERIODS
from praxis_metrics.lattice import ALL, Slice

READS = {Source.LEARNING: Reach(), Source.PEOPLE: Reach(), **ENROLLED_READS}
CUTS = ("unit", "role", *ENROLLED)
GRAINS = (Grain.DAY, Grain.WEEK, Grain.MONTH, Grain.QUARTER)

NOBODY = {"not_employed": 0, "contractors": 0}

COUNTED = (
    "Denominator: employees on at least one day of the period, without those who were on leave throughout; contractors "
    "are none (worker_type contractor, external or contingent worker). unmatched: learners among n whom the directory "
    "does not know. detail.not_employed: those whom it knows but who are not among the numerator's; "
    "detail.contractors: those who were contractors on such a day. A full count, so without an interval. In a slice "
    "(the unit, with all under it, or the role in which somebody ended a day; the pathway or cohort from the day of an "
    "enrolment on, also after a withdrawal), employees only."
)
"""The end of every definition here: who is in, who is out, and where those who are out are shown."""

HEADCOUNT = """
    at_work AS MATERIALIZED (
        SELECT p.first, p.last, e.person_id, greatest(p.first, e.first_day) AS since, least(p.last, e.last_day) AS until
        FROM periods p JOIN employment e ON e.first_day <= p.last AND e.last_day >= p.first
        WHERE e.employee AND NOT e.on_leave
    ), headcount AS MATERIALIZED (
        SELECT DISTINCT first, 'all' AS kind, '' AS slice, person_id FROM at_work
        UNION
        SELECT w.first, m.kind, m.slice, w.person_id FROM at_work w
        JOIN membership m ON m.person_id = w.person_id AND m.first_day <= w.until AND m.last_day >= w.since
        WHERE m.kind = ANY(:cuts)
        UNION
        SELECT w.first, m.kind, m.slice, w.person_id FROM at_work w
        JOIN enrolled m ON m.person_id = w.person_id AND m.first_day <= w.until
        WHERE m.kind = ANY(:cuts)
    )
"""
"""Who counts in a period: an employee on at least one day of it (in the slice), and not on leave on all of these."""

PLACES = """
    heads AS (
        SELECT first, kind, slice, count(*) AS headcount FROM headcount GROUP BY 1, 2, 3
    ), places AS (
        SELECT first, last, 'all' AS kind, '' AS slice FROM periods
        UNION SELECT first, last, kind, slice FROM heads JOIN periods USING (first)
    )
"""
"""After ``HEADCOUNT``: how many these are, and every cell that there is: everybody's, and of slices with people."""

_DAYS = """
    learner_days AS (
        SELECT p.first, p.last, d.learner_id, d.day, d.active, d.enrolments, d.completions, d.measured, d.estimated,
               l.person_id, at_work.employee, at_work.contractor
        FROM periods p JOIN person_day d ON d.day BETWEEN p.first AND p.last
        JOIN learners l USING (learner_id)
        LEFT JOIN LATERAL (
            SELECT bool_or(e.employee) AS employee, bool_or(NOT e.employee) AS contractor
            FROM employment e WHERE e.person_id = l.person_id AND d.day BETWEEN e.first_day AND e.last_day
        ) AS at_work ON true
        WHERE {counts}
    ), days AS (
        SELECT d.*, 'all' AS kind, '' AS slice, h.person_id IS NOT NULL AND d.employee AS employed
        FROM learner_days d LEFT JOIN headcount h ON (h.first, h.kind, h.person_id) = (d.first, 'all', d.person_id)
        UNION ALL
        SELECT d.*, m.kind, m.slice, true
        FROM learner_days d JOIN membership m ON m.person_id = d.person_id AND d.day BETWEEN m.first_day AND m.last_day
        JOIN headcount h ON (h.first, h.kind, h.slice, h.person_id) = (d.first, m.kind, m.slice, d.person_id)
        WHERE d.employee AND m.kind = ANY(:cuts)
        UNION ALL
        SELECT d.*, m.kind, m.slice, true
        FROM learner_days d JOIN enrolled m ON m.person_id = d.person_id AND d.day >= m.first_day
        JOIN headcount h ON (h.first, h.kind, h.slice, h.person_id) = (d.first, m.kind, m.slice, d.person_id)
        WHERE d.employee AND m.kind = ANY(:cuts)
    )
"""
"""``employed``: the learner counts in the period and was an employee on that very day."""

_CELLS = """
    WITH {periods}, {headcount}, {days}, {places}, counted AS (
        SELECT first, kind, slice, {value} AS value, {numerator} AS numerator,
               count(DISTINCT learner_id) AS n,
               count(DISTINCT learner_id) FILTER (WHERE person_id IS NULL) AS unmatched,
               count(DISTINCT learner_id) FILTER (WHERE employed) AS employed,
               count(DISTINCT learner_id) FILTER (WHERE contractor) AS contractors{detail}
        FROM (SELECT first, last, kind, slice FROM places) p LEFT JOIN days USING (first, last, kind, slice)
        GROUP BY first, last, kind, slice
    )
    SELECT p.last, c.*, coalesce(h.headcount, 0) AS headcount
    FROM counted c JOIN places p USING (first, kind, slice) LEFT JOIN heads h USING (first, kind, slice)
"""


def person_days(
    counts: str, value: str, detail: Mapping[str, str] | None = None
) -> Callable[[AsyncSession, Asked], Awaitable[list[Cell]]]:
    """``counts``: which person-days count; ``value`` adds them up, with ``{of}`` where a FILTER may go; ``detail``:
    further sums by name. All three are SQL over the columns of ``days``, and those of their period."""
    further = detail or {}
    query = text(
        _CELLS.format(
            periods=PERIODS,
            headcount=HEADCOUNT,
            days=_DAYS.format(counts=counts),
            places=PLACES,
            value=value.format(of=""),
            numerator=value.format(of="FILTER (WHERE employed)"),
            detail="".join(f", {expression} AS {name}" for name, expression in further.items()),
        )
    )

    async def compute(session: AsyncSession, asked: Asked) -> list[Cell]:
        return [_cell(row, further) for row in await session.execute(query, asked.parameters)]

    return compute


def _cell(row: Row[Any], further: Mapping[str, str]) -> Cell:
    of = Slice(row.kind, row.slice)
    parts = {"not_employed": row.n - row.unmatched - row.employed, "contractors": row.contractors}
    return Cell(
        period=Period(row.first, row.last),
        value=None if row.value is None else float(row.value),
        numerator=float(row.numerator),
        denominator=row.headcount,
        n=row.n,
        unmatched=row.unmatched,
        slice=of,
        detail={name: _float(getattr(row, name)) for name in further} | (parts if of == ALL else {}),
    )


def _float(found: Any) -> float | None:
    return None if found is None else float(found)
