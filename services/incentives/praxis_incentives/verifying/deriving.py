"""A decider that knows nothing but the log, and is given for each decision the facts that it names, and no more.

What was decided in between is not told to it: it decides that again as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.checkpoint import CHECKPOINTS, locate
from praxis_events.contracts.recognition import DecisionData
from praxis_events.log import TopicPartition
from praxis_incentives.decider.facts import TOPICS, Fact
from praxis_incentives.decider.projection import Decider
from praxis_service.database import ServiceDatabase

_BODIES = text("SELECT ledger_index, body FROM ledger WHERE ledger_index >= :first ORDER BY ledger_index")


class Deriving:
    """``database``: a generation of its own, migrated and empty."""

    def __init__(self, database: ServiceDatabase) -> None:
        self._database = database
        self._decider = Decider()
        self._given = 0

    async def begin(self) -> None:
        async with self._database.sessions.begin() as session:
            await locate(session, Decider.name, [TopicPartition(topic, 0) for topic in TOPICS])

    async def derive(self, decision: DecisionData, facts: Sequence[Fact]) -> dict[int, bytes]:
        """What the facts lead to, by ledger index. ``facts``: what the decision knew and the one before
        it did not, in their order; a fact that was redacted since counts where it stood.
        """
        known = {each.topic: each.next_offset for each in decision.known}
        last = [fact for fact in facts if str(fact.event) == decision.trigger]
        before = [fact for fact in facts if str(fact.event) != decision.trigger]
        async with self._database.sessions.begin() as session:
            for fact in [*before, *last]:
                await _stand_at(session, known)
                await self._decider.apply(session, [replace(fact, offset=fact.place)])
            rows = (await session.execute(_BODIES, {"first": self._given})).all()
        self._given += len(rows)
        return {row.ledger_index: bytes(row.body) for row in rows}


async def _stand_at(session: AsyncSession, known: Mapping[str, int]) -> None:
    for topic, offset in known.items():
        row = (CHECKPOINTS.c.projection == Decider.name) & (CHECKPOINTS.c.topic == topic)
        await session.execute(CHECKPOINTS.update().where(row).values(next_offset=offset))
