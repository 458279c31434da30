"""Reads of the ledger, newest first, by learner under any of their names."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.contracts.evidence import Artefact
from praxis_events.contracts.recognition import Result
from praxis_incentives.decider import who
from praxis_incentives.decisions.views import DecisionView, EvidenceView
from praxis_incentives.identities import person
from praxis_people.identifiers import key_of
from praxis_service.problem import Forbidden

KEY_KINDS = ("person:", "mbox:", "mbox_sha1sum:", "openid:", "account:", "sha256:")

_EVIDENCE = text(
    "SELECT e.event, source, id, skill, kind, artefact_system, artefact_id, artefact_url, occurred_at, "
    "EXISTS (SELECT FROM evidence_rescinded r WHERE r.event = e.event) AS withdrawn "
    "FROM evidence e WHERE event = ANY(CAST(:events AS uuid[]))"
)


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """``after``: a ledger index; only older decisions are wanted. ``own``: the names of whoever may see no others."""

    learner: str | None = None
    own: frozenset[str] | None = None
    outcome: Result | None = None
    policy: str | None = None
    after: int | None = None
    limit: int = 50


class DecisionReader:
    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions

    async def page(self, wanted: DecisionFilter) -> tuple[list[DecisionView], int | None]:
        """Decisions, newest first, and where the next page begins. Raises ``Forbidden`` for somebody else's."""
        async with self._sessions() as session:
            names = await self._names(session, wanted)
            sql, values = _select(wanted, names)
            rows = (await session.execute(text(sql), values)).all()
            shown = rows[: wanted.limit]
            more = shown[-1].ledger_index if len(rows) > wanted.limit else None
            return await _views(session, shown), more

    async def by_id(self, decision: UUID, own: frozenset[str] | None = None) -> DecisionView | None:
        """``None`` also for somebody else's, when only those of ``own`` may be seen."""
        query = text("SELECT body, leaf FROM ledger WHERE decision = :decision")
        async with self._sessions() as session:
            rows = (await session.execute(query, {"decision": decision})).all()
            view = next(iter(await _views(session, rows)), None)
            if view is None or own is None or view.learner in await _all_names(session, own):
                return view
            return None

    async def _names(self, session: AsyncSession, wanted: DecisionFilter) -> list[str] | None:
        asked = None if wanted.learner is None else await _all_names(session, [asked_subject(wanted.learner)])
        if wanted.own is None:
            return None if asked is None else sorted(asked)
        own = await _all_names(session, wanted.own)
        if asked is not None and not asked <= own:
            raise Forbidden("The credential may see the decisions about its own person only.")
        return sorted(own if asked is None else asked)


async def _all_names(session: AsyncSession, subjects: Collection[str]) -> set[str]:
    """Every name in the ledger of the persons whom ``subjects`` mean; what two persons claim means nobody."""
    known = await who.identities(session, subjects)
    persons = {known.resolve(each) for each in subjects if not known.disputed(each)}
    return set(await who.names_of(session, persons))


def asked_subject(learner: str) -> str:
    """Whom a query means: a ``mailto:`` IRI, a key as decisions show it, else a ``person_id``."""
    if learner.lower().startswith("mailto:"):
        return key_of({"mbox": learner}) or learner
    return learner if learner.startswith(KEY_KINDS) else person(learner)


def _select(wanted: DecisionFilter, names: list[str] | None) -> tuple[str, dict[str, Any]]:
    given: dict[str, tuple[str, object]] = {
        "names": ("learner = ANY(CAST(:names AS text[]))", names),
        "outcome": ("outcome = :outcome", wanted.outcome),
        "policy": ("policy = :policy", wanted.policy),
        "after": ("ledger_index < :after", wanted.after),
    }
    asked = {name: condition for name, condition in given.items() if condition[1] is not None}
    where = " AND ".join(condition for condition, _ in asked.values()) or "true"
    sql = f"SELECT ledger_index, body, leaf FROM ledger WHERE {where} ORDER BY ledger_index DESC LIMIT :rows"  # noqa: S608
    return sql, {name: value for name, (_, value) in asked.items()} | {"rows": wanted.limit + 1}


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
