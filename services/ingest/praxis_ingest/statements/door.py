"""The hot path: validate, give what an LRS sets, append; one pass over the bytes that the client sent."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_events.clock import Clock
from praxis_events.log import EventLog, NewRecord
from praxis_events.statement_records import statement_record
from praxis_events.times import format_times
from praxis_ingest.statements.comparison import same_statement
from praxis_ingest.statements.decode import Decoded
from praxis_ingest.statements.lookup import StoredStatements
from praxis_ingest.statements.recent import RecentStatements
from praxis_ingest.statements.splice import splice
from praxis_service.problem import Conflict, FieldError

VERSION = "1.0.3"
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Stored:
    """``ids``: of all statements of a request, in order; ``duplicates``: of how many that are no news."""

    ids: list[UUID]
    duplicates: int


class StatementDoor:
    """Takes validated statements onto the log. ``authority`` gives the authority (JSON) of a credential."""

    def __init__(self, log: EventLog, engine: AsyncEngine, clock: Clock, authority: Callable[[str], bytes]) -> None:
        self._log, self._clock, self._authority = log, clock, authority
        self._stored, self._recent = StoredStatements(engine), RecentStatements()
        self._last_stored = datetime.min.replace(tzinfo=clock().tzinfo)

    async def accept(self, statements: Sequence[Decoded], principal: str, traceparent: str | None = None) -> Stored:
        """Append the statements, durable on return. Those that are stored already stay as they are.

        Raises ``Conflict`` for a known id with other content (nothing is appended), ``LogUnavailable`` and
        ``RecordTooLarge``.
        """
        known = await self._known([s.id for s in statements if s.id is not None])
        if known:
            _refuse_conflicts(statements, known)
        authority = self._authority(principal)
        ids: list[UUID] = []
        records: list[NewRecord] = []
        accepted: list[tuple[UUID, bytes]] = []
        for statement, stored in zip(statements, self._stored_times(len(statements)), strict=True):
            statement_id = statement.id or uuid4()
            ids.append(statement_id)
            if known and statement_id in known:
                continue
            body = splice(statement, statement_id=statement_id, stored=stored, authority=authority, version=VERSION)
            records.append(
                statement_record(
                    statement_id, body, stored, principal, id_assigned=statement.id is None, traceparent=traceparent
                )
            )
            accepted.append((statement_id, statement.raw))
        if records:
            await self._log.append(records)
            self._recent.put(accepted)
        return Stored(ids, len(ids) - len(records))

    async def _known(self, ids: Sequence[UUID]) -> dict[UUID, bytes]:
        """What is already stored under these ids, by this replica's memory or by the store."""
        known = self._recent.those(ids)
        unknown = [each for each in ids if each not in known] if known else ids
        if unknown:
            known |= await self._stored.bodies(unknown)
        return known

    def _stored_times(self, count: int) -> list[str]:
        """The present, each later than the one before: the order of a batch is the order of its ``stored``."""
        first = max(self._clock(), self._last_stored + _MICROSECOND)
        self._last_stored = first + count * _MICROSECOND
        return format_times(first, count)


def _refuse_conflicts(statements: Sequence[Decoded], known: dict[UUID, bytes]) -> None:
    errors = [
        FieldError(f"the statement {s.id} is stored with other content", pointer=f"{s.pointer}/id")
        for s in statements
        if s.id in known and not same_statement(known[s.id], s.raw)
    ]
    if errors:
        raise Conflict("A statement id is known with other content; nothing was stored.", errors)


def credential_authority(base_url: str) -> Callable[[str], bytes]:
    """The authority of a credential: an Agent whose account is the credential's key at this installation."""

    def authority(key: str) -> bytes:
        return msgspec.json.encode({"objectType": "Agent", "account": {"homePage": base_url, "name": key}})

    return authority
