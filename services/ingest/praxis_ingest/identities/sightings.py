"""Which identifiers were seen, how often and when: one row for each, whoever claims it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_people.forgetting.pseudonyms import is_pseudonym
from praxis_people.identifiers import claimed_by

_SEEN = text(
    """
    INSERT INTO identifiers_seen AS seen (key, hash, other_hash, statements, first_seen, last_seen)
    SELECT * FROM unnest(CAST(:key AS text[]), CAST(:hash AS text[]), CAST(:other_hash AS text[]),
                         CAST(:statements AS bigint[]), CAST(:first AS timestamptz[]), CAST(:last AS timestamptz[]))
    ON CONFLICT (key) DO UPDATE SET statements = seen.statements + excluded.statements,
        first_seen = least(seen.first_seen, excluded.first_seen),
        last_seen = greatest(seen.last_seen, excluded.last_seen)
    """
)
_IN_EVENTS = text(
    "INSERT INTO identifiers_in_events (key, event) "
    "SELECT * FROM unnest(CAST(:key AS text[]), CAST(:event AS uuid[])) ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class _Seen:
    statements: int
    first: datetime
    last: datetime


async def note_statements(session: AsyncSession, named: Iterable[tuple[Iterable[str], datetime]]) -> None:
    """Of each statement that is new to the store: the keys that it names, each once, and when it was stored."""
    await _note(session, ((key, at) for keys, at in named for key in keys), statements=1)


async def note_events(session: AsyncSession, named: Iterable[tuple[UUID, Iterable[str], datetime]]) -> None:
    """Of each event that is new: its key, the keys that it names, and when the log took it.

    Events are kept one by one, as a rescission that comes later takes one back.
    """
    rows = [(key, event, at) for event, keys, at in named for key in keys if not is_pseudonym(key)]
    if rows:
        await session.execute(_IN_EVENTS, {"key": [row[0] for row in rows], "event": [row[1] for row in rows]})
        await _note(session, ((key, at) for key, _, at in rows), statements=0)


async def _note(session: AsyncSession, named: Iterable[tuple[str, datetime]], *, statements: int) -> None:
    found: dict[str, _Seen] = {}
    for key, at in named:
        seen = found.get(key)
        if seen is None:
            found[key] = _Seen(statements, at, at)
        else:
            found[key] = _Seen(seen.statements + statements, min(seen.first, at), max(seen.last, at))
    keys = sorted(key for key in found if not is_pseudonym(key))  # in one order, or two projectors wait for one another
    if not keys:
        return
    hashes: list[tuple[str | None, ...]] = [tuple(sorted(claimed_by(key) - {key})) or (None, None) for key in keys]
    await session.execute(
        _SEEN,
        {
            "key": keys,
            "hash": [one for one, _ in hashes],
            "other_hash": [other for _, other in hashes],
            "statements": [found[key].statements for key in keys],
            "first": [found[key].first for key in keys],
            "last": [found[key].last for key in keys],
        },
    )
