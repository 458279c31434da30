"""Taking over what was decided already: the ledger made again from ``recognition.decisions``, deciding nothing anew.

A decision names the positions that it knew. So just those facts are taken that it knew and the one before it did not;
then it is written down as it stands on the log, whatever the code of today would decide. The cases' fingerprints
follow, so that nothing which was judged before is judged again.
"""

import asyncio
import logging
from collections.abc import Collection

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events import checkpoint
from praxis_events.checkpoint import CheckpointConflict
from praxis_events.envelope import nonce
from praxis_events.log import EventLog, LogError, Positions, TopicPartition
from praxis_events.runner import TRANSIENT
from praxis_events.topics import DECISIONS
from praxis_incentives.decider import recording
from praxis_incentives.decider.desk import Desk
from praxis_incentives.decider.facts import TOPICS
from praxis_incentives.decider.projection import Decider, chunks, learn
from praxis_incentives.decider.recorded import DECISION_PARTITION, Recorded, knew
from praxis_incentives.decider.recording import Entry

BATCH = 200
"""Decisions of one transaction."""

IDLE_SECONDS = 0.5
BACKOFF_FIRST, BACKOFF_MOST = 0.1, 15.0

_RELAYED = text("SELECT coalesce(max(log_offset) + 1, 0) FROM outbox")

logger = logging.getLogger(__name__)


class LedgerGap(LogError):
    """The log lacks a decision before this one. A person has to look: deciding on would make a second history."""


class Folding:
    """A worker. ``group``: what its consumer group begins with, as for ``Runner``."""

    name = "decider.folding"
    topics = (DECISIONS.name,)

    def __init__(self, log: EventLog, sessions: async_sessionmaker[AsyncSession], group: str) -> None:
        self._log, self._sessions = log, sessions
        self._group = f"{group}.{self.name}.{nonce()}"  # of its own: it needs all the partitions, not a share of them
        self._stopping = asyncio.Event()
        self._positions: dict[TopicPartition, int] = {}

    def stop(self) -> None:
        """Finish the transaction in hand, then return from ``run`` or ``to_end``."""
        self._stopping.set()

    async def run(self) -> None:
        """Follow the decisions that another generation makes, until ``stop``. Raises ``LedgerGap``."""
        await self._fold(to_end=False)

    async def to_end(self) -> None:
        """Fold what the log holds now. Raises ``LedgerGap``."""
        await self._fold(to_end=True)

    async def _fold(self, *, to_end: bool) -> None:
        delay = BACKOFF_FIRST
        while not self._stopping.is_set():
            try:
                end = (await self._log.end_positions(self.topics))[DECISION_PARTITION] if to_end else None
                await self._follow(end)
            except CheckpointConflict:
                logger.info("another decider takes over decisions too")
            except TRANSIENT as error:
                logger.warning("taking over decisions waits %.1f s: %s", delay, type(error).__name__)
                await self._sleep(delay)
                delay = min(delay * 2, BACKOFF_MOST)
            else:
                return

    async def _follow(self, end: int | None) -> None:
        """Until told to stop, or ``end`` is reached."""
        if end == 0:
            return
        async with self._log.subscribe((DECISIONS.name, *TOPICS), self._group, self._locate) as reader:
            recorded = Recorded(reader)
            await recorded.read(IDLE_SECONDS)
            if end is None or self._positions.get(DECISION_PARTITION, 0) < end:
                await recorded.collect(self._positions, await self._ends(), IDLE_SECONDS)
            while not self._stopping.is_set():
                await recorded.read(IDLE_SECONDS)
                while await self._step(recorded):
                    pass
                if end is not None and self._positions.get(DECISION_PARTITION, 0) >= end:
                    return

    async def _ends(self) -> Positions:
        return await self._log.end_positions((DECISIONS.name, *TOPICS))

    async def _step(self, recorded: Recorded) -> bool:
        """One transaction; whether there was anything to do."""
        before = self._positions.get(DECISION_PARTITION)
        if before is None:
            return False
        async with self._sessions.begin() as session:
            await checkpoint.lock_all(session, Decider.name)
            place, at, taken = await recording.next_place(session), dict(self._positions), 0
            while taken < BATCH and (entry := recorded.next_decision()) is not None:
                taken += 1
                if entry.data.ledger_index > place:
                    raise LedgerGap(f"the log has decision {entry.data.ledger_index} and lacks {place}")
                if entry.data.ledger_index == place:
                    await self._take(session, recorded, entry)
                    at |= {each: max(end, at[each]) for each, end in knew(entry.data).items()}
                    place += 1
            at[DECISION_PARTITION] = max(before, recorded.position())
            await self._advance(session, at)
        self._positions = at
        return taken > 0

    async def _take(self, session: AsyncSession, recorded: Recorded, entry: Entry) -> None:
        learners: set[str] = set()
        for fact in recorded.facts_before(knew(entry.data)):
            learners |= (await learn(session, fact))[0]
        for chunk in chunks(learners):
            desk = await Desk.load(session, chunk)
            desk.changed(desk.dossiers(chunk, entry.data.decided_at))
            await recording.remember(session, desk.touched)
        await recording.record(session, [entry])

    async def _advance(self, session: AsyncSession, after: Positions) -> None:
        moved = {each: (before, after[each]) for each, before in self._positions.items() if after[each] != before}
        own = moved.pop(DECISION_PARTITION, None)
        await checkpoint.advance(session, Decider.name, moved)
        if own is not None:
            await checkpoint.advance(session, self.name, {DECISION_PARTITION: own})

    async def _locate(self, partitions: Collection[TopicPartition]) -> Positions:
        facts = [each for each in partitions if each != DECISION_PARTITION]
        async with self._sessions.begin() as session:
            found = dict(await checkpoint.locate(session, Decider.name, facts))
            found |= await checkpoint.locate(session, self.name, [DECISION_PARTITION])
            relayed = await session.scalar(_RELAYED)
            if relayed > found[DECISION_PARTITION]:
                await checkpoint.advance(session, self.name, {DECISION_PARTITION: (found[DECISION_PARTITION], relayed)})
                found[DECISION_PARTITION] = relayed
        self._positions = found
        return {each: found[each] for each in partitions if each in found}

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
