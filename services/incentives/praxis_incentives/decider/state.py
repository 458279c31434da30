"""Facts into the decider's tables; each says whose cases may have changed. Whatever comes twice is once."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.contracts import EventData
from praxis_events.contracts.directory import (
    Hired,
    IdentityLinked,
    IdentityUnlinked,
    Left,
    ManagerChanged,
    PeopleRescinded,
)
from praxis_events.contracts.evidence import EvidenceRescinded, SkillApplied
from praxis_events.contracts.programme import PolicyPublished, ProgrammeRescinded, SystemRegistered
from praxis_events.contracts.reviews import (
    CaseReleased,
    CaseUpheld,
    DecisionAppealed,
    ProposalApproved,
    ProposalDeclined,
    ReviewData,
)
from praxis_events.names import folded
from praxis_incentives.cases import Act
from praxis_incentives.decider import appealing, endorsing, managers, who
from praxis_incentives.decider.facts import Fact
from praxis_incentives.evidence import PEER
from praxis_incentives.identities import credential_subject, keys_of, person, subject_of
from praxis_people.directory import apply_changes, apply_rescinded, change_of
from praxis_people.manager_changes import ManagerChange

_TAKEN = text("SELECT event FROM evidence WHERE event = ANY(CAST(:events AS uuid[]))")
_TAKE = text(
    "INSERT INTO evidence (event, place, source, id, learner, attester, submitter, skill, kind, artefact_system, "
    "artefact_id, artefact_url, systems, occurred_at) VALUES (:event, :place, :source, :id, :learner, :attester, "
    ":submitter, :skill, :kind, :artefact_system, :artefact_id, :artefact_url, :systems, :occurred_at) "
    "ON CONFLICT DO NOTHING"
)

Taker = Callable[[AsyncSession, Fact, Any], Awaitable[set[str]]]
"""Writes one fact; returns the learners, resolved, whose cases may have changed."""


async def take(session: AsyncSession, fact: Fact) -> set[str]:
    """A copy of what was taken before is no news: nobody is judged for it again."""
    return set() if await _was_taken(session, fact) else await TAKERS[type(fact.data)](session, fact, fact.data)


async def _was_taken(session: AsyncSession, fact: Fact) -> bool:
    """Of a rescission, whether another one took back the same."""
    data, table = fact.data, KEPT_IN.get(type(fact.data))
    if table is None:
        return False
    event = fact.event
    if isinstance(data, EvidenceRescinded | ProgrammeRescinded | PeopleRescinded):
        event = fact.undone(data.event)
    query = text(f"SELECT EXISTS (SELECT FROM {table} WHERE event = :event)")  # noqa: S608 - ours
    return bool(await session.scalar(query, {"event": event}))


async def learners_with(session: AsyncSession, skills: Sequence[str]) -> set[str]:
    """Everybody with evidence of one of these skills."""
    query = text("SELECT DISTINCT learner FROM evidence WHERE skill = ANY(CAST(:skills AS text[]))")
    return await _resolved(session, await session.scalars(query, {"skills": list(skills)}))


async def take_evidence(session: AsyncSession, facts: Sequence[Fact]) -> tuple[set[UUID], dict[str, str]]:
    """Write down evidence. The events that are new, and whom each learner's name resolves to."""
    rows = [_row(fact, fact.data) for fact in facts if isinstance(fact.data, SkillApplied)]
    known = set(await session.scalars(_TAKEN, {"events": sorted({row["event"] for row in rows})}))
    await session.execute(_TAKE, rows)
    named = {row[name] for row in rows for name in ("learner", "attester", "submitter")} - {None}
    await who.remember(session, named)
    learners = {row["learner"] for row in rows}
    identities = await who.identities(session, learners)
    return {row["event"] for row in rows} - known, {each: identities.resolve(each) for each in learners}


def _row(fact: Fact, data: SkillApplied) -> dict[str, Any]:
    return {
        "event": fact.event,
        "place": fact.place,
        "source": fact.source,
        "id": fact.id,
        "learner": subject_of(data.learner),
        "attester": subject_of(data.attested_by) if data.attested_by else None,
        "submitter": credential_subject(fact.principal) if fact.principal else None,
        "skill": data.skill,
        "kind": data.kind,
        "artefact_system": data.artefact.system,
        "artefact_id": data.artefact.id,
        "artefact_url": data.artefact.url,
        "systems": sorted({folded(each.system) for each in (data.artefact, data.task) if each is not None}),
        "occurred_at": data.occurred_at,
    }


def learner_of(fact: Fact) -> str:
    """The learner's name as the evidence gives it."""
    assert isinstance(fact.data, SkillApplied)
    return subject_of(fact.data.learner)


async def _skill_applied(session: AsyncSession, fact: Fact, _data: SkillApplied) -> set[str]:
    _, learners = await take_evidence(session, [fact])
    return set(learners.values()) | await in_rings_with(session, [fact])


async def in_rings_with(session: AsyncSession, facts: Sequence[Fact]) -> set[str]:
    """All who are in a ring with one of these pieces of evidence."""
    peers = [each.event for each in facts if isinstance(each.data, SkillApplied) and each.data.kind == PEER]
    return await endorsing.members_with(session, peers)


async def _evidence_rescinded(session: AsyncSession, fact: Fact, data: EvidenceRescinded) -> set[str]:
    event = fact.undone(data.event)
    query = text("SELECT learner, attester, kind FROM evidence WHERE event = :event")
    found = (await session.execute(query, {"event": event})).all()
    endorsers = await _resolved(session, [row.attester for row in found if row.kind == PEER and row.attester])
    others = await endorsing.concerned(session, endorsers)
    await _remember_rescinded(session, "evidence_rescinded", event)
    return others | await _resolved(session, [row.learner for row in found])


async def _policy_published(session: AsyncSession, fact: Fact, data: PolicyPublished) -> set[str]:
    """A version number is used once: the first in the log has it. It is judged by when it comes into effect."""
    await session.execute(
        text(
            "INSERT INTO policies (policy, version, event, data, skills, effective_from) "
            "VALUES (:policy, :version, :event, :data, :skills, :effective_from) ON CONFLICT DO NOTHING"
        ),
        {
            "policy": data.policy,
            "version": data.version,
            "event": fact.event,
            "data": fact.raw,
            "skills": data.skills,
            "effective_from": data.effective_from,
        },
    )
    return set()


async def _system_registered(session: AsyncSession, fact: Fact, data: SystemRegistered) -> set[str]:
    system = folded(data.system)
    await session.execute(
        text(
            'INSERT INTO systems (event, system, kind, "offset") VALUES (:event, :system, :kind, :offset) '
            "ON CONFLICT DO NOTHING"
        ),
        {"event": fact.event, "system": system, "kind": data.kind, "offset": fact.place},
    )
    return await _learners_in(session, [system])


async def _programme_rescinded(session: AsyncSession, fact: Fact, data: ProgrammeRescinded) -> set[str]:
    event = {"event": fact.undone(data.event)}
    await _remember_rescinded(session, "programme_rescinded", event["event"])
    systems = await session.scalars(text("SELECT system FROM systems WHERE event = :event"), event)
    learners = await _learners_in(session, list(systems))
    skills = await session.scalars(text("SELECT unnest(skills) FROM policies WHERE event = :event"), event)
    return learners | await learners_with(session, list(skills))


async def _identity_changed(session: AsyncSession, fact: Fact, data: IdentityLinked | IdentityUnlinked) -> set[str]:
    change = change_of(fact.event, fact.place, data)
    keys = {key for identifier in change.identifiers for key in keys_of(identifier)}
    return await _moved(session, keys, lambda: apply_changes(session, [change]))


async def _people_rescinded(session: AsyncSession, fact: Fact, data: PeopleRescinded) -> set[str]:
    event = fact.undone(data.event)
    keys = await who.keys_of_event(session, event)
    managed = await managers.whose_change(session, event)
    learners = await _moved(session, keys, lambda: apply_rescinded(session, [event]))
    return learners if managed is None else learners | await _managed(session, managed)


async def _manager_changed(session: AsyncSession, fact: Fact, data: ManagerChange) -> set[str]:
    await managers.keep(session, [fact])
    return await _managed(session, data.person_id)


async def _managed(session: AsyncSession, person_id: str) -> set[str]:
    """A person, if there is evidence about them, and whom they endorsed: their team counts in both."""
    subject = person(person_id)
    names = await who.names_of(session, [subject])
    query = text("SELECT EXISTS (SELECT FROM evidence WHERE learner = ANY(CAST(:names AS text[])))")
    own = {subject} if await session.scalar(query, {"names": sorted(names)}) else set()
    return own | await endorsing.endorsed_by(session, [subject])


async def _reviewed(session: AsyncSession, fact: Fact, data: ReviewData) -> set[str]:
    """Of use only while the decision that it is about is the newest about its grant."""
    by = subject_of(data.by)
    await session.execute(
        text(
            'INSERT INTO reviews (event, decision, act, by, reason, "offset", early) '
            "VALUES (:event, :decision, :act, :by, :reason, :offset, "
            "NOT EXISTS (SELECT FROM ledger l WHERE l.decision = :decision)) ON CONFLICT DO NOTHING"
        ),
        {
            "event": fact.event,
            "decision": data.decision,
            "act": ACTS[type(data)],
            "by": by,
            "reason": data.reason,
            "offset": fact.place,
        },
    )
    await who.remember(session, [by])
    query = text("SELECT learner FROM grants WHERE latest = :decision")
    return await _resolved(session, await session.scalars(query, {"decision": data.decision}))


async def _appealed(session: AsyncSession, fact: Fact, data: DecisionAppealed) -> set[str]:
    learner = await appealing.keep(session, fact, data)
    return await _resolved(session, [] if learner is None else [learner])


async def _moved(session: AsyncSession, keys: Collection[str], apply: Callable[[], Awaitable[set[str]]]) -> set[str]:
    """Those who claim the keys, before or after, and the learners for whom anybody so named vouches.

    And all who are in a ring with them, or whom they endorsed.

    Nobody where no evidence and no review names any of the keys, as of most people whom a roster brings.
    """
    named = {"named": sorted(await who.known_subjects(session, keys))}
    if not named["named"]:
        await apply()
        return set()
    before = await who.claims(session, keys)
    others = await _others(session, named["named"], before)
    await apply()
    after = await who.claims(session, keys)
    others |= await _others(session, named["named"], after)
    query = text(
        "SELECT DISTINCT learner FROM evidence WHERE learner = ANY(CAST(:named AS text[])) "
        "OR attester = ANY(CAST(:named AS text[])) OR submitter = ANY(CAST(:named AS text[]))"
    )
    learners = await _resolved(session, await session.scalars(query, named))
    return learners | who.persons([*before.values(), *after.values()]) | others


async def _others(session: AsyncSession, named: Sequence[str], claims: Mapping[str, Collection[str]]) -> set[str]:
    """Whose cases depend on who endorsed them, where these are the people concerned."""
    return await endorsing.concerned(session, await _resolved(session, named) | who.persons(claims.values()))


async def _learners_in(session: AsyncSession, systems: Sequence[str]) -> set[str]:
    query = text("SELECT DISTINCT learner FROM evidence WHERE systems && CAST(:systems AS text[])")
    return await _resolved(session, await session.scalars(query, {"systems": list(systems)}))


async def _remember_rescinded(session: AsyncSession, table: str, event: UUID) -> None:
    statement = text(f"INSERT INTO {table} (event) VALUES (:event) ON CONFLICT DO NOTHING")  # noqa: S608 - ours
    await session.execute(statement, {"event": event})


async def _resolved(session: AsyncSession, subjects: Any) -> set[str]:
    found = set(subjects)
    known = await who.identities(session, found)
    return {known.resolve(each) for each in found}


KEPT_IN: dict[type[EventData], str] = {
    SkillApplied: "evidence",
    EvidenceRescinded: "evidence_rescinded",
    SystemRegistered: "systems",
    ProgrammeRescinded: "programme_rescinded",
    IdentityLinked: "identity_events",
    IdentityUnlinked: "identity_events",
    Hired: "manager_changes",
    Left: "manager_changes",
    ManagerChanged: "manager_changes",
    PeopleRescinded: "identity_rescinded",
    CaseReleased: "reviews",
    CaseUpheld: "reviews",
    ProposalApproved: "reviews",
    ProposalDeclined: "reviews",
}
"""The table with the events that were taken. Policies and appeals see for themselves what is new."""

ACTS: dict[type[ReviewData], Act] = {
    CaseReleased: "released",
    CaseUpheld: "upheld",
    ProposalApproved: "approved",
    ProposalDeclined: "declined",
}

TAKERS: dict[type[EventData], Taker] = {
    SkillApplied: _skill_applied,
    EvidenceRescinded: _evidence_rescinded,
    PolicyPublished: _policy_published,
    SystemRegistered: _system_registered,
    ProgrammeRescinded: _programme_rescinded,
    IdentityLinked: _identity_changed,
    IdentityUnlinked: _identity_changed,
    Hired: _manager_changed,
    Left: _manager_changed,
    ManagerChanged: _manager_changed,
    PeopleRescinded: _people_rescinded,
    CaseReleased: _reviewed,
    CaseUpheld: _reviewed,
    ProposalApproved: _reviewed,
    ProposalDeclined: _reviewed,
    DecisionAppealed: _appealed,
}
