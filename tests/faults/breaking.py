"""The faults: each breaks something for a while and undoes what it did. What runs by itself also heals by itself."""

import asyncio
import signal
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from random import Random

import asyncpg

from tests.faults.disk import Disk
from tests.faults.line import Line
from tests.faults.part import Part
from tests.faults.world import World

AT_ONCE = 3
"""The most faults at one time."""

Break = Callable[[World, Random], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """``subject``: what it breaks. Two at a time never break the same thing."""

    name: str
    subject: str
    inflict: Break


class Deck:
    """Every fault comes once, in any order, before any comes again."""

    def __init__(self, faults: list[Fault], chance: Random) -> None:
        self._faults, self._chance = faults, chance
        self._left: list[Fault] = []

    def draw(self) -> list[Fault]:
        """What happens at one time, in one round."""
        drawn: list[Fault] = []
        for _ in range(self._chance.randint(1, AT_ONCE)):
            fault = self._next()
            if fault.subject in {each.subject for each in drawn}:
                self._left.append(fault)
                break
            drawn.append(fault)
        return drawn

    def _next(self) -> Fault:
        if not self._left:
            self._left = self._chance.sample(self._faults, len(self._faults))
        return self._left.pop()


def possible(world: World) -> list[Fault]:
    """Those that this installation can have, on this machine."""
    full = of_full_disks(world) if Disk.can_be_full() else []
    return [*OF_PROCESSES, *OF_POSTGRES, *(OF_KAFKA if world.broker is not None else []), *full]


def of_full_disks(world: World) -> list[Fault]:
    return [FULL_POSTGRES, *([FULL_KAFKA] if world.broker is not None else [])]


async def inflict(fault: Fault, world: World, chance: Random) -> None:
    """At some moment soon."""
    await asyncio.sleep(chance.uniform(0, 1.5))
    await fault.inflict(world, chance)


async def _a_while(chance: Random, most: float = 7.0) -> None:
    """Sometimes longer than an append may take, sometimes not."""
    await asyncio.sleep(chance.uniform(0.3, most))


# -- processes of the services -----------------------------------------------------------------------------------------


def _signalled(number: signal.Signals, what: str) -> Break:
    """A few times, so that it happens in different moments of different processes' lives."""

    async def inflict(world: World, chance: Random) -> None:
        for _ in range(chance.randint(1, 3)):
            chance.choice(_parts(world, what)).signal(number)
            await asyncio.sleep(chance.uniform(0.2, 2))

    return inflict


def _all_killed(what: str) -> Break:
    async def inflict(world: World, chance: Random) -> None:
        for part in _parts(world, what):
            part.signal(signal.SIGKILL)

    return inflict


def _hung(what: str) -> Break:
    async def inflict(world: World, chance: Random) -> None:
        part = chance.choice(_parts(world, what))
        part.signal(signal.SIGSTOP)
        try:
            await _a_while(chance, most=14)
        finally:
            part.signal(signal.SIGCONT)

    return inflict


def _parts(world: World, what: str) -> list[Part]:
    return [part for part in world.parts if what in part.name]


# -- PostgreSQL --------------------------------------------------------------------------------------------------------


async def _postgres_killed(world: World, chance: Random) -> None:
    await world.kill_postgres()
    await _a_while(chance, most=4)
    await world.postgres.start()


async def _postgres_stopped(world: World, chance: Random) -> None:
    await world.postgres.stop("immediate" if chance.random() < 0.5 else "fast")
    await _a_while(chance, most=4)
    await world.postgres.start()


async def _postgres_hung(world: World, chance: Random) -> None:
    world.hang_postgres()
    try:
        await _a_while(chance)
    finally:
        world.resume_postgres()


async def _postgres_disk_full(world: World, chance: Random) -> None:
    """Tables cannot grow; now and then the write-ahead log cannot either, and the server goes down."""
    with world.postgres_disk.full():
        if chance.random() < 0.5:
            await _use_up_the_wal(world)
        await _a_while(chance, most=10)
    await world.postgres.start()


async def _use_up_the_wal(world: World) -> None:
    with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
        connection = await world.postgres.connect()
        try:
            for _ in range(20):
                await connection.execute("SELECT pg_switch_wal()", timeout=5)
                await asyncio.sleep(0.1)
        finally:
            connection.terminate()


# -- Kafka -------------------------------------------------------------------------------------------------------------


async def _broker_killed(world: World, chance: Random) -> None:
    assert world.broker is not None
    await world.broker.kill()
    await _a_while(chance, most=4)
    await world.broker.start()


async def _broker_stopped(world: World, chance: Random) -> None:
    assert world.broker is not None
    await world.broker.stop()
    await _a_while(chance, most=4)
    await world.broker.start()


async def _broker_hung(world: World, chance: Random) -> None:
    assert world.broker is not None
    world.broker.pause()
    try:
        await _a_while(chance, most=12)
    finally:
        world.broker.resume()


async def _broker_disk_full(world: World, chance: Random) -> None:
    """It takes itself down when it cannot write."""
    assert world.broker is not None
    assert world.broker_disk is not None
    with world.broker_disk.full():
        await _a_while(chance, most=10)
    if world.broker.is_running:
        await world.broker.kill()
    await world.broker.start()


# -- lines -------------------------------------------------------------------------------------------------------------


def _slow(line: Callable[[World], Line | None]) -> Break:
    async def inflict(world: World, chance: Random) -> None:
        found = line(world)
        assert found is not None
        async with found.slow(chance.choice([0.05, 0.3, 2.0])):
            await _a_while(chance, most=8)

    return inflict


def _cut(line: Callable[[World], Line | None]) -> Break:
    async def inflict(world: World, chance: Random) -> None:
        found = line(world)
        assert found is not None
        for _ in range(chance.randint(1, 6)):
            found.cut()
            await asyncio.sleep(chance.uniform(0.05, 1))

    return inflict


def _unheard(line: Callable[[World], Line | None]) -> Break:
    async def inflict(world: World, chance: Random) -> None:
        found = line(world)
        assert found is not None
        for _ in range(chance.randint(1, 4)):
            async with found.losing_answers():
                await asyncio.sleep(chance.uniform(0.05, 1))
            await asyncio.sleep(chance.uniform(0.05, 1))

    return inflict


def _to_postgres(world: World) -> Line:
    return world.postgres_line


def _to_kafka(world: World) -> Line | None:
    return world.broker_line


FULL_POSTGRES = Fault("PostgreSQL's disk full", "postgres", _postgres_disk_full)
FULL_KAFKA = Fault("broker's disk full", "kafka", _broker_disk_full)
OF_PROCESSES = [
    Fault("API killed", "serve", _signalled(signal.SIGKILL, "-serve-")),
    Fault("API stopped", "serve", _signalled(signal.SIGTERM, "-serve-")),
    Fault("API hung", "serve", _hung("-serve-")),
    Fault("all APIs killed", "serve", _all_killed("-serve-")),
    Fault("projector killed", "project", _signalled(signal.SIGKILL, "-project-")),
    Fault("projector stopped", "project", _signalled(signal.SIGTERM, "-project-")),
    Fault("projector hung", "project", _hung("-project-")),
    Fault("all projectors killed", "project", _all_killed("-project-")),
]
OF_POSTGRES = [
    Fault("PostgreSQL killed", "postgres", _postgres_killed),
    Fault("PostgreSQL stopped", "postgres", _postgres_stopped),
    Fault("PostgreSQL hung", "postgres", _postgres_hung),
    Fault("line to PostgreSQL slow", "line to postgres", _slow(_to_postgres)),
    Fault("line to PostgreSQL cut", "line to postgres", _cut(_to_postgres)),
    Fault("PostgreSQL's answers lost", "line to postgres", _unheard(_to_postgres)),
]
OF_KAFKA = [
    Fault("broker killed", "kafka", _broker_killed),
    Fault("broker stopped", "kafka", _broker_stopped),
    Fault("broker hung", "kafka", _broker_hung),
    Fault("line to the broker slow", "line to kafka", _slow(_to_kafka)),
    Fault("line to the broker cut", "line to kafka", _cut(_to_kafka)),
    Fault("broker's answers lost", "line to kafka", _unheard(_to_kafka)),
]
