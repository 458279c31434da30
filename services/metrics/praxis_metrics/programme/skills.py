"""Skills coverage: of those whose role requires a skill, how many hold it; and what teaches it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period
from praxis_metrics.changes import Source
from praxis_metrics.findings import Finding, Looked
from praxis_metrics.kpis.slicing import at_work
from praxis_metrics.kpis.validations import VALIDATIONS
from praxis_metrics.lattice import ALL, Place, Slice, relations
from praxis_metrics.publishing import units_above
from praxis_metrics.suppression import hidden


class Group(NamedTuple):
    """Employees at work whose role requires a skill, and those of them who hold it."""

    people: int
    held: int


# Each person counts once for everybody, once for the role, and once for the unit and each one above it.
_GROUPS = text(
    f"""
    WITH {VALIDATIONS}, required AS (
        SELECT DISTINCT role, skill FROM role_profiles
    ), needing AS MATERIALIZED (
        SELECT m.person_id, m.slice AS role, r.skill, h.skill IS NOT NULL AS holds
        FROM membership m JOIN required r ON r.role = m.slice
        LEFT JOIN learners l ON l.person_id = m.person_id
        LEFT JOIN held h ON h.learner_id = l.learner_id AND h.skill = r.skill
        WHERE m.kind = 'role' AND :through BETWEEN m.first_day AND m.last_day AND {at_work("m.person_id", ":through")}
    )
    SELECT skill, kind, slice, count(*) AS people, count(*) FILTER (WHERE holds) AS held FROM (
        SELECT n.*, 'all' AS kind, '' AS slice FROM needing n
        UNION ALL
        SELECT n.*, 'role', n.role FROM needing n
        UNION ALL
        SELECT n.*, 'unit', m.slice FROM needing n JOIN membership m USING (person_id)
        WHERE m.kind = 'unit' AND :through BETWEEN m.first_day AND m.last_day
    ) sliced GROUP BY skill, kind, slice
    """  # noqa: S608 - of our own
)

_UNMATCHED = text(
    f"""
    WITH {VALIDATIONS}
    SELECT skill, count(*) FROM held JOIN learners USING (learner_id) WHERE person_id IS NULL GROUP BY skill
    """  # noqa: S608 - of our own
)

_SKILLS = text("SELECT skill, name, description, family, alignments FROM skills")
_REQUIRED = text("SELECT DISTINCT skill, role, family, level FROM role_profiles ORDER BY skill, role")
_TAUGHT = text(
    "SELECT DISTINCT skill, activity, level FROM activity_skills "
    "WHERE CAST(:through AS date) + 1 > from_at AND CAST(:through AS date) < until_at ORDER BY skill, activity"
)


async def _compute(session: AsyncSession, looked: Looked) -> dict[str, dict[str, Any]]:
    asked = {"through": looked.through}
    defined = {row.skill: row for row in await session.execute(_SKILLS)}
    required, taught = defaultdict[str, list[Any]](list), defaultdict[str, list[Any]](list)
    for row in await session.execute(_REQUIRED):
        required[row.skill].append({"role": row.role, "family": row.family, "level": row.level})
    for row in await session.execute(_TAUGHT, asked):
        taught[row.skill].append({"activity": row.activity, "level": row.level})
    groups = defaultdict[str, dict[Slice, Group]](dict)
    for row in await session.execute(_GROUPS, asked):
        groups[row.skill][Slice(row.kind, row.slice)] = Group(row.people, row.held)
    unmatched: dict[str, int] = {skill: count for skill, count in await session.execute(_UNMATCHED, asked)}  # noqa: C416
    day = Period(looked.through, looked.through)
    above = (await units_above(session, [day]))[day]
    return {
        skill: {
            "skill": skill,
            "name": defined[skill].name if skill in defined else None,
            "description": defined[skill].description if skill in defined else None,
            "family": defined[skill].family if skill in defined else None,
            "alignments": (defined[skill].alignments or []) if skill in defined else [],
            "required_by": required[skill],
            "taught_by": taught[skill],
            "groups": shown(groups[skill], above, looked.through, looked.threshold),
            "unmatched": unmatched.get(skill, 0),
            "on": looked.through.isoformat(),
        }
        for skill in sorted({*defined, *required, *taught})
    }


def shown(
    groups: Mapping[Slice, Group], above: Mapping[Slice, Slice], day: date, threshold: int
) -> list[dict[str, Any]]:
    """The groups of one skill, with nothing in those about few people, nor in those that give such a one away. Pure."""
    places = {of: Place(Grain.DAY, Period(day, day), of) for of in groups}
    people = {places[of]: group.people for of, group in groups.items()}
    to_hide = hidden(people, relations(people, {Period(day, day): above}), threshold)
    return [_figures(of, groups[of], places[of] in to_hide) for of in _sorted(groups)]


def _sorted(slices: Iterable[Slice]) -> list[Slice]:
    return sorted(slices, key=lambda of: (of != ALL, of))


def _figures(of: Slice, group: Group, is_hidden: bool) -> dict[str, Any]:
    place = {"kind": of.kind, "slice": of.name, "suppressed": is_hidden}
    if is_hidden:
        return {**place, "people": None, "held": None, "gap": None, "coverage": None}
    gap, coverage = group.people - group.held, group.held / group.people
    return {**place, "people": group.people, "held": group.held, "gap": gap, "coverage": coverage}


SKILLS = Finding("skills", 1, _compute, (Source.PEOPLE, Source.WORK, Source.PROGRAMME))
"""By skill: every one that is defined, required by a role, or taught by an activity."""
