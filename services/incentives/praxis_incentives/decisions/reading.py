"""Reads of the ledger, newest first, by learner under any of their names."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.contracts.evidence import Artefact
from praxis_events.contracts.recognition import Result
from praxis_incentives.decisions.views import DecisionView, EvidenceView
from praxis_incentives.decisions.visibility import Viewer, names_of, names_seen_by, seen_by
from praxis_incentives.identities import person
from praxis_people.identifiers import key_of
from praxis_service.problem import Forbidden

KEY_KINDS = ("person:", "mbox:", "mbox_sha1sum:", "openid:", "account:", "sha256:")

STEP, STEPS = 500, 20
"""Decisions that are gone through at a time, and how often for one page."""

Rows = tuple[Sequence[Row[Any]], int | None]
"""And where the next page begins, if there is one."""

_EVIDENCE = text(
    "SELECT e.event, source, id, skill, kind, artefact_system, artefact_id, artefact_url, occurred_at, "
    "EXISTS (SELECT FROM evidence_rescinded r WHERE r.event = e.event) AS withdrawn "
    "FROM evidence e WHERE event = ANY(CAST(:events AS uuid[]))"
)


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """``after``: a ledger index; only older decisions are wanted. ``viewer``: whoever may not see everybody's."""

    learner: str | None = None
    viewer: Viewer | None = None
    outcome: Result | None = None
    policy: str | None = None
    after: int | None = None
    limit: int = 50


class DecisionReader:
    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def page(self, wanted: DecisionFilter) -> tuple[list[DecisionView], int | None]:
        """Decisions, newest first, and where the next page begins: also of a page that has fewer than are wanted, where
        others had to be passed over. Raises ``Forbidden`` for somebody else's.
        """
        async with self._sessions() as session:
            rows, more = await self._rows(session, wanted)
            return await _views(session, rows), more

    async def by_id(self, decision: UUID, viewer: Viewer | None = None) -> DecisionView | None:
        """``None`` also for one that the ``viewer`` may not see."""
        query = text("SELECT body, leaf FROM ledger WHERE decision = :decision")
        async with self._sessions() as session:
            rows = (await session.execute(query, {"decision": decision})).all()
            view = next(iter(await _views(session, rows)), None)
            if view is None or viewer is None or await seen_by(session, viewer, [view.learner]):
                return view
            return None

    async def others(self, learners: Collection[str], viewer: Viewer) -> list[str]:
        """Those of ``learners`` who are not the viewer's own person."""
        async with self._sessions() as session:
            own = await seen_by(session, viewer.alone, set(learners))
        return [each for each in learners if each not in own]

    async def _rows(self, session: AsyncSession, wanted: DecisionFilter) -> Rows:
        if wanted.learner is not None:
            subject = asked_subject(wanted.learner)
            names = await names_of(session, [subject])
            if names and wanted.viewer is not None and not await seen_by(session, wanted.viewer, [subject]):
                raise Forbidden("The credential may see the decisions about its own person and their reports only.")
            return await _select(session, wanted, names)
        if wanted.viewer is None:
            return await _select(session, wanted, None)
        visible = await names_seen_by(session, wanted.viewer)
        if visible is None:
            return await _gone_through(session, wanted, wanted.viewer)
        return await _select(session, wanted, visible)


async def _gone_through(session: AsyncSession, wanted: DecisionFilter, viewer: Viewer) -> Rows:
    """The same for a team so large that many decisions are of it; bounded, whatever else is asked for."""
    kept: list[Row[Any]] = []
    step = replace(wanted, limit=STEP)
    for _ in range(STEPS):
        rows, more = await _select(session, step, None)
        seen = await seen_by(session, viewer, {row.learner for row in rows})
        kept += [row for row in rows if row.learner in seen]
        if len(kept) > wanted.limit:
            return _cut(kept, wanted.limit)
        step = replace(step, after=more)
        if more is None:
            break
    return kept, step.after


def _cut(rows: Sequence[Row[Any]], limit: int) -> Rows:
    return rows[:limit], rows[limit - 1].ledger_index if len(rows) > limit else None


def asked_subject(learner: str) -> str:
    """Whom a query means: a ``mailto:`` IRI, a key as decisions show it, else a ``person_id``."""
    if learner.lower().startswith("mailto:"):
        return key_of({"mbox": learner}) or learner
    return learner if learner.startswith(KEY_KINDS) else person(learner)


async def _select(session: AsyncSession, wanted: DecisionFilter, names: Collection[str] | None) -> Rows:
    given: dict[str, tuple[str, object]] = {
        "names": ("learner = ANY(CAST(:names AS text[]))", None if names is None else sorted(names)),
        "outcome": ("outcome = :outcome", wanted.outcome),
        "policy": ("policy = :policy", wanted.policy),
        "after": ("ledger_index < :after", wanted.after),
    }
    asked = {name: condition for name, condition in given.items() if condition[1] is not None}
    where = " AND ".join(condition for condition, _ in asked.values()) or "true"
    sql = f"SELECT ledger_index, learner, body, leaf FROM ledger WHERE {where} ORDER BY ledger_index DESC LIMIT :rows"  # noqa: S608
    values = {name: value for name, (_, value) in asked.items()} | {"rows": wanted.limit + 1}
    return _cut((await session.execute(text(sql), values)).all(), wanted.limit)


async def _views(session: AsyncSession, rows: Sequence[Row[Any]]) -> list[DecisionView]:
    bodies = [msgspec.json.decode(bytes(row.body)) for row in rows]
    events = sorted({event for body in bodies for event in _named(body)})
    found = {str(row.event): _item(row) for row in await session.execute(_EVIDENCE, {"events": events})}
    return [
        DecisionView.model_validate({
            **body,
            "items": [found[event] for event in _named(body) if event in found],
            "leaf": bytes(row.leaf).hex(),
        })
        for body, row in zip(bodies, rows, strict=True)
    ]  # fmt: skip


def _named(body: dict[str, Any]) -> list[str]:
    return [*body["evidence"], *(each["evidence"] for each in body["excluded"])]


def _item(row: Row[Any]) -> EvidenceView:
    artefact = {"system": row.artefact_system, "id": row.artefact_id}
    return EvidenceView(
        evidence=str(row.event),
        source=row.source,
        id=row.id,
        skill=row.skill,
        kind=row.kind,
        artefact=Artefact(**artefact, url=row.artefact_url) if row.artefact_url else Artefact(**artefact),
        occurred_at=row.occurred_at,
        withdrawn=row.withdrawn,
    )
