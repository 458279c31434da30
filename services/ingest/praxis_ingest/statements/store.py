"""The statement store: a projection that keeps the first copy of each id and answers xAPI reads.

It also notes whom a first copy names: what is counted once needs the same election.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.log import Record
from praxis_events.redaction import is_redacted
from praxis_events.topics import STATEMENTS
from praxis_ingest.identities.sightings import note_statements
from praxis_ingest.statements.comparison import same_stored
from praxis_ingest.statements.indexing import IndexedStatement, index_statement

_INSERT = text(
    """
    INSERT INTO statements
        (id, stored, verb, activity, registration, voids, agents, related_agents, related_activities, body)
    SELECT id, stored, verb, activity, registration, voids,
           string_to_array(agents, ',')::uuid[], string_to_array(related_agents, ',')::uuid[],
           string_to_array(related_activities, ',')::uuid[], body
    FROM unnest(CAST(:id AS uuid[]), CAST(:stored AS timestamptz[]), CAST(:verb AS uuid[]),
                CAST(:activity AS uuid[]), CAST(:registration AS uuid[]), CAST(:voids AS uuid[]),
                CAST(:agents AS text[]), CAST(:related_agents AS text[]), CAST(:related_activities AS text[]),
                CAST(:body AS bytea[]))
      AS s(id, stored, verb, activity, registration, voids, agents, related_agents, related_activities, body)
    ON CONFLICT DO NOTHING
    RETURNING id
    """
)
# The keys of a statement travel as one text: unnest would flatten an array of arrays.
_CONFLICT = text(
    'INSERT INTO statement_conflicts (id, topic, partition, "offset") '
    "VALUES (:id, :topic, :partition, :offset) ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A statement and where the log has it. ``redacted``: it is not what was sent any more, which is no conflict."""

    statement: IndexedStatement
    topic: str
    partition: int
    offset: int
    redacted: bool = False


class StatementStore:
    """First in the log wins; a later copy with other content is written down as a conflict and changes nothing."""

    name = "statements"
    topics = (STATEMENTS.name,)
    rebuildable = True
    serial = False

    def decode(self, record: Record) -> StoredRecord:
        place = (record.topic, record.partition, record.place)
        return StoredRecord(index_statement(record.value), *place, redacted=is_redacted(record))

    async def apply(self, session: AsyncSession, items: Sequence[StoredRecord]) -> None:
        first: dict[UUID, StoredRecord] = {}
        later: list[StoredRecord] = []
        for item in items:
            if first.setdefault(item.statement.id, item) is not item:
                later.append(item)
        inserted = await self._insert(session, [first[key] for key in sorted(first)])
        new = (first[key].statement for key in inserted)
        await note_statements(session, ((each.people, each.stored) for each in new))
        later += [item for key, item in first.items() if key not in inserted]
        if later:
            await self._note_conflicts(session, later)

    async def _insert(self, session: AsyncSession, items: Sequence[StoredRecord]) -> set[UUID]:
        statements = [item.statement for item in items]
        columns = {
            **{
                name: [getattr(each, name) for each in statements]
                for name in ("id", "stored", "verb", "activity", "registration", "voids", "body")
            },
            **{
                name: [",".join(map(str, getattr(each, name))) for each in statements]
                for name in ("agents", "related_agents", "related_activities")
            },
        }
        return set((await session.execute(_INSERT, columns)).scalars())

    async def _note_conflicts(self, session: AsyncSession, items: Sequence[StoredRecord]) -> None:
        kept = await session.execute(
            text("SELECT id, body FROM statements WHERE id = ANY(:ids)"), {"ids": [i.statement.id for i in items]}
        )
        bodies = {row.id: row.body for row in kept}
        conflicts = [
            {"id": i.statement.id, "topic": i.topic, "partition": i.partition, "offset": i.offset}
            for i in items
            if not i.redacted and not same_stored(bodies[i.statement.id], i.statement.body)
        ]
        if conflicts:
            await session.execute(_CONFLICT, conflicts)
