"""Clients that send again what was not acknowledged, and now and then what was, and write down all they are told."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from random import Random
from typing import Any

import httpx

from tests.faults.book import Book, content, name_of, said
from tests.faults.learning import Learning, Statement
from tests.faults.organisation import Event, Organisation
from tests.faults.world import World

MOST_WAITING = 25
"""Batches without an answer, beyond which a client makes no new ones."""

PAUSE, PAUSE_AFTER_FAILURE = 0.12, 0.4
AGAIN, TO_BOTH, READ = 0.12, 0.12, 0.2

Batch = list[dict[str, Any]]


class Client(ABC):
    def __init__(self, world: World, book: Book, chance: Random) -> None:
        self._world, self._book, self._chance = world, book, chance
        self._waiting: list[Batch] = []
        self._stopping = asyncio.Event()

    @abstractmethod
    def make(self) -> Batch:
        """Something new to send."""

    @abstractmethod
    def sends(self, batch: Batch) -> None:
        """Note in the book what is about to be sent."""

    @abstractmethod
    async def post(self, address: str, batch: Batch) -> httpx.Response: ...

    @abstractmethod
    def acknowledged(self, batch: Batch, answer: httpx.Response) -> None:
        """Note in the book what a success says."""

    @abstractmethod
    def refused(self, batch: Batch) -> list[Batch]:
        """Note that all of it is known with other content; what is to be sent all the same."""

    @abstractmethod
    async def read(self, answer: httpx.Response) -> None:
        """See what was just acknowledged."""

    def stop(self) -> None:
        """Make nothing new; ``run`` returns when everything was answered."""
        self._stopping.set()

    async def run(self) -> None:
        while self._waiting or not self._stopping.is_set():
            if len(self._waiting) < MOST_WAITING and not self._stopping.is_set():
                self._waiting.append(self.make())
            batch = self._waiting.pop(self._chance.randrange(len(self._waiting)))
            left = await self._send(batch)
            self._waiting += left
            await asyncio.sleep(self._chance.uniform(0, PAUSE_AFTER_FAILURE if batch in left else 2 * PAUSE))

    async def _send(self, batch: Batch) -> list[Batch]:
        """What still has to be sent."""
        replicas = self._world.services["ingest"]
        to_both = self._chance.random() < TO_BOTH
        addresses = replicas if to_both else [self._chance.choice(replicas)]
        answered = await asyncio.gather(*(self._ask(address, batch) for address in addresses))
        return min(answered, key=len)

    async def _ask(self, address: str, batch: Batch) -> list[Batch]:
        self.sends(batch)
        try:
            answer = await self.post(address, batch)
        except httpx.TransportError as error:
            self._book.answers[type(error).__name__] += 1
            return [batch]
        self._book.answers[str(answer.status_code)] += 1
        if answer.status_code in (200, 207):
            self.acknowledged(batch, answer)
            with suppress(httpx.TransportError):
                await self.read(answer)
            return [batch] if self._chance.random() < AGAIN and not self._stopping.is_set() else []
        if answer.status_code == 409:
            return self.refused(batch)
        if answer.status_code != 503:
            self._book.violations.append(f"{answer.status_code} {answer.text[:500]}")
        return [batch]


class LearningSystem(Client):
    def __init__(self, world: World, book: Book, chance: Random) -> None:
        super().__init__(world, book, chance)
        self._learning = Learning(chance)

    def make(self) -> list[Statement]:
        return self._learning.batch()

    def sends(self, batch: Sequence[Statement]) -> None:
        for statement in batch:
            self._book.sends_statement(statement)

    async def post(self, address: str, batch: Batch) -> httpx.Response:
        return await self._world.client.post(f"{address}/xapi/statements", json=batch)

    def acknowledged(self, batch: Batch, answer: httpx.Response) -> None:
        for statement, id_ in zip(batch, answer.json(), strict=True):
            self._book.statement_is_acknowledged(statement, id_)

    def refused(self, batch: Batch) -> list[Batch]:
        """Nothing of it was stored: one by one it shows which are known."""
        if len(batch) > 1:
            return [[each] for each in batch]
        self._book.refused.add((batch[0]["id"], said(batch[0])))
        return []

    async def read(self, answer: httpx.Response) -> None:
        """What was acknowledged is there for whoever asks next, through any replica, unless it was voided."""
        if self._chance.random() > READ:
            return
        id_ = self._chance.choice(answer.json())
        found = await self._world.get("ingest", "/xapi/statements", statementId=id_)
        expected = (200, 503, 404) if id_ in self._book.void_targets else (200, 503)
        if found.status_code not in expected:
            self._book.violations.append(f"{id_} was acknowledged, then: {found.status_code} {found.text[:300]}")


class WorkSystem(Client):
    def __init__(self, world: World, book: Book, chance: Random, source: str) -> None:
        super().__init__(world, book, chance)
        self._organisation = Organisation(source, chance)

    def make(self) -> list[Event]:
        return self._organisation.batch()

    def sends(self, batch: Sequence[Event]) -> None:
        for event in batch:
            self._book.sends_event(event)

    async def post(self, address: str, batch: Batch) -> httpx.Response:
        media_type = {"Content-Type": "application/cloudevents-batch+json"}
        return await self._world.client.post(f"{address}/events", json=batch, headers=media_type)

    def acknowledged(self, batch: Batch, answer: httpx.Response) -> None:
        body = answer.json()
        for each in body["accepted"]:
            self._book.acknowledged_events.add(_told(batch[each["index"]]))
        for each in body["refused"]:
            if each["status"] != 409:
                self._book.violations.append(f"{batch[each['index']]} was refused: {each}")
            self._book.refused_events.add(_told(batch[each["index"]]))

    def refused(self, batch: Batch) -> list[Batch]:
        self._book.refused_events |= {_told(event) for event in batch}
        return []

    async def read(self, answer: httpx.Response) -> None:
        """Whoever asks for decisions or figures gets them, or is told to come again; it waits for the decider, too."""
        for service, path in (("incentives", "/decisions"), ("metrics", "/kpis/learning-hours")):
            found = await self._world.get(service, path)
            if found.status_code not in (200, 503):
                self._book.violations.append(f"{path}: {found.status_code} {found.text[:300]}")


def _told(event: Event) -> tuple[tuple[str, str], str]:
    return name_of(event), content(event["type"], event["data"])
