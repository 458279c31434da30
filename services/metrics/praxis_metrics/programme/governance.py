"""What holds centrally, where teams depart from it, who leads learning where, and how things are done here."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.kpis import KPIS
from praxis_metrics.programme.governance_schemas import BoundsOut, LeadOut, OverrideOut, PlaybookOut, StandardOut
from praxis_metrics.programme.leads import Term, current, due_to_rotate, state
from praxis_metrics.programme.people import persons
from praxis_metrics.programme.standards import Standard, why_not

_STANDARDS = text("SELECT * FROM standards ORDER BY standard")
_OVERRIDES = text("SELECT * FROM overrides ORDER BY standard, unit")
_LEADS = text("SELECT unit, learner_id, from_at, until_at FROM learning_leads ORDER BY place")
_PLAYBOOKS = text("SELECT * FROM playbooks ORDER BY playbook")
_OBJECTS = text("SELECT kind, id FROM owned WHERE kind NOT IN ('override', 'playbook')")
_ACTIVITIES = text("SELECT DISTINCT activity FROM activity_skills WHERE activity = ANY(:named)")


async def standards_of(session: AsyncSession) -> tuple[list[StandardOut], list[OverrideOut]]:
    """The standards, and all overrides with whether they are in effect."""
    standards, overrides = (await session.execute(_STANDARDS)).all(), (await session.execute(_OVERRIDES)).all()
    owners = await persons(session, (row.owner_id for row in (*standards, *overrides)))
    central = {row.standard: Standard(row.about, row.least, row.most) for row in standards}
    reasons = {row.event: why_not(central.get(row.standard), row.about, row.value) for row in overrides}
    return [
        StandardOut(
            standard=row.standard,
            about=row.about,
            value=row.value,
            bounds=None if row.least is None else BoundsOut(least=row.least, most=row.most),
            owner=owners.get(row.owner_id),
        )
        for row in standards
    ], [
        OverrideOut(
            standard=row.standard,
            about=row.about,
            unit=row.unit,
            value=row.value,
            owner=owners.get(row.owner_id),
            in_effect=reasons[row.event] is None,
            why_not=reasons[row.event],
        )
        for row in overrides
    ]


async def leads_of(session: AsyncSession, now: datetime) -> list[LeadOut]:
    """Who serves, is to come, or has ended where nobody follows."""
    terms = [Term(*row) for row in await session.execute(_LEADS)]
    due = due_to_rotate(terms, now)
    found = current(terms, now)
    names = await persons(session, (term.learner for term in found))
    return [
        LeadOut(
            unit=term.unit,
            person=names.get(term.learner),
            starts=term.starts,
            ends=term.ends,
            state=state(term, now),
            due_to_rotate=due.get(term.unit) == term.ends,
        )
        for term in found
    ]


async def playbooks_of(session: AsyncSession) -> list[PlaybookOut]:
    """Each with what it is about, as far as that is known here."""
    rows = (await session.execute(_PLAYBOOKS)).all()
    owners = await persons(session, (row.owner_id for row in rows))
    kinds = await _kinds(session, [row.about for row in rows])
    return [
        PlaybookOut(
            playbook=row.playbook,
            about=row.about,
            linked_to=kinds.get(row.about, []),
            unit=row.unit,
            text=row.text,
            owner=owners.get(row.owner_id),
        )
        for row in rows
    ]


async def _kinds(session: AsyncSession, named: list[str]) -> Mapping[str, list[str]]:
    """Of which kinds there is an object of that name."""
    found = [(row.id, row.kind) for row in await session.execute(_OBJECTS)]
    found += [(kpi, "kpi") for kpi in KPIS]
    found += [(activity, "activity") for activity in await session.scalars(_ACTIVITIES, {"named": named})]
    kinds: dict[str, list[str]] = {name: [] for name in named}
    for id_, kind in sorted(found):
        if id_ in kinds:
            kinds[id_].append(kind)
    return kinds
