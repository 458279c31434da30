"""The audit log: who did what by their authority, and who read whose record. Rows of ``access.audit``."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from praxis_events.clock import Clock, system_clock
from praxis_people.identifiers import bounded
from praxis_service.database import engine_for

Act = Literal[
    "audit-read", "credential-made", "credential-revoked", "dead-letter-retried", "decision-appealed",
    "person-exported", "person-forgotten", "policy-published", "record-read", "review-approved", "review-declined",
    "review-released", "review-upheld", "session-begun",
]  # fmt: skip

COMMAND_LINE = "praxis:command-line"
"""The actor of what the ``praxis`` command does: who was there, the machine knows. No credential has this key."""

MOST_WAITING = 10_000
PAUSE_SECONDS, RETRY_SECONDS, LAST_SECONDS = 0.5, 2.0, 5.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Entry:
    """``actor``: a credential's key, or a token's subject; ``object``: what it was done to; ``person``: whose record,
    as ``person:<id>`` or an identifier's key; ``entry``: its number, once it has one.
    """

    at: datetime
    actor: str
    act: Act
    object: str | None = None
    person: str | None = None
    entry: int | None = None


class Audit:
    """Entries are written in the background, soon after: a request does not wait for them, unless thousands wait. A
    process that is killed loses those of its last half second; one that is stopped does not. While the database does
    not answer they wait in memory, and are written as soon as it does.
    """

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock
        self._waiting: list[Entry] = []
        self._room = asyncio.Condition()

    async def note(self, actor: str, act: Act, object_: str | None = None, persons: Iterable[str] = ()) -> None:
        """One entry, or one for each of the persons whose records were shown."""
        async with self._room:
            await self._room.wait_for(lambda: len(self._waiting) < MOST_WAITING)
            self._waiting += entries(self._clock(), actor, act, object_, persons)

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[None]:
        """Meanwhile entries are written; at the end those that are left, as far as the database lets them."""
        stopping = asyncio.Event()
        task = asyncio.create_task(self._run(stopping), name="audit")
        try:
            yield
        finally:
            stopping.set()
            await asyncio.wait([task], timeout=LAST_SECONDS)
            task.cancel()
            if self._waiting:
                logger.error("%d entries of the audit log are lost", len(self._waiting))

    async def _run(self, stopping: asyncio.Event) -> None:
        while not stopping.is_set() or self._waiting:
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), PAUSE_SECONDS)
            try:
                await self._write()
            except Exception as error:  # whatever it is: entries wait, and nobody else would write them
                logger.warning("the audit log cannot be written: %s; it is tried again", type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    async def _write(self) -> None:
        taken = self._waiting[:]
        if taken:
            async with self._engine.begin() as connection:
                await write(connection, taken)
            async with self._room:
                del self._waiting[: len(taken)]
                self._room.notify_all()


def entries(at: datetime, actor: str, act: Act, object_: str | None = None, persons: Iterable[str] = ()) -> list[Entry]:
    """One, or one for each of ``persons``. What they are made of may come from a path: it is bounded, and storable."""
    about: Sequence[str | None] = sorted({bounded(each) for each in persons}) or [None]
    return [Entry(at, actor, act, object_ and bounded(object_), person) for person in about]


_COLUMNS = ("at", "actor", "act", "object", "person")
_WRITE = text(
    "INSERT INTO access.audit (at, actor, act, object, person) SELECT * FROM unnest(CAST(:at AS timestamptz[]), "
    "CAST(:actor AS text[]), CAST(:act AS text[]), CAST(:object AS text[]), CAST(:person AS text[]))"
)


async def write(connection: AsyncConnection, found: Sequence[Entry]) -> None:
    """In the caller's transaction: with it, or not at all."""
    await connection.execute(_WRITE, {name: [getattr(each, name) for each in found] for name in _COLUMNS})


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """``since`` inclusive, ``until`` exclusive; ``before``: only entries before this one."""

    actor: str | None = None
    act: str | None = None
    person: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    limit: int = 50


async def read(engine: AsyncEngine, wanted: AuditFilter) -> tuple[list[Entry], int | None]:
    """Entries, newest first, and what ``before`` is for the next page."""
    conditions = {
        "actor": "actor = :actor", "act": "act = :act", "person": "person = :person",
        "since": "at >= :since", "until": "at < :until", "before": "entry < :before",
    }  # fmt: skip
    given = {name: value for name in conditions if (value := getattr(wanted, name)) is not None}
    where = " AND ".join(conditions[name] for name in given) or "true"
    query = f"SELECT entry, {', '.join(_COLUMNS)} FROM access.audit WHERE {where} ORDER BY entry DESC LIMIT :rows"  # noqa: S608
    async with engine.connect() as connection:
        rows = (await connection.execute(text(query), given | {"rows": wanted.limit + 1})).all()
    shown = rows[: wanted.limit]
    found = [Entry(row.at, row.actor, row.act, row.object, row.person, row.entry) for row in shown]
    return found, shown[-1].entry if len(rows) > wanted.limit else None


async def pseudonymise(engine: AsyncEngine, keys: Mapping[str, str], credentials: Mapping[str, str]) -> int:
    """Replace a person by what stands in their place: ``keys`` by how their record is named, ``credentials`` by the
    keys of their own. How many entries there were.
    """
    changed = 0
    async with engine.begin() as connection:
        await connection.execute(text("SET LOCAL praxis.erasing = 'on'"))
        for column, names in (("person", keys), ("actor", credentials), ("object", credentials)):
            statement = text(f"UPDATE access.audit SET {column} = :new WHERE {column} = :old")  # noqa: S608
            for old, new in sorted(names.items()):
                changed += (await connection.execute(statement, {"old": old, "new": new})).rowcount
    return changed


async def note_command(url: str, act: Act, object_: str | None = None, persons: Iterable[str] = ()) -> None:
    """What the ``praxis`` command did, on the database at ``url``."""
    engine = engine_for(url, pool_size=1)
    try:
        async with engine.begin() as connection:
            await write(connection, entries(system_clock(), COMMAND_LINE, act, object_, persons))
    finally:
        await engine.dispose()
