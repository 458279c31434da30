"""Acting on a case: checked against what is known now, then put onto ``recognition.reviews``; the decider decides."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

import msgspec
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.clock import Clock
from praxis_events.contracts.base import PersonRef, canonical
from praxis_events.contracts.reviews import (
    CaseReleased,
    CaseUpheld,
    DecisionAppealed,
    ProposalApproved,
    ProposalDeclined,
    ReviewData,
)
from praxis_events.envelope import Event
from praxis_events.log import EventLog
from praxis_events.topics import REVIEWS
from praxis_incentives.cases import Act, Grant, Review, State
from praxis_incentives.casework.views import CaseView, EndorsementView
from praxis_incentives.decider import appealing, endorsing, who
from praxis_incentives.decider.desk import Desk
from praxis_incentives.decision import lacking
from praxis_incentives.decisions.views import DecisionView
from praxis_incentives.endorsements import Endorsement
from praxis_incentives.evaluation import Dossier, case_of
from praxis_incentives.identities import subject_of
from praxis_incentives.reviews import refusal
from praxis_service.problem import Conflict, Forbidden, NotFound

SOURCE = "/incentives/reviews"
NEWER = "There is a newer decision about this case, or nobody has to decide about it."

APPEALED = "praxis.review.decision-appealed.v1"

TYPES: dict[Act, tuple[str, type[ReviewData]]] = {
    "released": ("praxis.review.case-released.v1", CaseReleased),
    "upheld": ("praxis.review.case-upheld.v1", CaseUpheld),
    "approved": ("praxis.review.proposal-approved.v1", ProposalApproved),
    "declined": ("praxis.review.proposal-declined.v1", ProposalDeclined),
}

_WAITING = text(
    "SELECT latest FROM grants WHERE state = :state AND (CAST(:after AS uuid) IS NULL OR latest > :after) "
    "ORDER BY latest LIMIT :rows"
)
_LEARNER = text("SELECT learner FROM grants WHERE latest = :decision")
_KNOWN = text("SELECT EXISTS (SELECT FROM ledger WHERE decision = :decision)")
_NOW = text("SELECT at FROM log_time")
_SINCE = text(
    "SELECT l.decision FROM ledger l "
    "WHERE l.ledger_index > (SELECT ledger_index FROM ledger WHERE decision = :decision) "
    "AND convert_from(l.body, 'UTF8')::jsonb ->> 'trigger' = :trigger ORDER BY l.ledger_index"
)


class Casework:
    def __init__(self, sessions: async_sessionmaker[AsyncSession], log: EventLog, clock: Clock) -> None:
        self._sessions, self._log, self._clock = sessions, log, clock

    async def waiting(self, state: State, after: UUID | None, most: int) -> list[UUID]:
        """The newest decisions about what is in this state, in one order."""
        async with self._sessions() as session:
            return list(await session.scalars(_WAITING, {"state": state, "after": after, "rows": most}))

    async def with_rings(self, cases: Sequence[DecisionView]) -> list[CaseView]:
        """The cases, each with who endorsed whom in its rings."""
        async with self._sessions() as session:
            rings = await endorsing.rings_with(session, [UUID(event) for each in cases for event in each.ring or ()])
        return [_with_rings(each, rings) for each in cases]

    async def act(self, decision: UUID, act: Act, by: PersonRef, reason: str, principal: str) -> Event:
        """Durable on return. The same act by the same person is one event.

        Raises ``NotFound`` for an unknown decision, ``Conflict`` for an act that could not count, ``LogUnavailable``.
        """
        async with self._sessions() as session:
            if not await session.scalar(_KNOWN, {"decision": decision}):
                raise NotFound(f"There is no decision {decision}.")
            await self._refuse(session, decision, Review(act, subject_of(by)))
        type_, model = TYPES[act]
        return await self._append(type_, model, decision, by, reason, principal)

    async def appeal(self, decision: UUID, by: PersonRef, reason: str, principal: str) -> Event:
        """Durable on return. Raises ``NotFound``, ``Forbidden`` for a decision about somebody else, ``Conflict`` for
        one that cannot be contested, ``LogUnavailable``.
        """
        async with self._sessions() as session:
            if not await session.scalar(_KNOWN, {"decision": decision}):
                raise NotFound(f"There is no decision {decision}.")
            reason_not = await appealing.refusal(session, decision, subject_of(by), self._clock())
        if reason_not is not None:
            raise (Forbidden if reason_not == appealing.NOT_THEIRS else Conflict)(reason_not)
        return await self._append(APPEALED, DecisionAppealed, decision, by, reason, principal)

    async def _append(
        self, type_: str, model: type[ReviewData], decision: UUID, by: PersonRef, reason: str, principal: str
    ) -> Event:
        event = Event(
            id=str(uuid5(decision, f"{type_}\n{subject_of(by)}")),
            source=SOURCE,
            type=type_,
            data=msgspec.json.encode(canonical(model(decision=decision, by=by, reason=reason))),
            time=self._clock(),
            principal=principal,
        )
        await self._log.append([event.to_record(REVIEWS.name)])
        return event

    async def followed(self, decision: UUID, event: Event) -> list[UUID]:
        """The decisions that the act has led to, in ledger order."""
        async with self._sessions() as session:
            return list(await session.scalars(_SINCE, {"decision": decision, "trigger": str(event.key)}))

    async def _refuse(self, session: AsyncSession, decision: UUID, review: Review) -> None:
        subject = await session.scalar(_LEARNER, {"decision": decision})
        if subject is None:
            raise Conflict(NEWER)
        known = await who.identities(session, [subject, review.by])
        learner, by = known.resolve(subject), known.resolve(review.by)
        desk = await Desk.load(session, [learner])
        now = await session.scalar(_NOW)
        found = _about(desk.dossiers([learner], now), str(decision))
        if found is None:
            raise Conflict(NEWER)
        dossier, grant = found
        if (reason := refusal(grant, Review(review.act, by), learner, dossier.evidence)) is not None:
            raise Conflict(reason)
        if act_lacks := _lacking(dossier, grant, review, now):
            raise Conflict("A person cannot make up for missing evidence: " + " ".join(act_lacks))


def _with_rings(case: DecisionView, rings: Mapping[str, Collection[Endorsement]]) -> CaseView:
    found = {one for event in case.ring or () for one in rings.get(event, ())}
    shown = sorted(found, key=lambda one: (one.occurred_at, one.id))
    return CaseView(**dict(case), endorsements=[EndorsementView.of(one) for one in shown])


def _lacking(dossier: Dossier, grant: Grant, review: Review, now: datetime) -> tuple[str, ...]:
    if review.act != "released":
        return ()
    return lacking(dossier.versions[grant.version], case_of(dossier, 0, dossier.grants, grant), dossier.evidence, now)


def _about(found: list[Dossier], decision: str) -> tuple[Dossier, Grant] | None:
    return next(((each, grant) for each in found for grant in each.grants if grant.latest == decision), None)
