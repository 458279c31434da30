"""Each test of the contract runs on both logs."""

from collections.abc import AsyncIterator
from itertools import count

import pytest

from praxis_embedded.kafka import QUICK, EmbeddedKafka
from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events.log import EventLog, Topic
from tests.contract.adapters import Adapter, Breakable, BreakableKafka, BreakablePostgres, Kafka, Postgres

ADAPTERS = ("postgres", "kafka")

_topics = count(1)


@pytest.fixture(params=ADAPTERS)
def adapter(request: pytest.FixtureRequest) -> Adapter:
    if request.param == "kafka":
        return Kafka(request.getfixturevalue("kafka"))
    return Postgres(request.getfixturevalue("database_url"))


@pytest.fixture
async def log(adapter: Adapter) -> AsyncIterator[EventLog]:
    log = await adapter.open()
    yield log
    await log.close()


@pytest.fixture
def new_topic() -> Topic:
    """Of three partitions, not made yet, and of no other test."""
    return Topic(f"contract.{next(_topics)}", 3)


@pytest.fixture
async def topic(log: EventLog, new_topic: Topic) -> str:
    """The name of an empty topic with three partitions."""
    await log.ensure_topics([new_topic])
    return new_topic.name


@pytest.fixture(scope="module", params=ADAPTERS)
async def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Breakable]:
    """Shared by the tests of a module, each of which leaves it running."""
    folder = tmp_path_factory.mktemp("breakable")
    if request.param == "kafka":
        broker = EmbeddedKafka(folder / "kafka", java_options=QUICK)
        await broker.start()
        yield BreakableKafka(broker)
        await broker.kill()
    else:
        database = EmbeddedPostgres(folder / "data")
        await database.start()
        await database.ensure_database("praxis")
        yield BreakablePostgres(database)
        await database.stop("immediate")
