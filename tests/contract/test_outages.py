"""What every ``EventLog`` promises when its server is killed or hangs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from praxis_events.log import EventLog, LogUnavailable, Position, TopicPartition
from tests.contract.adapters import Breakable
from tests.contract.records import from_start, names, read, read_until, record

APPEND_TIMEOUT = 2.0


@pytest.fixture
async def log(server: Breakable) -> AsyncIterator[EventLog]:
    log = await server.adapter.open(APPEND_TIMEOUT)
    yield log
    await log.close()


async def test_what_was_acknowledged_survives_a_kill_at_any_moment(
    server: Breakable, log: EventLog, topic: str
) -> None:
    acknowledged: dict[str, Position] = {}
    enough = asyncio.Event()

    async def write(writer: int) -> None:
        for n in range(100_000):
            (acknowledged[f"{writer}.{n}"],) = await log.append([record(f"{writer}.{n}", writer % 3, topic)])
            if len(acknowledged) >= 300:
                enough.set()

    writers = asyncio.gather(*(write(n) for n in range(8)), return_exceptions=True)
    await enough.wait()
    await server.kill()
    assert {type(error) for error in await writers} == {LogUnavailable}
    await server.start()
    await appended(log, "afterwards", topic)
    async with log.subscribe([topic], topic, from_start) as reader:
        found = {each.key.decode(): Position(*each[:3]) for each in await read_until(reader, "afterwards")}
        while not acknowledged.items() <= found.items():
            found |= {each.key.decode(): Position(*each[:3]) for each in await read(reader, 1)}


async def test_a_log_that_is_gone_is_an_outage_and_everything_recovers(
    server: Breakable, log: EventLog, topic: str
) -> None:
    async with log.subscribe([topic], topic, from_start) as reader:
        await log.append([record("before", 0, topic)])
        assert names(await read(reader, 1)) == ["before"]
        await server.kill()
        await assert_outage(server, log, topic)
        await server.start()
        await appended(log, "afterwards", topic)
        assert "afterwards" in names(await read_until(reader, "afterwards"))
        assert (await log.end_positions([topic]))[TopicPartition(topic, 0)] == reader.positions()[
            TopicPartition(topic, 0)
        ]


async def test_a_log_that_hangs_is_an_outage_and_everything_recovers(
    server: Breakable, log: EventLog, topic: str
) -> None:
    async with log.subscribe([topic], topic, from_start) as reader:
        await log.append([record("before", 0, topic)])
        assert names(await read(reader, 1)) == ["before"]
        server.hang()
        try:
            await assert_outage(server, log, topic)
        finally:
            server.go_on()
        await appended(log, "afterwards", topic)
        assert "afterwards" in names(await read_until(reader, "afterwards"))
        assert (await log.end_positions([topic]))[TopicPartition(topic, 0)] == reader.positions()[
            TopicPartition(topic, 0)
        ]


async def assert_outage(server: Breakable, log: EventLog, topic: str) -> None:
    """Every call fails, and none waits much longer than the append timeout."""
    async with asyncio.timeout(5 * APPEND_TIMEOUT):
        failed = await asyncio.gather(
            log.append([record("meanwhile", 0, topic)]),
            log.append([record("meanwhile", 1, topic)] * 3),
            log.end_positions([topic]),
            return_exceptions=True,
        )
    assert [type(error) for error in failed] == [LogUnavailable] * 3
    with pytest.raises(LogUnavailable):
        await server.adapter.open(0.5)


async def appended(log: EventLog, name: str, topic: str) -> None:
    while True:
        with suppress(LogUnavailable):
            await log.append([record(name, 0, topic)])
            return
