"""Dictionaries: texts as small numbers, committed in short transactions of their own before the facts that use them.

An entry that no fact ends up using does no harm, and nobody waits for a whole batch to commit only because it holds
the same new word. Keys go in sorted, so that two writers wait for one another and never dead-lock.

What is remembered in memory is on disk: these transactions wait for it, unlike those of the facts. Else a crash of the
database would take entries back, and maybe give their numbers away again, while this process goes on using them.
"""

from collections.abc import Callable, Collection, Container, Iterable, Mapping
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Result, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_metrics.verbs import Role, role_of

K = TypeVar("K", str, UUID, tuple[int, int, int])

REMEMBERED = 200_000
"""Entries that one dictionary keeps in memory: some 20 MB."""


def unknown(keys: Iterable[K], known: Container[K]) -> set[K]:
    """Those not in ``known``, by lookups: ``keys - known.keys()`` would walk through all that is known."""
    return {key for key in set(keys) if key not in known}


class Dictionary(Generic[K]):
    """Texts and their numbers. ``insert`` and ``select`` take the columns that ``columns`` makes of sorted keys."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        insert: str,
        select: str,
        columns: Callable[[list[K]], dict[str, list[Any]]],
    ) -> None:
        self._sessions = sessions
        self._columns: Callable[[list[K]], dict[str, list[Any]]] = columns
        self._insert, self._select = text(insert), text(select)
        self._known: dict[K, int] = {}

    async def numbers(self, keys: Iterable[K]) -> Mapping[K, int]:
        """The number of each key, and maybe of others; new keys get one."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
        if new := unknown(keys, self._known):
            async with self._sessions.begin() as session:
                found = await self._look(session, new)
                # Only what is missing: an insert would wait for whoever is changing a row that is there.
                if missing := unknown(new, found):
                    found |= _pairs(await session.execute(self._insert, self._columns(sorted(missing))))
                    if theirs := unknown(missing, found):
                        found |= await self._look(session, theirs)
            self._known |= found  # once it is committed
        return self._known

    async def _look(self, session: AsyncSession, keys: Collection[K]) -> dict[K, int]:
        return _pairs(await session.execute(self._select, {"keys": list(keys)}))


def _pairs(rows: Result[K, int]) -> dict[K, int]:
    return {key: number for key, number in rows}  # noqa: C416 - rows are not pairs to dict()


def verbs(sessions: async_sessionmaker[AsyncSession]) -> Dictionary[str]:
    """Verbs by IRI, each with what it counts as."""

    def columns(iris: list[str]) -> dict[str, list[Any]]:
        roles = [role_of(iri) for iri in iris]
        return {"keys": iris, **{name: [getattr(role, name) for role in roles] for name in Role._fields}}

    return Dictionary(
        sessions,
        "INSERT INTO verbs (iri, activity, terminal, completed, enrolled) SELECT * FROM unnest(CAST(:keys AS text[]), "
        "CAST(:activity AS bool[]), CAST(:terminal AS bool[]), CAST(:completed AS bool[]), CAST(:enrolled AS bool[])) "
        "ON CONFLICT DO NOTHING RETURNING iri, id",
        "SELECT iri, id FROM verbs WHERE iri = ANY(:keys)",
        columns,
    )


def activities(sessions: async_sessionmaker[AsyncSession]) -> Dictionary[str]:
    """Activities by IRI: objects of statements, and the courses they belong to."""
    return Dictionary(
        sessions,
        "INSERT INTO activities (iri) SELECT unnest(CAST(:keys AS text[])) ON CONFLICT DO NOTHING RETURNING iri, id",
        "SELECT iri, id FROM activities WHERE iri = ANY(:keys)",
        lambda iris: {"keys": iris},
    )


def registrations(sessions: async_sessionmaker[AsyncSession]) -> Dictionary[UUID]:
    return Dictionary(
        sessions,
        "INSERT INTO registrations (registration) SELECT unnest(CAST(:keys AS uuid[])) ON CONFLICT DO NOTHING "
        "RETURNING registration, id",
        "SELECT registration, id FROM registrations WHERE registration = ANY(:keys)",
        lambda found: {"keys": found},
    )


class RegistrationCourses:
    """Who used a registration, and where: (registration, actor, course)."""

    _INSERT = text(
        "INSERT INTO registration_courses (registration_id, actor_id, course_id) "
        "SELECT * FROM unnest(CAST(:registrations AS bigint[]), CAST(:actors AS bigint[]), CAST(:courses AS bigint[])) "
        "ON CONFLICT DO NOTHING"
    )

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions
        self._known: set[tuple[int, int, int]] = set()

    async def add(self, uses: Iterable[tuple[int, int, int]]) -> None:
        if len(self._known) > REMEMBERED:
            self._known.clear()
        if new := sorted(set(uses) - self._known):
            columns = zip(("registrations", "actors", "courses"), map(list, zip(*new, strict=True)), strict=True)
            async with self._sessions.begin() as session:
                await session.execute(self._INSERT, dict(columns))
            self._known.update(new)
