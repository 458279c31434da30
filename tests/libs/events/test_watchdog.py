"""What stands still is noticed, and not again and again."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from praxis_events.log import EventLog, Locate, Positions, Record, TopicPartition
from praxis_events.runner import Tuning
from praxis_events.watchdog import Watchdog
from tests.libs.events.projecting import Projecting, running

START = datetime(2026, 3, 2, 10, tzinfo=UTC)
ONE, TWO = TopicPartition("work.evidence", 0), TopicPartition("people.directory", 0)
MINUTE = timedelta(minutes=1)


def at(minutes: float) -> datetime:
    return START + minutes * MINUTE


def test_what_has_not_moved_for_long_is_told_once_and_then_ever_later() -> None:
    dog = Watchdog(MINUTE, START)
    told = [minute for minute in range(12) if dog.still({ONE: (5, None)}, at(minute))]
    assert told == [1, 3, 7]


def test_whoever_moves_in_any_way_is_well() -> None:
    dog = Watchdog(MINUTE, START)
    assert [dog.still({ONE: (minute, None)}, at(minute)) for minute in range(5)] == [set()] * 5
    assert [dog.still({ONE: (4, at(minute))}, at(minute)) for minute in range(5, 9)] == [set()] * 4


def test_one_that_moves_does_not_hide_one_that_does_not() -> None:
    dog = Watchdog(MINUTE, START)
    found = [dog.still({ONE: (minute, None), TWO: (0, None)}, at(minute)) for minute in range(4)]
    assert found == [set(), {TWO}, set(), {TWO}]


def test_once_it_moves_patience_is_what_it_was() -> None:
    dog = Watchdog(MINUTE, START)
    assert [minute for minute in range(4) if dog.still({ONE: (5, None)}, at(minute))] == [1, 3]
    assert dog.still({ONE: (6, None)}, at(4)) == set()
    assert dog.still({ONE: (6, None)}, at(5)) == {ONE}


def test_a_new_reader_has_the_whole_patience_before_it_however_long_it_took_to_join() -> None:
    dog = Watchdog(MINUTE, START)
    assert dog.still({ONE: (5, None)}, at(0)) == set()
    dog.begin(at(3))
    assert [minute for minute in (3, 3.5, 3.9, 4) if dog.still({ONE: (5, None)}, at(minute))] == [4]


class Deaf:
    """The log, but for the first subscriptions to a topic, which hold nothing and read nothing, as stuck clients do."""

    def __init__(self, log: Any, topic: str, deaf: int) -> None:
        self._log, self._topic, self.deaf = log, topic, deaf

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    @asynccontextmanager
    async def subscribe(self, topics: Collection[str], group: str, locate: Locate) -> AsyncIterator[Any]:
        async with self._log.subscribe(topics, group, locate) as reader:
            self.deaf -= self._topic in topics
            yield reader if self.deaf < 0 or self._topic not in topics else _Stuck()


class _Stuck:
    async def fetch(self, _most: int, timeout: float) -> dict[TopicPartition, list[Record]]:
        await asyncio.sleep(timeout)
        return {}

    def positions(self) -> Positions:
        return {}


async def test_a_client_that_reads_nothing_is_replaced(projecting: Projecting) -> None:
    tuning = Tuning(idle_seconds=0.05, look_seconds=0.05, backoff_first=0.01, patience_seconds=2)
    await projecting.append("1")
    async with running(projecting.runner(tuning=tuning)):
        await projecting.until_applied()
    deaf = Deaf(projecting.log, projecting.topic, 1)
    stuck = replace(projecting, log=cast(EventLog, deaf)).runner(tuning=tuning)
    await projecting.append("2")
    async with running(stuck):
        await projecting.until_applied()
    assert deaf.deaf < 0
