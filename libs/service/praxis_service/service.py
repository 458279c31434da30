"""What a service is to the processes that run it: topics, schemas, routes, and background workers."""

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.clock import Clock, system_clock
from praxis_events.log import EventLog
from praxis_service.access.access import Access
from praxis_service.settings import Settings


class Worker(Protocol):
    """Something that runs in a projector process until told to stop: a runner, a refresher, a relay."""

    async def run(self) -> None: ...

    def stop(self) -> None:
        """Finish the work in hand and return from ``run``."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """What a composition root needs: the adapters that the process chose.

    ``generation``: the one whose tables the workers write; ``None`` means the live one. While it is being
    ``rebuilt`` it only takes in what the log holds: nothing that anybody else would see is done.
    """

    settings: Settings
    log: EventLog
    clock: Clock = field(default=system_clock)
    generation: int | None = None
    rebuilt: bool = False


Check = Callable[[], Awaitable[str | None]]
"""A readiness check: ``None`` when well, else what is missing."""


@dataclass(frozen=True, slots=True)
class Service:
    """One service's composition root, as the process that hosts it sees it.

    ``api`` adds the routes to an app, each of which asks who is calling, and yields while they may be served, with a
    readiness check; ``workers`` yields
    what a projector process runs. Both close what they opened. For a rebuild, ``settled_through`` says up to when all
    that was taken in is also computed, and ``hand_over`` makes the live generation write its last.
    """

    name: str
    package: str
    api: Callable[[FastAPI, Context, Access], AbstractAsyncContextManager[Check]]
    workers: Callable[[Context], AbstractAsyncContextManager[list[Worker]]]
    settled_through: Callable[[AsyncSession], Awaitable[datetime | None]] | None = None
    hand_over: Callable[[Context], Awaitable[None]] | None = None
