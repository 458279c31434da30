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
                   count(DISTINCT learner_id) FILTER (WHERE employed) AS employed
                   {detail}
            FROM periods LEFT JOIN (SELECT * FROM days WHERE {self.counts}) counted USING (first, last)
            GROUP BY first, last ORDER BY first
        """  # noqa: S608 - of definitions


PEOPLE = """
    WITH periods AS MATERIALIZED (
        SELECT * FROM unnest(CAST(:firsts AS date[]), CAST(:lasts AS date[])) AS p(first, last)
    ), headcount AS MATERIALIZED (
        SELECT DISTINCT p.first, e.person_id
        FROM periods p JOIN employment e ON e.first_day <= p.last AND e.last_day >= p.first AND NOT e.on_leave
    )
"""
"""Who counts in a period: employed on at least one day of it, and not on leave on all of those days."""

DAYS = """
    days AS (
        SELECT p.first, p.last, d.learner_id, d.active, d.enrolments, d.completions, d.measured, d.estimated,
               l.person_id IS NULL AS unmatched,
               h.person_id IS NOT NULL AND EXISTS (
                   SELECT FROM employment e WHERE e.person_id = l.person_id AND d.day BETWEEN e.first_day AND e.last_day
               ) AS employed
        FROM periods p JOIN person_day d ON d.day BETWEEN p.first AND p.last
        JOIN learners l USING (learner_id)
        LEFT JOIN headcount h ON h.first = p.first AND h.person_id = l.person_id
    )
"""
"""``employed``: the learner counts in the period and was employed on that very day."""
