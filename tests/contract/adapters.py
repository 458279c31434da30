"""What the contract suite needs of an adapter beyond the port: another process's log, real gaps, a server to break."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

import asyncpg
import psutil  # type: ignore[import-untyped]
from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from praxis_embedded.kafka import EmbeddedKafka
from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events.kafka_log import KafkaLog, topic_config
from praxis_events.log import EventLog, Topic
from praxis_events.postgres_log import PostgresLog
from tests.contract.records import record


class Adapter(ABC):
    """One kind of log, on a server that runs."""

    def __init__(self, address: str) -> None:
        self._address = address

    @abstractmethod
    async def open(self, append_timeout: float = 20.0) -> EventLog:
        """A log as another process would have it; the caller closes it."""

    @abstractmethod
    async def append_with_gaps(self, log: EventLog, topic: str, value: bytes = b"{}") -> list[str]:
        """Fill partition 0 of an empty topic, with gaps between its records and after the last; return their names."""

    @abstractmethod
    async def configuration(self, topic: str) -> dict[str, str]:
        """What the server itself says of a topic."""

    @abstractmethod
    def expected_configuration(self, topic: Topic) -> dict[str, str]: ...


class Postgres(Adapter):
    async def open(self, append_timeout: float = 20.0) -> PostgresLog:
        return await PostgresLog.open(self._address, append_timeout)

    async def append_with_gaps(self, log: EventLog, topic: str, value: bytes = b"{}") -> list[str]:
        assert isinstance(log, PostgresLog)
        first = await log.append([record(name, 0, topic, value) for name in "cabadb"])
        await log.compact(first[1:3])
        connection = await self._connect()
        await connection.execute("UPDATE log.heads SET next_offset = 9 WHERE topic = $1 AND partition = 0", topic)
        await connection.close()
        return list("cadb")

    async def configuration(self, topic: str) -> dict[str, str]:
        connection = await self._connect()
        row = await connection.fetchrow("SELECT partitions, max_record_bytes FROM log.topics WHERE topic = $1", topic)
        await connection.close()
        return {name: str(value) for name, value in row.items()}

    def expected_configuration(self, topic: Topic) -> dict[str, str]:
        return {"partitions": str(topic.partitions), "max_record_bytes": str(topic.max_record_bytes)}

    async def _connect(self) -> asyncpg.Connection:
        return await asyncpg.connect(self._address.replace("+asyncpg", ""))


class Kafka(Adapter):
    async def open(self, append_timeout: float = 20.0) -> KafkaLog:
        return await KafkaLog.open(self._address, append_timeout)

    async def append_with_gaps(self, log: EventLog, topic: str, value: bytes = b"{}") -> list[str]:
        """A transaction ends with a marker, which takes an offset of its own."""
        await append_in_transactions(self._address, topic, ["ab", "c", "d"], value)
        return list("abcd")

    async def configuration(self, topic: str) -> dict[str, str]:
        admin = AIOKafkaAdminClient(bootstrap_servers=self._address)
        await admin.start()
        found = await topic_config(admin, topic)
        await admin.close()
        return found

    def expected_configuration(self, topic: Topic) -> dict[str, str]:
        return {
            "cleanup.policy": "compact",
            "retention.ms": "-1",
            "retention.bytes": "-1",
            "message.timestamp.type": "LogAppendTime",
            "min.insync.replicas": "1",
        }


async def append_in_transactions(bootstrap: str, topic: str, transactions: Sequence[str], value: bytes) -> None:
    """Records named by single letters, into partition 0."""
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, transactional_id=f"{topic}-gaps")
    await producer.start()
    for transaction in transactions:
        async with producer.transaction():
            for name in transaction:
                await producer.send(topic, value=value, key=name.encode(), partition=0)
    await producer.stop()


class Breakable(ABC):
    """A server of its own, to be killed, hung and started again on its data."""

    adapter: Adapter

    @abstractmethod
    async def start(self) -> None: ...

    @abstractmethod
    async def kill(self) -> None:
        """SIGKILL."""

    @abstractmethod
    def hang(self) -> None:
        """SIGSTOP: connections stay open and nobody answers."""

    @abstractmethod
    def go_on(self) -> None: ...


class BreakablePostgres(Breakable):
    def __init__(self, server: EmbeddedPostgres) -> None:
        self._server = server
        self.adapter = Postgres(server.url())

    async def start(self) -> None:
        await self._server.start()

    async def kill(self) -> None:
        self._server.kill()

    def hang(self) -> None:
        for process in self._family():
            process.suspend()

    def go_on(self) -> None:
        for process in self._family():
            process.resume()

    def _family(self) -> list[psutil.Process]:
        main = psutil.Process(self._server.pid)
        return [main, *main.children(recursive=True)]


class BreakableKafka(Breakable):
    def __init__(self, server: EmbeddedKafka) -> None:
        self._server = server
        self.adapter = Kafka(server.bootstrap)

    async def start(self) -> None:
        await self._server.start()

    async def kill(self) -> None:
        await self._server.kill()

    def hang(self) -> None:
        self._server.pause()

    def go_on(self) -> None:
        self._server.resume()
