"""The ledger against the log, and both against what anybody finds who judges the log again."""

from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy import text

from praxis_events.contracts.recognition import leaf_hash
from praxis_events.envelope import nonce
from praxis_events.log import EventLog, Positions, TopicPartition
from praxis_events.topics import DECISIONS
from praxis_incentives.decider.facts import TOPICS
from praxis_incentives.decider.folding import IDLE_SECONDS, LedgerGap
from praxis_incentives.decider.recorded import DECISION_PARTITION, Recorded, knew
from praxis_incentives.decider.recording import Entry
from praxis_incentives.verifying.deriving import Deriving
from praxis_service.database import ServiceDatabase, open_service
from praxis_service.migrations import migrate_generation
from praxis_service.rebuilding import drop_generation

GENERATION = 9_999_999
"""Where decisions are derived again; dropped before and afterwards. No rebuild comes to that number."""

MOST_FAULTS = 100
"""So many are told; a ledger that was tampered with at its beginning differs to its end."""

Tell = Callable[[int, int], None]
"""Gets how many decisions are compared, and how many there are."""

_SIZE = text("SELECT count(*) FROM ledger")
_ROW = text("SELECT decision, body, leaf FROM ledger WHERE ledger_index = :place")


@dataclass(frozen=True, slots=True)
class Fault:
    ledger_index: int
    what: str


@dataclass(slots=True)
class Verification:
    """``compared``: decisions that were derived again. ``redacted``: those about people who were forgotten since, whose
    bytes are no longer what was decided. ``waiting``: not on the log yet, so not looked at. ``faults``: the first ones.
    """

    compared: int = 0
    redacted: int = 0
    waiting: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def seen(self) -> int:
        return self.compared + self.redacted


async def verify(log: EventLog, url: str, tell: Tell) -> Verification:
    """Compare every row of the live ledger that is on the log. Raises ``LedgerGap``, ``LogUnavailable``."""
    live = await open_service(url, "incentives", pool_size=1)
    try:
        async with _beside(url) as fresh:
            return await _Check(log, live, Deriving(fresh), tell).run()
    finally:
        await live.close()


@asynccontextmanager
async def _beside(url: str) -> AsyncIterator[ServiceDatabase]:
    await drop_generation(url, "incentives", GENERATION)
    await migrate_generation(url, "incentives", "praxis_incentives", GENERATION)
    fresh = await open_service(url, "incentives", GENERATION, pool_size=1)
    try:
        yield fresh
    finally:
        await fresh.close()
        await drop_generation(url, "incentives", GENERATION)


class _Check:
    def __init__(self, log: EventLog, live: ServiceDatabase, deriving: Deriving, tell: Tell) -> None:
        self._log, self._live, self._deriving, self._tell = log, live, deriving, tell
        self._derived: dict[int, bytes] = {}
        self._found = Verification()

    async def run(self) -> Verification:
        await self._deriving.begin()
        ends = await self._log.end_positions((DECISIONS.name, *TOPICS))
        async with self._live.engine.connect() as connection:
            size = int(await connection.scalar(_SIZE) or 0)
        group = f"incentives.verifying.{nonce()}"
        async with self._log.subscribe((DECISIONS.name, *TOPICS), group, _from_the_start) as reader:
            recorded = Recorded(reader)
            await recorded.read(IDLE_SECONDS)
            await recorded.collect(dict.fromkeys(ends, 0), ends, IDLE_SECONDS)
            while recorded.position() < ends[DECISION_PARTITION]:
                await recorded.read(IDLE_SECONDS)
                while (entry := recorded.next_decision()) is not None:
                    await self._take(recorded, entry)
                    self._tell(self._found.seen, size)
        self._found.waiting = max(0, size - self._found.seen)
        return self._found

    async def _take(self, recorded: Recorded, entry: Entry) -> None:
        place = entry.data.ledger_index
        if place < self._found.seen:
            return  # a copy that a lost acknowledgement led to
        if place > self._found.seen:
            raise LedgerGap(f"the log has decision {place} and lacks {self._found.seen}")
        self._derived |= await self._deriving.derive(entry.data, recorded.facts_before(knew(entry.data)))
        await self._compare(place, entry, self._derived.pop(place, None))

    async def _compare(self, place: int, entry: Entry, derived: bytes | None) -> None:
        async with self._live.engine.connect() as connection:
            row = (await connection.execute(_ROW, {"place": place})).first()
        if entry.leaf is None:
            self._found.compared += 1
        else:
            self._found.redacted += 1
        if row is None:
            self._fault(place, "the ledger lacks it; the log has it")
            return
        if bytes(row.body) != entry.body:
            self._fault(place, "the ledger and the log say different things")
        if bytes(row.leaf) != (entry.leaf or leaf_hash(bytes(row.body))):
            self._fault(place, "its leaf is not the hash of what it says")
        if entry.leaf is None and derived != bytes(row.body):
            self._fault(place, "what it names leads to another decision" if derived else "what it names leads to none")

    def _fault(self, place: int, what: str) -> None:
        if len(self._found.faults) < MOST_FAULTS:
            self._found.faults.append(Fault(place, what))


async def _from_the_start(partitions: Collection[TopicPartition]) -> Positions:
    return dict.fromkeys(partitions, 0)
