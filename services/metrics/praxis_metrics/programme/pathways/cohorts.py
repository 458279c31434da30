"""Who is in the cohorts of a pathway, and what they did on it: as first enrolled, for good (intention to treat)."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import FIRST_DAY, Period
from praxis_metrics.kpis.kpi import Asked
from praxis_metrics.kpis.slicing import PERIODS, employed
from praxis_metrics.kpis.time_to_competency import GOALS, STARTS, TIMES
from praxis_metrics.kpis.validations import VALIDATIONS
from praxis_metrics.programme.people import Person, persons


class Pathway(NamedTuple):
    """Its newest version. ``modules``: how many activities it has."""

    pathway: str
    version: int
    name: str
    outcome: str
    modules: int
    owner: Person | None


class Member(NamedTuple):
    """An employee on the day of the enrolment; ``modules``: how many of the pathway's they completed from then on."""

    cohort: str
    person_id: str
    enrolled_on: date
    is_randomised: bool
    has_withdrawn: bool
    modules: int


class Time(NamedTuple):
    """``outcome``: how the days from the enrolment ended (``praxis_metrics.kpis.competing``)."""

    days: int
    outcome: int


_NEWEST = """
    SELECT DISTINCT ON (pathway) pathway, version, name, outcome, activities, owner_id FROM pathways
    ORDER BY pathway, version DESC
"""

_PATHWAYS = text(f"SELECT *, jsonb_array_length(activities) AS modules FROM ({_NEWEST}) newest")  # noqa: S608

_ENROLLED = """
    enrolled AS MATERIALIZED (
        SELECT DISTINCT ON (e.learner_id, e.pathway) e.pathway, e.cohort, e.learner_id, l.person_id, e.at, e.day,
               e.assigned
        FROM enrolments e JOIN learners l USING (learner_id) ORDER BY e.learner_id, e.pathway, e.at, e.event
    )
"""

_MEMBERS = text(
    f"""
    WITH newest AS ({_NEWEST}), {_ENROLLED}
    SELECT e.pathway, e.cohort, e.person_id, e.day AS enrolled_on, e.assigned = 'randomised' AS is_randomised,
           EXISTS (
               SELECT FROM withdrawals w
               WHERE (w.learner_id, w.pathway, w.cohort) = (e.learner_id, e.pathway, e.cohort) AND w.at >= e.at
           ) AS has_withdrawn,
           (
               SELECT count(DISTINCT a.iri) FROM jsonb_array_elements_text(n.activities) AS module(iri)
               JOIN activities a USING (iri)
               JOIN completed c ON c.activity_id = a.id AND c.learner_id = e.learner_id AND c.at >= e.at
           ) AS modules
    FROM enrolled e JOIN newest n USING (pathway)
    WHERE {employed("e.person_id", "e.day")} ORDER BY e.pathway, e.cohort, e.person_id
    """  # noqa: S608 - of our own
)

_UNMATCHED = text(f"WITH {_ENROLLED} SELECT pathway, count(*) FROM enrolled WHERE person_id IS NULL GROUP BY 1")  # noqa: S608

_TIMES = text(
    f"""
    WITH {PERIODS}, {VALIDATIONS}, {STARTS}, {GOALS}
    SELECT pathway, person_id, {TIMES} FROM wholes WHERE pathway = ANY(:pathways) AND employed
    """  # noqa: S608 - of our own
)


async def read_pathways(session: AsyncSession) -> list[Pathway]:
    rows = (await session.execute(_PATHWAYS)).all()
    owners = await persons(session, (row.owner_id for row in rows))
    return [
        Pathway(row.pathway, row.version, row.name, row.outcome, row.modules, owners.get(row.owner_id)) for row in rows
    ]


async def read_members(session: AsyncSession) -> dict[str, list[Member]]:
    """By pathway, those of one cohort together."""
    found: dict[str, list[Member]] = {}
    for pathway, *member in await session.execute(_MEMBERS):
        found.setdefault(pathway, []).append(Member(*member))
    return found


async def read_unmatched(session: AsyncSession) -> dict[str, int]:
    """By pathway, how many enrolled learners the directory does not know: they are in no cohort here."""
    return {pathway: count for pathway, count in await session.execute(_UNMATCHED)}  # noqa: C416 - rows are not pairs


async def read_times(session: AsyncSession, pathways: Sequence[str], through: date) -> dict[tuple[str, str], Time]:
    """By pathway and person; without those who could do it all before. As time-to-competency counts them."""
    if not pathways:
        return {}
    asked = Asked([Period(FIRST_DAY, through)], through)
    rows = await session.execute(_TIMES, {**asked.parameters, "pathways": list(pathways)})
    return {(row.pathway, row.person_id): Time(row.days, row.outcome) for row in rows if not row.already}
