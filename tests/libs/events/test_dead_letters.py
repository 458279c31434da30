"""What cannot be applied goes to ``dead.letters``, costs nobody else anything, and stops a projection if it is all."""

import asyncio
from collections import Counter
from collections.abc import Sequence

import pytest
from sqlalchemy import text

from praxis_events import checkpoint, instruments
from praxis_events.contracts.dead_letter import RecordRejected
from praxis_events.log import EventLog, LogUnavailable, NewRecord, Position, Record, TopicPartition
from praxis_events.projection import PoisonRecord
from praxis_events.reading import read
from praxis_events.rejections import MAX_IN_A_ROW
from praxis_events.runner import Tuning
from tests.libs.events.projecting import Effects, Item, Projecting, Unaware, metric, running

TOO_LARGE = "99999"  # for a smallint: the database refuses it
FORBIDDEN = "-1"  # by a constraint


async def test_bad_records_are_set_aside_and_their_neighbours_applied(projecting: Projecting) -> None:
    values = ["1", "poison", "1", "no number", "ignored", TOO_LARGE, "1", FORBIDDEN, FORBIDDEN, "deep", "1"]
    names = await projecting.append(*values)
    others = await projecting.append(*["1"] * 50, partition=1)
    async with running(projecting.runner()):
        await projecting.until_applied()
    good = [name for name, value in zip(names, values, strict=True) if value == "1"]
    assert await projecting.effects() == Counter([*good, *others])
    assert {letter.offset: letter.code for _, letter in await projecting.dead_letters()} == {
        1: "bad-value", 3: "ValueError", 5: "DBAPIError", 7: "IntegrityError", 8: "IntegrityError", 9: "RecursionError",
    }  # fmt: skip


async def test_a_dead_letter_says_where_and_why_and_nothing_of_what(projecting: Projecting) -> None:
    await projecting.append("somebody's secret")
    async with running(projecting.runner()):
        await projecting.until_applied()
    ((id_, letter),) = await projecting.dead_letters()
    topic = projecting.topic
    assert id_ == f"{topic}/{topic}/0/0"
    assert letter == RecordRejected(projection=topic, topic=topic, partition=0, offset=0, code="ValueError")


@pytest.mark.parametrize("batch", [1, 7, 2_000])
async def test_bad_records_are_found_among_good_ones_in_any_batch(projecting: Projecting, batch: int) -> None:
    values = [TOO_LARGE if n % 5 == 3 else "poison" if n % 11 == 2 else "1" for n in range(160)]
    names = await projecting.append(*values)
    async with running(projecting.runner(tuning=Tuning(batch, 0.05, 0.05, 0.01, 0.2))):
        await projecting.until_applied()
    good = [name for name, value in zip(names, values, strict=True) if value == "1"]
    assert await projecting.effects() == Counter(good)
    assert len(await projecting.dead_letters()) == len(names) - len(good) > MAX_IN_A_ROW


async def test_a_fault_that_only_the_commit_shows_is_found_and_a_letter_written_twice_is_one(
    projecting: Projecting,
) -> None:
    """The constraint is deferred; of two that cannot both be, the first in the log stands."""
    names = await projecting.append("1", "only:a", "only:b", "poison", "1", "only:a", "1")
    async with running(projecting.runner()):
        await projecting.until_applied()
    assert await projecting.effects() == Counter(name for name in names if name not in ("0.3", "0.5"))
    letters = await projecting.dead_letters()
    assert [letter.offset for _, letter in letters] == [3, 3, 5]
    assert len({id_ for id_, _ in letters}) == 2


class Deaf(Unaware):
    """The log while nothing can be appended to it."""

    def __init__(self, log: EventLog, times: int) -> None:
        super().__init__(log, "deaf")
        self.times = times

    async def append(self, records: Sequence[NewRecord]) -> list[Position]:
        if self.times:
            self.times -= 1
            raise LogUnavailable("not acknowledged")
        return await self._log.append(records)


async def test_the_checkpoint_waits_for_the_dead_letter(projecting: Projecting) -> None:
    await projecting.append("1", "poison", "1")
    deaf = Deaf(projecting.log, times=1_000_000)
    before = metric(instruments.RETRIES, projecting.topic)
    async with running(projecting.runner(log=deaf)):
        while metric(instruments.RETRIES, projecting.topic) < before + 3:
            await asyncio.sleep(0.02)
        assert (await projecting.reached()).get(0) == 0
        assert await projecting.effects() == Counter()
        deaf.times = 0
        await projecting.until_applied()
    assert len(await projecting.dead_letters()) == 1
    assert sum((await projecting.effects()).values()) == 2


class Mended(Effects):
    """The projection, after somebody has mended it."""

    def decode(self, record: Record) -> Item | None:
        return super().decode(record._replace(value=b"1") if record.value == b"poison" else record)


async def test_only_the_owner_of_a_partition_writes_its_dead_letters(projecting: Projecting) -> None:
    """A consumer that lost its partition to one that can take the record must not report it."""

    names = await projecting.append("1", "poison", "1")
    old, first = projecting.runner(), TopicPartition(projecting.topic, 0)
    async with projecting.log.subscribe([projecting.topic], f"{projecting.topic}.old", old._locate) as reader:
        await reader.fetch(1, 0)
        async with running(projecting.runner(Mended(projecting.topic))):
            await projecting.until_applied()
        reader.seek(first, 0)
        while reader.positions()[first] < 3:
            await old.step(reader)
    assert await projecting.effects() == Counter(names)
    assert await projecting.dead_letters() == []


# -- too many in a row -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", ["poison", TOO_LARGE])
@pytest.mark.parametrize("batch", [1, 10, 2_000])
async def test_too_many_in_a_row_stop_the_partition_until_a_person_clears_it(
    projecting: Projecting, bad: str, batch: int
) -> None:
    await projecting.append("1", *[bad, "ignored"] * (MAX_IN_A_ROW + 5), *["1"] * 10)
    others = await projecting.append(*["1"] * 5, partition=1)
    tuning = Tuning(batch, 0.05, 0.05, 0.01, 0.2)
    async with running(projecting.runner(tuning=tuning)):
        await until_stopped(projecting)
        await projecting.until_applied(1)
    stopped_at = (await projecting.reached())[0]
    assert stopped_at <= 1 + 2 * MAX_IN_A_ROW
    assert len({id_ for id_, _ in await projecting.dead_letters()}) <= MAX_IN_A_ROW
    async with running(projecting.runner(tuning=tuning)):  # a restart
        await projecting.until_applied(1)
        assert metric(instruments.STOPPED, projecting.topic, projecting.topic, "0") == 1
    (row,) = [row for row in await projecting.rows() if row.partition == 0]
    assert (row.next_offset, row.stopped_at is not None) == (stopped_at, True)
    assert row.stop_reason is not None
    assert row.stop_reason.startswith("25 records in a row")
    applied = await projecting.effects()
    assert applied == Counter([*(["0.0"] if stopped_at else []), *others])


async def test_a_partition_that_is_cleared_goes_on_where_it_stopped(projecting: Projecting) -> None:
    names = await projecting.append("1", *["poison"] * 60, "1")
    async with running(projecting.runner()):
        await until_stopped(projecting)
    async with running(projecting.runner(Mended(projecting.topic))):
        await projecting.until_applied(1)
        async with projecting.sessions.begin() as session:
            assert await checkpoint.clear(session, projecting.topic) == [TopicPartition(projecting.topic, 0)]
        await projecting.until_applied()
        assert metric(instruments.STOPPED, projecting.topic, projecting.topic, "0") == 0
    rejected = {letter.offset for _, letter in await projecting.dead_letters()}
    assert await projecting.effects() == Counter(name for n, name in enumerate(names) if n not in rejected)


async def test_clearing_begins_a_new_row_without_a_restart(projecting: Projecting) -> None:
    """So that one who clears gets past bad records by and by, whether or not the process was started again."""
    names = await projecting.append(*["poison"] * 40, "1")
    async with running(projecting.runner(tuning=Tuning(10, 0.05, 0.05, 0.01, 0.2))):
        await until_stopped(projecting)
        async with projecting.sessions.begin() as session:
            await checkpoint.clear(session, projecting.topic)
        await projecting.until_applied()
    assert await projecting.effects() == Counter([names[-1]])
    assert len(await projecting.dead_letters()) == 40


async def test_clearing_again_and_again_gets_past_any_number_in_batches_of_any_size(projecting: Projecting) -> None:
    """Each time some of them are set aside, also when all of them come in one batch."""
    names = await projecting.append(*["poison"] * 60, "1")
    async with running(projecting.runner()):
        for _ in range(4):
            await until_stopped(projecting)
            async with projecting.sessions.begin() as session:
                await checkpoint.clear(session, projecting.topic)
            if await stays_clear(projecting, len(names)):
                break
    assert await projecting.effects() == Counter([names[-1]])
    assert len(await projecting.dead_letters()) == 60


async def test_what_was_set_aside_once_does_not_stop_the_next_generation(projecting: Projecting) -> None:
    names = await projecting.append(*["poison"] * 40, "1")
    async with running(projecting.runner(tuning=Tuning(10, 0.05, 0.05, 0.01, 0.2))):
        await until_stopped(projecting)
        async with projecting.sessions.begin() as session:
            await checkpoint.clear(session, projecting.topic)
        await projecting.until_applied()
    async with projecting.sessions.begin() as session:
        await session.execute(text("TRUNCATE effects, checkpoints"))
    async with running(projecting.runner()):
        await projecting.until_applied()
    assert await projecting.effects() == Counter([names[-1]])
    await projecting.append(*["poison"] * 40)
    async with running(projecting.runner()):  # those are new
        await until_stopped(projecting)


async def test_a_dead_letter_is_retried_once_the_projection_is_mended(projecting: Projecting) -> None:
    names = await projecting.append("1", "poison", "1")
    async with running(projecting.runner()):
        await projecting.until_applied()
    ((_, letter),) = await projecting.dead_letters()
    [record] = [r async for r in read(projecting.log, TopicPartition(letter.topic, letter.partition), letter.offset, 2)]
    with pytest.raises(PoisonRecord):
        await projecting.runner().retry(record)
    await projecting.runner(Mended(projecting.topic)).retry(record)
    assert await projecting.effects() == Counter(names)
    assert (await projecting.reached())[0] == 3


async def test_what_was_not_yet_read_is_not_retried(projecting: Projecting) -> None:
    await projecting.append("1")
    [record] = [r async for r in read(projecting.log, TopicPartition(projecting.topic, 0))]
    with pytest.raises(LookupError, match="not yet read"):
        await projecting.runner().retry(record)
    assert await projecting.effects() == Counter()


async def stays_clear(projecting: Projecting, end: int) -> bool:
    """Whether all up to ``end`` is taken; ``False`` when it stops before."""
    async with asyncio.timeout(60):
        while not any(row.stopped_at for row in await projecting.rows()):
            if (await projecting.reached())[0] >= end:
                return True
            await asyncio.sleep(0.02)
    return False


async def until_stopped(projecting: Projecting) -> None:
    async with asyncio.timeout(60):
        while not any(row.stopped_at for row in await projecting.rows()):
            await asyncio.sleep(0.02)


async def test_a_row_that_a_good_record_ends_stops_nothing(projecting: Projecting) -> None:
    bad = [*["poison"] * 13, *[TOO_LARGE] * 12]
    names = await projecting.append(*bad, "1", *bad, "1")
    async with running(projecting.runner()):
        await projecting.until_applied()
    assert await projecting.effects() == Counter([names[25], names[51]])
    assert len(await projecting.dead_letters()) == 50


async def test_bad_records_of_both_kinds_make_one_row(projecting: Projecting) -> None:
    await projecting.append(*["poison", TOO_LARGE] * 13)
    async with running(projecting.runner()):
        await until_stopped(projecting)


async def test_a_partition_that_another_consumer_stopped_is_left_alone(projecting: Projecting) -> None:
    async with running(projecting.runner()):
        names = await projecting.append("1")
        await projecting.until_applied()
        async with projecting.sessions.begin() as session:
            await checkpoint.stop(session, projecting.topic, TopicPartition(projecting.topic, 1), 0, "by another")
        await projecting.append(*["1"] * 5, partition=1)
        names += await projecting.append(*["1"] * 5, partition=2)
        await projecting.until_applied(0, 2)
        while not metric(instruments.STOPPED, projecting.topic, projecting.topic, "1"):
            await asyncio.sleep(0.02)
        await projecting.log.append([projecting.record("last", partition=2)])
        await projecting.until_applied(0, 2)
    assert await projecting.effects() == Counter([*names, "last"])
