"""The ledger onto the log: all of it, in order, at least once."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence

import pytest

from praxis_events.envelope import Event
from praxis_events.log import (
    EventLog,
    Locate,
    LogUnavailable,
    NewRecord,
    Position,
    Record,
    Subscription,
    Topic,
    TopicPartition,
)
from praxis_events.topics import DECISIONS
from praxis_events.upcasting import newest
from praxis_incentives.relay import SOURCE, Relay, RelayTuning
from tests.fixtures.installation import running
from tests.services.incentives.deciding import Deciding

QUICK = RelayTuning(batch=2, idle_seconds=0.01, backoff_first=0.001)


@pytest.fixture
async def decided(decider: Deciding) -> Deciding:
    await decider.publish()
    for number in range(1, 8):
        await decider.apply_skill(number, learner={"person_id": f"p-{number % 4}"})
    await decider.decide()
    return decider


class Unacknowledged:
    """The real log, of which some acknowledgements get lost: the records are there, the writer doesn't know."""

    def __init__(self, log: EventLog, lost: int) -> None:
        self._log, self._lost = log, lost

    async def append(self, records: Sequence[NewRecord]) -> list[Position]:
        positions = await self._log.append(records)
        if self._lost:
            self._lost -= 1
            raise LogUnavailable("no acknowledgement in time")
        return positions

    async def ensure_topics(self, topics: Iterable[Topic]) -> None:
        await self._log.ensure_topics(topics)

    def subscribe(self, topics: Collection[str], group: str, locate: Locate) -> Subscription:
        return self._log.subscribe(topics, group, locate)

    async def end_positions(self, topics: Collection[str]) -> dict[TopicPartition, int]:
        return await self._log.end_positions(topics)

    async def compact(self, replaced: Collection[Position], tell: Callable[[int], None] = lambda _: None) -> None:
        await self._log.compact(replaced, tell)

    async def close(self) -> None:
        await self._log.close()


async def test_every_ledger_row_is_on_the_log_in_order(decided: Deciding) -> None:
    async with running([Relay(decided.log, decided.database.engine, QUICK)]):
        await until_sent(decided)
    events = [Event.from_record(record) for record in await records(decided)]
    assert [event.data for event in events] == await decided.raw_bodies()
    for event, body in zip(events, await decided.bodies(), strict=True):
        assert (event.id, event.source) == (body["decision"], SOURCE)
        assert event.type == f"praxis.recognition.{body['outcome']}.v1"
        assert newest(event) is not None


async def test_the_outbox_knows_where_each_row_is(decided: Deciding) -> None:
    await drain(Relay(decided.log, decided.database.engine, QUICK))
    rows = await decided.query("SELECT log_offset FROM outbox ORDER BY ledger_index")
    assert [row.log_offset for row in rows] == [record.offset for record in await records(decided)]


async def test_a_lost_acknowledgement_repeats_the_same_ids_and_keeps_the_order(decided: Deciding) -> None:
    relay = Relay(Unacknowledged(decided.log, lost=3), decided.database.engine, QUICK)
    async with running([relay]):
        await until_sent(decided)
    sent = [Event.from_record(record).id for record in await records(decided)]
    assert len(sent) == await decided.ledger_size() + 6
    assert list(dict.fromkeys(sent)) == [body["decision"] for body in await decided.bodies()]


async def test_restarted_in_the_middle_it_goes_on_where_it_was(decided: Deciding) -> None:
    assert await Relay(decided.log, decided.database.engine, QUICK).step() == 2
    await drain(Relay(decided.log, decided.database.engine, QUICK))
    assert [Event.from_record(record).data for record in await records(decided)] == await decided.raw_bodies()


async def test_relays_that_run_together_send_each_row_once(decided: Deciding) -> None:
    async with running([Relay(decided.log, decided.database.engine, QUICK) for _ in range(3)]):
        await until_sent(decided)
    assert [Event.from_record(record).data for record in await records(decided)] == await decided.raw_bodies()


async def drain(relay: Relay) -> None:
    while await relay.step():
        pass


async def until_sent(decided: Deciding) -> None:
    async with asyncio.timeout(60):
        waiting = True
        while waiting:
            await asyncio.sleep(0.01)
            waiting = bool(await decided.query("SELECT 1 FROM outbox WHERE log_offset IS NULL"))


async def records(decided: Deciding) -> list[Record]:
    async def from_the_start(partitions: Collection[TopicPartition]) -> dict[TopicPartition, int]:
        return dict.fromkeys(partitions, 0)

    found: list[Record] = []
    async with decided.log.subscribe([DECISIONS.name], "test", from_the_start) as reader:
        while batch := await reader.fetch(1_000, 0.2):
            found += [record for part in batch.values() for record in part]
    return found
