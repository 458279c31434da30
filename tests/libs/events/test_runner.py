"""Each record takes effect exactly once, whatever fails, and however many runners there are."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events import instruments
from praxis_events.log import LogError, Topic
from praxis_events.runner import Tuning
from tests.contract.adapters import Adapter
from tests.contract.records import record
from tests.libs.events.projecting import Effects, Item, Projecting, Unaware, metric, running

# -- once --------------------------------------------------------------------------------------------------------------


class Interrupted(Effects):
    """Fails after its rows were written and before they are committed."""

    times = 4

    async def apply(self, session: AsyncSession, items: Sequence[Item]) -> None:
        await super().apply(session, items)
        if self.times:
            self.times -= 1
            raise ConnectionError("gone before the commit")


async def test_interrupted_before_a_commit_each_record_takes_effect_once(projecting: Projecting) -> None:
    names = [name for partition in range(3) for name in await projecting.append(*["1"] * 40, partition=partition)]
    before = metric(instruments.RETRIES, projecting.topic)
    async with running(projecting.runner(Interrupted(projecting.topic), Tuning(7, 0.05, 0.05, 0.01, 0.02))):
        await projecting.until_applied()
    assert await projecting.effects() == Counter(names)
    assert metric(instruments.RETRIES, projecting.topic) == before + Interrupted.times


async def test_gaps_are_applied_over(projecting: Projecting, adapter: Adapter, new_topic: Topic) -> None:
    topic = f"{new_topic.name}.gaps"
    await projecting.log.ensure_topics([Topic(topic, 1)])
    names = await adapter.append_with_gaps(projecting.log, topic, b"1")
    with_gaps = Projecting(projecting.log, topic, projecting.sessions)
    async with running(with_gaps.runner(tuning=Tuning(2, 0.05, 0.05))):
        await with_gaps.until_applied()
        before = datetime.now(UTC)
        while (mark := (await with_gaps.rows())[0].read_through) is None or mark < before:
            await asyncio.sleep(0.02)
    assert await with_gaps.effects() == Counter(names)


async def test_runners_that_come_and_go_apply_each_record_once(projecting: Projecting) -> None:
    expected: list[str] = []

    async def write() -> None:
        for n in range(60):
            records = [projecting.record(f"{n}.{each}", partition=each % 3) for each in range(10)]
            await projecting.log.append(records)
            expected.extend(each.key.decode() for each in records)
            await asyncio.sleep(0.01)

    tuning = Tuning(11, 0.05, 0.05, 0.01, 0.02)
    async with running(projecting.runner(tuning=tuning)):
        writing = asyncio.create_task(write())
        async with running(projecting.runner(tuning=tuning), projecting.runner(tuning=tuning)):
            await projecting.until_applied()
        await writing
        await projecting.until_applied()
    assert await projecting.effects() == Counter(expected)


async def test_runners_that_all_hold_a_partition_apply_each_record_once(projecting: Projecting) -> None:
    before = metric(instruments.CONFLICTS, projecting.topic)
    rivals = [
        projecting.runner(tuning=Tuning(5, 0.05, 0.05, 0.01, 0.02), log=Unaware(projecting.log, str(n)))
        for n in range(3)
    ]
    expected: list[str] = []
    async with running(*rivals):
        while metric(instruments.CONFLICTS, projecting.topic) == before or len(expected) < 200:
            name = f"n.{len(expected)}"
            await projecting.log.append([projecting.record(name)])
            expected.append(name)
        await projecting.until_applied()
    assert await projecting.effects() == Counter(expected)


class Held(Effects):
    """Its first transaction stays open, with its rows written, until it is let go."""

    def __init__(self, topic: str) -> None:
        super().__init__(topic)
        self.backend = asyncio.get_running_loop().create_future()
        self.go_on = asyncio.Event()

    async def apply(self, session: AsyncSession, items: Sequence[Item]) -> None:
        await super().apply(session, items)
        if not self.backend.done():
            self.backend.set_result(await session.scalar(text("SELECT pg_backend_pid()")))
            await self.go_on.wait()


async def test_one_that_pauses_in_its_transaction_and_comes_back_keeps_its_rival_out(projecting: Projecting) -> None:
    names = await projecting.append(*["1"] * 20)
    held = Held(projecting.topic)
    rival = projecting.runner(log=Unaware(projecting.log, "rival"))
    before = metric(instruments.CONFLICTS, projecting.topic)
    async with running(projecting.runner(held)):
        await held.backend
        async with running(rival):
            await until_blocked(projecting)
            assert await projecting.effects() == Counter()
            held.go_on.set()
            await projecting.until_applied()
            while metric(instruments.CONFLICTS, projecting.topic) == before:
                await asyncio.sleep(0.02)
    assert await projecting.effects() == Counter(names)


async def test_one_that_pauses_too_long_loses_to_its_rival_and_writes_nothing(projecting: Projecting) -> None:
    names = await projecting.append(*["1"] * 20)
    held = Held(projecting.topic)
    rival = projecting.runner(log=Unaware(projecting.log, "rival"))
    async with running(projecting.runner(held)):
        backend = await held.backend
        async with running(rival):
            async with projecting.sessions.begin() as session:
                await session.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": backend})
            await projecting.until_applied()
            held.go_on.set()
            names += await append_more(projecting)
            await projecting.until_applied()
    assert await projecting.effects() == Counter(names)


async def append_more(projecting: Projecting) -> list[str]:
    await projecting.log.append([projecting.record(f"more.{n}") for n in range(5)])
    return [f"more.{n}" for n in range(5)]


async def until_blocked(projecting: Projecting) -> None:
    """Until some transaction waits for another's lock."""
    waits = text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    async with projecting.sessions() as session, asyncio.timeout(30):
        while not await session.scalar(waits):
            await session.rollback()
            await asyncio.sleep(0.02)


async def test_stopping_finishes_the_batch_in_hand(projecting: Projecting) -> None:
    names = await projecting.append(*["1"] * 20)
    held = Held(projecting.topic)
    runner = projecting.runner(held)
    run = asyncio.create_task(runner.run())
    await held.backend
    runner.stop()
    await asyncio.sleep(0)
    assert not run.done()
    held.go_on.set()
    await asyncio.wait_for(run, 30)
    assert await projecting.effects() == Counter(names)


async def test_a_serial_projection_runs_one_transaction_at_a_time_over_all_its_topics(projecting: Projecting) -> None:
    class Serial(Effects):
        serial = True
        at_once = most = 0

        def __init__(self, topic: str, reads: Sequence[str]) -> None:
            super().__init__(topic)
            self.topics = tuple(reads)  # type: ignore[assignment]

        async def apply(self, session: AsyncSession, items: Sequence[Item]) -> None:
            Serial.at_once += 1
            Serial.most = max(Serial.most, Serial.at_once)
            await asyncio.sleep(0.005)
            await super().apply(session, items)
            Serial.at_once -= 1

    other = f"{projecting.topic}.other"
    await projecting.log.ensure_topics([Topic(other, 1)])
    tuning = Tuning(3, 0.05, 0.05, 0.01, 0.02)
    one = projecting.runner(Serial(projecting.topic, [projecting.topic]), tuning, Unaware(projecting.log, "one"))
    two = projecting.runner(Serial(projecting.topic, [other]), tuning, Unaware(projecting.log, "two"))
    names = await projecting.append(*["1"] * 40)
    await projecting.log.append([record(f"other.{n}", 0, other, b"1") for n in range(40)])
    async with running(one, two), asyncio.timeout(60):
        while sum((await projecting.effects()).values()) < 80:
            await asyncio.sleep(0.02)
    assert await projecting.effects() == Counter([*names, *(f"other.{n}" for n in range(40))])
    assert Serial.most == 1


# -- versions ----------------------------------------------------------------------------------------------------------


async def test_a_newer_version_pauses_its_partition_and_no_other(projecting: Projecting) -> None:
    names = await projecting.append("1", "1", "newer", "1")
    async with running(projecting.runner()):
        others = await projecting.append("1", "1", partition=1)
        await projecting.until_applied(1)
        while (await projecting.effects()).keys() != {*names[:2], *others}:
            await asyncio.sleep(0.02)
        others += [f"more.{each}" for each in range(3)]
        await projecting.log.append([projecting.record(name, partition=2) for name in others[2:]])
        await projecting.until_applied(1, 2)
        assert metric(instruments.PAUSED, projecting.topic, projecting.topic, "0") == 1
    assert await projecting.effects() == Counter([*names[:2], *others])
    assert await projecting.dead_letters() == []

    class Upgraded(Effects):
        def decode(self, record: Any) -> Item | None:
            return super().decode(record._replace(value=b"1") if record.value == b"newer" else record)

    async with running(projecting.runner(Upgraded(projecting.topic))):
        await projecting.until_applied()
    assert await projecting.effects() == Counter([*names, *others])


# -- lag and what is known to be applied -------------------------------------------------------------------------------


async def test_lag_is_reported_of_the_partitions_that_are_read(projecting: Projecting) -> None:
    lag = [instruments.LAG.labels(projecting.topic, projecting.topic, str(partition)) for partition in range(3)]
    await projecting.append(*["1"] * 30)
    await projecting.append("newer", *["1"] * 9, partition=1)
    end = await projecting.log.end_positions([projecting.topic])
    async with running(projecting.runner()):
        await projecting.until_applied(0)
        async with asyncio.timeout(30):
            while [each._value.get() for each in lag] != [0, max(end.values()) / 3, 0]:
                await asyncio.sleep(0.02)
            while metric(instruments.LAG_SECONDS, projecting.topic) < 0.3:
                await asyncio.sleep(0.02)


async def test_read_through_never_claims_more_than_is_applied(projecting: Projecting) -> None:
    acknowledged: list[tuple[datetime, str]] = []
    claims: list[tuple[datetime, set[str], int]] = []
    marks: set[datetime] = set()
    done = asyncio.Event()

    async def write(writer: int) -> None:
        for n in count():
            if n >= 80 and len(marks) >= 5:  # claims were made while there was something to claim too much of
                return
            name = f"{writer}.{n}"
            await projecting.log.append([projecting.record(name, "poison" if n % 9 == 8 else "1", (writer + n) % 3)])
            if n % 9 != 8:
                acknowledged.append((datetime.now(UTC), name))

    async def look() -> None:
        snapshot = text(
            "SELECT (SELECT min(read_through) FROM checkpoints), (SELECT count(read_through) FROM checkpoints), "
            "(SELECT coalesce(array_agg(name), '{}') FROM effects)"
        )
        while not done.is_set():
            async with projecting.sessions() as session:
                mark, known, applied = (await session.execute(snapshot)).one()
            if known == 3:
                marks.add(mark)
                claims.append((mark, set(applied), len(acknowledged)))
            await asyncio.sleep(0.005)

    tuning = Tuning(9, 0.02, 0.01, 0.01, 0.02)
    looking = asyncio.create_task(look())
    rivals = [projecting.runner(tuning=tuning, log=Unaware(projecting.log, str(n))) for n in range(2)]
    async with running(*rivals):
        await asyncio.wait_for(asyncio.gather(*(write(n) for n in range(4))), 60)
        written = datetime.now(UTC)
        async with asyncio.timeout(30):
            while not claims or claims[-1][0] < written:
                await asyncio.sleep(0.02)
    done.set()
    await looking
    for mark, applied, known in claims:
        assert applied >= {name for at, name in acknowledged[:known] if at < mark}
    assert claims[-1][1] == {name for _, name in acknowledged}


async def test_a_log_that_ends_before_the_checkpoint_is_an_error(projecting: Projecting) -> None:
    await projecting.append("1", "1")
    async with running(projecting.runner()):
        await projecting.until_applied()
    async with projecting.sessions.begin() as session:
        await session.execute(text("UPDATE checkpoints SET next_offset = 1000 WHERE partition = 0"))
    with pytest.raises(LogError, match=r"before what was applied|no longer reaches"):
        await asyncio.wait_for(projecting.runner().run(), 30)
    assert sum((await projecting.effects()).values()) == 2
