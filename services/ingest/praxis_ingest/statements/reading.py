"""Reads of the statement store, by SQL on indexed columns. Voided statements are found only by voidedStatementId."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_ingest.statements import cursor
from praxis_ingest.statements.cursor import Place
from praxis_ingest.statements.filters import StatementFilter
from praxis_ingest.statements.indexing import index_key

_VOIDED = "(s.voids IS NULL AND EXISTS (SELECT FROM statements v WHERE v.voids = s.id))"
"""Voiding a voiding statement does nothing (xAPI 1.0.3, Data §2.3.2)."""


@dataclass(frozen=True, slots=True)
class FoundStatement:
    id: UUID
    stored: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """``more``: the cursor of the next page, ``None`` when there is none."""

    statements: list[FoundStatement]
    more: str | None


class StatementReader:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def by_id(self, statement_id: UUID, *, voided: bool) -> FoundStatement | None:
        """The statement, if there is one and it is voided or not as asked."""
        query = text(f"SELECT id, stored, body FROM statements s WHERE id = :id AND {_VOIDED} = :voided")  # noqa: S608
        async with self._engine.connect() as connection:
            row = (await connection.execute(query, {"id": statement_id, "voided": voided})).first()
        return FoundStatement(*row) if row else None

    async def page(
        self, parameters: Mapping[str, str], wanted: StatementFilter, after: Place | None, through: datetime
    ) -> Page:
        """One page by ``stored``, newest first unless ascending.

        In ascending order a page that is not the last ends at ``through``, the consistent-through time: beyond it a
        statement with an earlier ``stored`` may still arrive, which a cursor further on would miss.
        """
        sql, values = _select(wanted, after)
        async with self._engine.connect() as connection:
            rows = await connection.execute(text(sql), values)
            found = [FoundStatement(*row) for row in rows]
        shown = found[: wanted.limit]
        if len(found) <= wanted.limit:
            return Page(shown, None)
        if wanted.ascending:
            shown = [each for each in shown if each.stored <= through] or shown
        return Page(shown, cursor.encode(parameters, Place(shown[-1].stored, shown[-1].id)))


def _select(wanted: StatementFilter, after: Place | None) -> tuple[str, dict[str, Any]]:
    conditions, values = [f"NOT {_VOIDED}"], {"rows": wanted.limit + 1}
    for condition, given in _conditions(wanted, after):
        conditions.append(condition)
        values |= given
    way = "ASC" if wanted.ascending else "DESC"
    sql = (
        f"SELECT id, stored, body FROM statements s WHERE {' AND '.join(conditions)} "  # noqa: S608
        f"ORDER BY stored {way}, id {way} LIMIT :rows"
    )
    return sql, values


def _conditions(wanted: StatementFilter, after: Place | None) -> list[tuple[str, dict[str, Any]]]:
    """Each condition with its values; text is fixed here, values are bound."""
    found: list[tuple[str, dict[str, Any]]] = []
    if wanted.agent is not None:
        narrow = "" if wanted.related_agents else " AND s.agents @> ARRAY[CAST(:agent AS uuid)]"
        found.append((f"s.related_agents @> ARRAY[CAST(:agent AS uuid)]{narrow}", {"agent": index_key(wanted.agent)}))
    if wanted.activity is not None:
        broad = "s.related_activities @> ARRAY[CAST(:activity AS uuid)]"
        found.append(
            (broad if wanted.related_activities else "s.activity = :activity", {"activity": index_key(wanted.activity)})
        )
    if wanted.verb is not None:
        found.append(("s.verb = :verb", {"verb": index_key(wanted.verb)}))
    if wanted.registration is not None:
        found.append(("s.registration = :registration", {"registration": wanted.registration}))
    if wanted.since is not None:
        found.append(("s.stored > :since", {"since": wanted.since}))
    if wanted.until is not None:
        found.append(("s.stored <= :until", {"until": wanted.until}))
    if after is not None:
        beyond = ">" if wanted.ascending else "<"
        found.append((f"(s.stored, s.id) {beyond} (:at, :last)", {"at": after.stored, "last": after.id}))
    return found
