"""Statements over HTTP, durable, against the bare log: the same records by the client library's own loop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import msgspec
from aiokafka import AIOKafkaProducer

from bench import samples
from bench.comparison import Result, compare
from bench.http_client import post_all
from bench.serving import KEY, SECRET, ingest_server
from praxis_embedded.kafka import EmbeddedKafka
from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events.clock import system_clock
from praxis_events.kafka_writer import MAX_BATCH_BYTES
from praxis_events.log import NewRecord
from praxis_events.statement_records import statement_record
from praxis_events.times import format_time
from praxis_ingest.statements.decode import Decoded, decode_batch
from praxis_ingest.statements.door import VERSION, credential_authority
from praxis_ingest.statements.splice import splice

Send = Callable[[Sequence[NewRecord]], Awaitable[None]]

COPY_RECORDS = 1_000
"""Records a transaction of the bare COPY: as many as ``PostgresLog`` commits at once."""


class Ingest:
    """Requests of ``size`` statements over kept-alive connections; ``send`` is the ceiling's loop."""

    unit = "statements"

    def __init__(
        self, title: str, url: str, send: Send, *, requests: int, size: int, connections: int, target: float | None
    ) -> None:
        self.title, self.target = title, target
        self._url, self._send = url, send
        self._requests, self._size, self._connections = requests, size, connections
        self._history = samples.statements()
        self._bodies: list[bytes] = []
        self._records: list[NewRecord] = []

    async def prepare(self) -> None:
        self._bodies = samples.batches(self._history, self._requests, self._size)
        self._records = [_record(each) for body in self._bodies for each in decode_batch(body, max_batch=self._size)]

    async def product(self) -> int:
        answered = await post_all(self._url, KEY, SECRET, iter(self._bodies), self._connections)
        return answered * self._size

    async def ceiling(self) -> int:
        await self._send(self._records)
        return len(self._records)


async def on_kafka(folder: Path) -> list[Result]:
    postgres, kafka = EmbeddedPostgres(folder / "postgres"), EmbeddedKafka(folder / "kafka")
    await asyncio.gather(postgres.start(), kafka.start())
    try:
        await postgres.ensure_database("kafka")
        settings = {"PRAXIS_LOG": "kafka", "PRAXIS_KAFKA_BOOTSTRAP": kafka.bootstrap}
        async with ingest_server(postgres.url("kafka"), settings) as url, send_loop(kafka.bootstrap) as send:
            return [await compare(batches("Kafka", url, send, 0.4)), await compare(singles("Kafka", url, send))]
    finally:
        await kafka.stop()
        await postgres.stop()


async def on_postgres(folder: Path) -> list[Result]:
    postgres = EmbeddedPostgres(folder / "postgres")
    await postgres.start()
    try:
        await postgres.ensure_database("log")
        async with ingest_server(postgres.url("log"), {"PRAXIS_LOG": "postgres"}) as url, copy_loop(postgres) as send:
            return [await compare(batches("PostgresLog", url, send)), await compare(singles("PostgresLog", url, send))]
    finally:
        await postgres.stop()


def batches(log: str, url: str, send: Send, target: float | None = None) -> Ingest:
    title = f"HTTP ingest on {log}, batches of 50"
    return Ingest(title, url, send, requests=400, size=50, connections=32, target=target)


def singles(log: str, url: str, send: Send) -> Ingest:
    title = f"HTTP ingest on {log}, single statements"
    return Ingest(title, url, send, requests=2_000, size=1, connections=32, target=None)


@asynccontextmanager
async def send_loop(bootstrap: str) -> AsyncIterator[Send]:
    """The bare ``send`` loop: acks=all, idempotent, batches as large as the product's."""
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, max_batch_size=MAX_BATCH_BYTES
    )
    await producer.start()

    async def send(records: Sequence[NewRecord]) -> None:
        sent = [
            await producer.send(r.topic, r.value, key=r.key, partition=r.partition, headers=list(r.headers))
            for r in records
        ]
        await asyncio.gather(*sent)

    try:
        yield send
    finally:
        await producer.stop()


@asynccontextmanager
async def copy_loop(postgres: EmbeddedPostgres) -> AsyncIterator[Send]:
    """Bare COPY of the log's rows into a table like its own, each transaction on disk before the next."""
    connection: asyncpg.Connection = await postgres.connect("log")
    await connection.execute("CREATE TABLE bare (LIKE log.records INCLUDING ALL)")
    encode = msgspec.msgpack.encode
    offset = 0

    async def send(records: Sequence[NewRecord]) -> None:
        nonlocal offset
        for start in range(0, len(records), COPY_RECORDS):
            rows = [
                (r.partition, offset + place, 0, r.key, encode(r.headers), r.value)
                for place, r in enumerate(records[start : start + COPY_RECORDS])
            ]
            offset += len(rows)
            await connection.copy_records_to_table("bare", records=rows)

    try:
        yield send
    finally:
        await connection.close()


_authority = credential_authority("http://127.0.0.1:8000")(KEY)


def _record(statement: Decoded) -> NewRecord:
    """What the product makes of a statement: headers, partition and value of the same sizes."""
    assert statement.id is not None
    stored = format_time(system_clock())
    body = splice(statement, statement_id=statement.id, stored=stored, authority=_authority, version=VERSION)
    return statement_record(statement.id, body, stored, KEY, id_assigned=False)
