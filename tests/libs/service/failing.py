"""A process whose endpoints fail in every way; ``python -m tests.libs.service.failing``, configured as a service is."""

import asyncio
import logging
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread
from typing import NoReturn

from fastapi import FastAPI
from sqlalchemy import text

from praxis_events.log import LogError
from praxis_service.access.access import Access
from praxis_service.command import run_service
from praxis_service.database import engine_for
from praxis_service.service import Check, Context, Service, Worker

PERSON = "mailto:ann-marie@example.org"


@asynccontextmanager
async def api(app: FastAPI, context: Context, _: Access) -> AsyncIterator[Check]:
    engine = engine_for(context.settings.database_url, pool_size=1)

    async def database() -> None:
        """An error that quotes its parameters, and what the server says of them."""
        async with engine.connect() as connection:
            await connection.execute(text("SELECT CAST(CAST(:person AS text) AS uuid)"), {"person": PERSON})

    async def chained() -> None:
        try:
            _fail()
        except ValueError as error:
            raise RuntimeError(f"who is {PERSON}") from error

    async def together() -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(chained())

    async def forgotten() -> None:
        """Nobody awaits the task: asyncio shows it, with its exception."""
        asyncio.create_task(chained())  # noqa: RUF006
        await asyncio.sleep(0.05)

    async def threaded() -> None:
        thread = Thread(target=_fail)
        thread.start()
        await asyncio.to_thread(thread.join)

    async def warned() -> None:
        warnings.warn(f"unexpected {PERSON}", stacklevel=1)

    async def library() -> None:
        logging.getLogger("somebody.else").error("cannot take %s", PERSON)

    for endpoint in (database, chained, together, forgotten, threaded, warned, library):
        app.add_api_route(f"/{endpoint.__name__}", endpoint)

    async def ready() -> None:
        return None

    yield ready
    await engine.dispose()


class Failing:
    """A worker."""

    async def run(self) -> None:
        raise LogError("work.evidence/0 ends at 5") from ValueError(f"cannot take {PERSON}")

    def stop(self) -> None:
        pass


@asynccontextmanager
async def workers(_: Context) -> AsyncIterator[list[Worker]]:
    yield [Failing()]


def _fail() -> NoReturn:
    raise ValueError(PERSON)


if __name__ == "__main__":
    run_service(Service("failing", "tests", api, workers))
