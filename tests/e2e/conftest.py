"""The same tests on one machine, and with each service apart on Apache Kafka."""

from collections.abc import AsyncIterator

import pytest

from praxis_embedded.kafka import EmbeddedKafka
from praxis_embedded.postgres import EmbeddedPostgres
from tests.fixtures.processes import Deployment, running_apart, running_on_one_machine


@pytest.fixture(scope="module", params=["one-machine", "apart-on-kafka"])
async def praxis(
    request: pytest.FixtureRequest, postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Deployment]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "one-machine":
        async with running_on_one_machine(folder / "data") as deployment:
            yield deployment
        return
    broker = EmbeddedKafka(folder / "kafka")
    await broker.start()
    try:
        await postgres.ensure_database("apart")
        async with running_apart(folder, postgres.url("apart"), broker.bootstrap) as deployment:
            yield deployment
    finally:
        await broker.kill()
