"""Who is in the groups of a pilot: as people stood on its first day, whatever became of them (intention to treat)."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_people.identifiers import bounded

KINDS = ("unit", "role", "pathway", "cohort")
"""By which a group is named; all that are given must hold."""


class Group(NamedTuple):
    """``people``: persons of the directory; ``is_randomised``: each of them by all enrolments that count."""

    people: frozenset[str]
    is_randomised: bool


class Pair(NamedTuple):
    """``both``: how many were in both groups, and so count in neither."""

    treated: Group
    comparison: Group
    both: int

    @property
    def is_randomised(self) -> bool:
        return self.treated.is_randomised and self.comparison.is_randomised


_DAY = "CAST(:day AS date)"

_SLICES = {
    kind: f"""EXISTS (
        SELECT FROM membership m WHERE m.kind = '{kind}' AND m.slice = :{kind} AND m.person_id = e.person_id
        AND {_DAY} BETWEEN m.first_day AND m.last_day
    )"""
    for kind in ("unit", "role")
}

_ENROLLED = f"""
    SELECT bool_and(n.assigned = 'randomised') AS is_randomised, count(*) AS enrolments
    FROM learners l JOIN enrolments n USING (learner_id)
    WHERE l.person_id = e.person_id AND n.day <= {_DAY}
"""  # noqa: S608 - of our own


async def group(session: AsyncSession, of: Mapping[str, str], day: date) -> Group:
    """The employees of that day of whom all of ``of`` holds. On a pathway, or in a cohort, is who was enrolled by then,
    withdrawn or not."""
    enrolment = [f"n.{kind} = :{kind}" for kind in ("pathway", "cohort") if kind in of]
    enrolled = " AND ".join([_ENROLLED, *enrolment]) if enrolment else "SELECT false AS is_randomised, 1 AS enrolments"
    where = [_SLICES[kind] for kind in _SLICES if kind in of]
    query = text(
        f"""
        SELECT DISTINCT e.person_id, n.is_randomised
        FROM (SELECT DISTINCT person_id FROM employment WHERE employee AND {_DAY} BETWEEN first_day AND last_day) e
        CROSS JOIN LATERAL ({enrolled}) n WHERE {" AND ".join(["n.enrolments > 0", *where])}
        """  # noqa: S608 - of our own
    )
    names = {kind: bounded(name) if kind in _SLICES else name for kind, name in of.items()}
    rows = (await session.execute(query, {"day": day, **names})).all()
    return Group(frozenset(row.person_id for row in rows), bool(rows) and all(row.is_randomised for row in rows))


class Pairs:
    """Pairs of groups, each looked up once in a transaction: most metrics of a pilot have the same."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._found: dict[object, Pair] = {}

    async def of(self, treated: Mapping[str, str], comparison: Mapping[str, str], day: date) -> Pair:
        """Both groups, without those who are in both."""
        asked = tuple(sorted(treated.items())), tuple(sorted(comparison.items())), day
        if asked not in self._found:
            one, other = await group(self._session, treated, day), await group(self._session, comparison, day)
            both = one.people & other.people
            self._found[asked] = Pair(
                one._replace(people=one.people - both), other._replace(people=other.people - both), len(both)
            )
        return self._found[asked]


def narrowed(of: Mapping[str, str], by: Mapping[str, str]) -> dict[str, str]:
    """A group with a metric's own filters: these narrow it, but for the kinds that it names itself."""
    return {**by, **of}
