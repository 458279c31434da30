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

_STAYS = """
    boundaries AS (
        SELECT person_id, first_day AS day FROM employment
        UNION SELECT person_id, last_day + 1 FROM employment WHERE last_day < 'infinity'
        UNION SELECT person_id, first_day FROM membership WHERE kind = ANY(:cuts)
        UNION SELECT person_id, last_day + 1 FROM membership WHERE kind = ANY(:cuts) AND last_day < 'infinity'
        UNION SELECT person_id, first_day FROM enrolled WHERE kind = ANY(:cuts)
    ), stays AS MATERIALIZED (
        SELECT l.learner_id, b.*, at_work.* FROM (
            SELECT person_id, day AS since,
                   coalesce(lead(day) OVER (PARTITION BY person_id ORDER BY day) - 1, 'infinity') AS until
            FROM boundaries
        ) b JOIN learners l USING (person_id) CROSS JOIN LATERAL (
            SELECT bool_or(e.employee) AS employee, bool_or(NOT e.employee) AS contractor
            FROM employment e WHERE e.person_id = b.person_id AND b.since BETWEEN e.first_day AND e.last_day
        ) AS at_work
    )
"""
"""Stretches of days through which everything about a person stays as it is: whether at work, as what, and where."""

_ON_DUTY = "e.employee AND NOT e.on_leave AND e.first_day <= d.last AND e.last_day >= d.first"

_DAYS = """
    learner_days AS MATERIALIZED (
        SELECT p.first, p.last, d.learner_id, s.since, count(*) AS days, sum(d.enrolments) AS enrolments,
               sum(d.completions) AS completions, CAST(sum(d.measured) AS bigint) AS measured,
               CAST(sum(d.estimated) AS bigint) AS estimated
        FROM periods p JOIN person_day d ON d.day BETWEEN p.first AND p.last
        LEFT JOIN stays s ON s.learner_id = d.learner_id AND d.day BETWEEN s.since AND s.until
        WHERE {counts} GROUP BY p.first, p.last, d.learner_id, s.since
    ), placed AS MATERIALIZED (
        SELECT d.*, l.person_id, s.employee, s.contractor
        FROM learner_days d JOIN learners l USING (learner_id) LEFT JOIN stays s USING (learner_id, since)
    ), days AS (
        SELECT d.*, 'all' AS kind, '' AS slice, d.employee AND EXISTS (
                   SELECT FROM employment e WHERE e.person_id = d.person_id AND {on_duty}
               ) AS employed
        FROM placed d
        UNION ALL
        SELECT d.*, m.kind, m.slice, true
        FROM placed d JOIN membership m ON m.person_id = d.person_id AND d.since BETWEEN m.first_day AND m.last_day
        WHERE d.employee AND m.kind = ANY(:cuts) AND EXISTS (
            SELECT FROM employment e JOIN membership there USING (person_id)
            WHERE e.person_id = d.person_id AND {on_duty} AND (there.kind, there.slice) = (m.kind, m.slice)
              AND there.first_day <= least(d.last, e.last_day) AND there.last_day >= greatest(d.first, e.first_day)
        )
        UNION ALL
        SELECT d.*, m.kind, m.slice, true
        FROM placed d JOIN enrolled m ON m.person_id = d.person_id AND d.since >= m.first_day
        WHERE d.employee AND m.kind = ANY(:cuts) AND EXISTS (
            SELECT FROM employment e
            WHERE e.person_id = d.person_id AND {on_duty} AND m.first_day <= least(d.last, e.last_day)
        )
    )
"""
"""What a learner did on the days of one stay in a period, added up before it is looked where that counts: of millions
of person-days that leaves a few for each person and month. ``days`` counts them. ``employed``: the learner is in the
headcount of the period and was an employee on these very days. Whether they are is looked up by person: a join with the
headcount is a nested loop, as the planner takes it for one row."""

_CELLS = """
    WITH {periods}, {headcount}, {stays}, {days}, {places}, counted AS (
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
            stays=_STAYS,
            days=_DAYS.format(counts=counts, on_duty=_ON_DUTY),
            places=PLACES,
            value=value.format(of=""),
            numerator=value.format(of="FILTER (WHERE employed)"),
            detail="".join(f", {expression} AS {name}" for name, expression in further.items()),
        )
    )

    async def compute(session: AsyncSession, asked: Asked) -> list[Cell]:
        return [
            _cell(row, further) for some in asked.in_steps() for row in await session.execute(query, some.parameters)
        ]

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
