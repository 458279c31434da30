"""A projector process's own port: alive while its loop turns, ready while what its workers need answers."""

import asyncio
import socket
import urllib.request
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from threading import Thread

import httpx
import pytest

from praxis_embedded.kafka import EmbeddedKafka
from praxis_embedded.ports import free_port
from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events.clock import system_clock
from praxis_service.adapters import open_log
from praxis_service.operations_server import operations_served
from praxis_service.service import Context
from praxis_service.settings import Settings


@pytest.fixture
async def context(database_url: str) -> AsyncIterator[Context]:
    async with context_of(Settings(database_url=database_url)) as context:
        yield context


@asynccontextmanager
async def context_of(settings: Settings) -> AsyncIterator[Context]:
    async with open_log(settings) as log:
        yield Context(settings, log, system_clock)


async def test_readiness_names_what_does_not_answer_and_liveness_does_not_care(
    own_postgres: EmbeddedPostgres, own_kafka: EmbeddedKafka
) -> None:
    settings = Settings(
        database_url=own_postgres.url(), log="kafka", kafka_bootstrap=own_kafka.bootstrap, append_timeout=1
    )
    port = free_port()
    async with (
        context_of(settings) as context,
        operations_served(context, port),
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client,
    ):

        async def missing(expected: Mapping[str, str]) -> None:
            """In time, and all the while it is alive and tells its metrics."""
            async with asyncio.timeout(60):
                while True:
                    assert (await client.get("/healthz")).status_code == 200
                    assert "python_info" in (await client.get("/metrics")).text
                    answer = await client.get("/readyz", timeout=30)
                    if answer.json()["missing"] == expected:
                        break
                    await asyncio.sleep(0.05)
            assert answer.status_code == (503 if expected else 200)

        await missing({})
        await own_kafka.kill()
        await missing({"log": "the log does not answer"})
        await own_postgres.stop("immediate")
        await missing({"log": "the log does not answer", "database": "the database does not answer"})
        await own_postgres.start()
        await own_kafka.start()
        await missing({})
    with pytest.raises(ConnectionError):
        socket.create_connection(("127.0.0.1", port)).close()


async def test_no_answer_comes_from_a_loop_that_does_not_turn(context: Context) -> None:
    port, outcome = free_port(), list[str]()

    def ask() -> None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=0.5).close()
        except OSError as error:
            outcome.append(str(error))

    async with operations_served(context, port):
        await asyncio.to_thread(ask)
        assert outcome == []
        asking = Thread(target=ask)
        asking.start()
        asking.join()  # blocks the loop until the probe gave up
    assert outcome == ["timed out"]


async def test_a_busy_port_is_refused(context: Context) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        async with operations_served(context, taken.getsockname()[1]):
            pytest.fail("it serves")
