"""Rounds of faults under load: break some things at once, see that all gets well, and how soon."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from statistics import median

from tests.faults.book import Book
from tests.faults.breaking import Deck, Fault, inflict
from tests.faults.clients import Client, LearningSystem, WorkSystem
from tests.faults.world import World

CALM_SECONDS = 1.0
"""Between rounds, so that there is something to break."""

LEARNING_SYSTEMS, WORK_SYSTEMS = 4, 2

DRAIN_SECONDS = 120


@dataclass
class Figures:
    """What a run adds up to."""

    rounds: int = 0
    statements: int = 0
    events: int = 0
    decisions: int = 0
    restarts: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    recoveries: list[float] = field(default_factory=list)

    def __add__(self, other: "Figures") -> "Figures":
        names = Figures.__dataclass_fields__
        return Figures(**{name: getattr(self, name) + getattr(other, name) for name in names})

    def __str__(self) -> str:
        faults = ", ".join(f"{name} {many}" for name, many in sorted(self.faults.items()))
        answers = ", ".join(f"{answer} {many}" for answer, many in self.answers.most_common())
        return (
            f"{self.rounds} rounds, {self.faults.total()} faults: {faults}\n"
            f"acknowledged and kept: {self.statements:,} statements, {self.events:,} events; "
            f"{self.decisions:,} decisions; none lost, none counted twice\n"
            f"answers: {answers}; processes started again: {self.restarts}\n"
            f"well again after {median(self.recoveries):.1f} s in the median, {max(self.recoveries):.1f} s at most"
        )


async def under_faults(world: World, book: Book, seed: int, rounds: int, faults: list[Fault]) -> Figures:
    """Returns when every client has every answer and all is well. The seed gives what is broken, and what is sent."""
    figures = Figures()
    chance = Random(seed)
    deck = Deck(faults, Random(seed))
    async with _load(world, book, Random(seed)):
        for number in range(1, rounds + 1):
            await asyncio.sleep(CALM_SECONDS)
            drawn = deck.draw()
            names = ", ".join(each.name for each in drawn)
            print(f"  {number}/{rounds}  {names}", end="", flush=True)
            await asyncio.gather(*(inflict(each, world, _own(chance)) for each in drawn))
            await world.heal()
            waited = await world.well()
            figures.recoveries.append(sum(waited.values()))
            figures.faults.update(each.name for each in drawn)
            longest = max(waited, key=lambda name: waited[name])
            print(
                f": well after {figures.recoveries[-1]:.1f} s, of which {longest} {waited[longest]:.1f}; "
                f"{book.statements_kept:,} statements, {book.events_kept:,} events",
                flush=True,
            )
            assert book.violations == []
    figures.rounds, figures.restarts = rounds, sum(part.starts - 1 for part in world.parts)
    figures.statements, figures.events, figures.answers = book.statements_kept, book.events_kept, book.answers
    return figures


@asynccontextmanager
async def _load(world: World, book: Book, chance: Random) -> AsyncIterator[None]:
    """Several clients meanwhile; at the end all that they have sent is answered."""
    clients: list[Client] = [LearningSystem(world, book, _own(chance)) for _ in range(LEARNING_SYSTEMS)]
    clients += [WorkSystem(world, book, _own(chance), f"/tools/{number}") for number in range(WORK_SYSTEMS)]
    tasks = [asyncio.create_task(client.run()) for client in clients]
    try:
        yield
        for client in clients:
            client.stop()
        async with asyncio.timeout(DRAIN_SECONDS):
            await asyncio.gather(*tasks)
        await world.well()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _own(chance: Random) -> Random:
    return Random(chance.getrandbits(64))
