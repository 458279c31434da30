"""How statements name and describe activities: texts by language, each kept once.

A new text joins those that were told before, so that any order and any number of projectors end with the same; the one
that was heard of last is what an activity is called.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

MOST_LANGUAGES, MOST_CHARACTERS = 20, 2_000
"""What is kept of one map: names are short, and of a description the beginning says what it is about."""

REMEMBERED = 100_000

ACTIVITY_TEXT_TABLES = (
    # name and description: language maps, and the digest of both. first_told: the log's time of the first statement
    # that told them so.
    """
    CREATE TABLE activity_texts (
        activity_id bigint NOT NULL,
        digest uuid NOT NULL,
        name jsonb NOT NULL,
        description jsonb NOT NULL,
        first_told timestamptz NOT NULL,
        PRIMARY KEY (activity_id, digest)
    )
    """,
    """
    CREATE VIEW activity_names AS
    SELECT DISTINCT ON (activity_id) activity_id, name, description FROM activity_texts
    ORDER BY activity_id, first_told DESC, digest
    """,
)
"""The statements that a generation's migration runs."""


class ActivityText(NamedTuple):
    """Language maps as JSON, with sorted keys."""

    name: str
    description: str

    @classmethod
    def of(cls, name: Mapping[str, str], description: Mapping[str, str]) -> "ActivityText | None":
        """``None`` where there is no word."""
        return cls(_map(name), _map(description)) if name or description else None

    @property
    def digest(self) -> UUID:
        return UUID(bytes=hashlib.sha256("\0".join(self).encode()).digest()[:16])


def _map(texts: Mapping[str, str]) -> str:
    """PostgreSQL stores neither a NUL nor half a surrogate pair."""
    first = {language: texts[language] for language in sorted(texts)[:MOST_LANGUAGES]}
    return json.dumps({language: _storable(words[:MOST_CHARACTERS]) for language, words in first.items()})


def _storable(words: str) -> str:
    return words.replace("\0", "").encode(errors="ignore").decode()


def called(name: Mapping[str, str] | None) -> str | None:
    """One text of a language map: English where there is one, else the first by its tag."""
    if not name:
        return None
    return name[min(name, key=lambda language: (language.partition("-")[0].lower() != "en", language))]


class ActivityTexts:
    """Committed in short transactions of their own, before the facts that tell them, as dictionaries are."""

    _INSERT = text(
        "INSERT INTO activity_texts AS t (activity_id, digest, name, description, first_told) "
        "SELECT * FROM unnest(CAST(:activities AS bigint[]), CAST(:digests AS uuid[]), CAST(:names AS jsonb[]), "
        "CAST(:descriptions AS jsonb[]), CAST(:times AS timestamptz[])) ON CONFLICT (activity_id, digest) "
        "DO UPDATE SET first_told = excluded.first_told WHERE excluded.first_told < t.first_told"
    )

    def __init__(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        self._sessions = sessions
        self._known: dict[tuple[int, UUID], datetime] = {}

    async def add(self, told: Iterable[tuple[int, ActivityText, datetime]]) -> None:
        """Of each activity's number a text, and when the log took a statement that has it."""
        if len(self._known) > REMEMBERED:
            self._known.clear()
        new = dict[tuple[int, UUID], tuple[ActivityText, datetime]]()
        for activity, words, at in told:
            key = (activity, words.digest)
            before = new[key][1] if key in new else self._known.get(key)
            if before is None or at < before:
                new[key] = (words, at)
        if new:
            async with self._sessions.begin() as session:
                await session.execute(self._INSERT, _columns(new))
            self._known |= {key: at for key, (_, at) in new.items()}


def _columns(new: Mapping[tuple[int, UUID], tuple[ActivityText, datetime]]) -> dict[str, list[Any]]:
    """Sorted, so that two writers wait for one another and never dead-lock."""
    rows = [(*key, *words, at) for key, (words, at) in sorted(new.items(), key=itemgetter(0))]
    names = ("activities", "digests", "names", "descriptions", "times")
    return dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
