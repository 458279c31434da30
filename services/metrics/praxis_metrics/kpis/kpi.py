"""What a KPI that adds up person-days consists of, and the query that it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Stage = Literal["input", "process", "outcome"]


@dataclass(frozen=True, slots=True)
class Kpi:
    """A published definition. ``version`` changes whenever an answer could.

    ``counts`` says which person-days count; ``value`` adds them up, with ``{of}`` where a FILTER may go; ``detail``
    holds further sums by name. All three are SQL over the columns of ``days`` (see ``query``).
    """

    name: str
    version: int
    stage: Stage
    unit: str
    definition: str
    counts: str
    value: str
    detail: Mapping[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """One row for each of the periods ``:firsts`` to ``:lasts``."""
        detail = "".join(f", {expression} AS {name}" for name, expression in self.detail.items())
        return f"""{PEOPLE}, {DAYS}
            SELECT first, {self.value.format(of="")} AS value,
                   {self.value.format(of="FILTER (WHERE employed)")} AS numerator,
                   (SELECT count(*) FROM headcount h WHERE h.first = periods.first) AS headcount,
                   count(DISTINCT learner_id) AS n,
                   count(DISTINCT learner_id) FILTER (WHERE unmatched) AS unmatched,
                   count(DISTINCT learner_id) FILTER (WHERE employed) AS employed,
                   count(DISTINCT learner_id) FILTER (WHERE contractor) AS contractors
                   {detail}
            FROM periods LEFT JOIN (SELECT * FROM days WHERE {self.counts}) counted USING (first, last)
            GROUP BY first, last ORDER BY first
        """  # noqa: S608 - of definitions


COUNTED = (
    "Denominator: employees on at least one day of the period, without those who were on leave throughout; contractors "
    "are none (worker_type contractor, external or contingent worker). unmatched: learners among n whom the directory "
    "does not know. detail.not_employed: those whom it knows but who are not among the numerator's; "
    "detail.contractors: those who were contractors on such a day. A full count, so without an interval."
)
"""The end of every definition here: who is in, who is out, and where those who are out are shown."""

PEOPLE = """
    WITH periods AS MATERIALIZED (
        SELECT * FROM unnest(CAST(:firsts AS date[]), CAST(:lasts AS date[])) AS p(first, last)
    ), headcount AS MATERIALIZED (
        SELECT DISTINCT p.first, e.person_id
        FROM periods p JOIN employment e ON e.first_day <= p.last AND e.last_day >= p.first
        WHERE e.employee AND NOT e.on_leave
    )
"""
"""Who counts in a period: an employee on at least one day of it, and not on leave on all of those days."""

DAYS = """
    days AS (
        SELECT p.first, p.last, d.learner_id, d.active, d.enrolments, d.completions, d.measured, d.estimated,
               l.person_id IS NULL AS unmatched,
               h.person_id IS NOT NULL AND at_work.employee AS employed, at_work.contractor
        FROM periods p JOIN person_day d ON d.day BETWEEN p.first AND p.last
        JOIN learners l USING (learner_id)
        LEFT JOIN headcount h ON h.first = p.first AND h.person_id = l.person_id
        LEFT JOIN LATERAL (
            SELECT bool_or(e.employee) AS employee, bool_or(NOT e.employee) AS contractor
            FROM employment e WHERE e.person_id = l.person_id AND d.day BETWEEN e.first_day AND e.last_day
        ) AS at_work ON true
    )
"""
"""``employed``: the learner counts in the period and was an employee on that very day."""
