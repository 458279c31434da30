"""A whole installation of real parts that can be broken: PostgreSQL, maybe Kafka, and the services around them."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, Literal
from uuid import uuid4

import httpx
import psutil  # type: ignore[import-untyped]

from praxis_embedded.kafka import QUICK, EmbeddedKafka
from praxis_embedded.ports import free_port
from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events.kafka_log import KafkaLog
from praxis_events.log import EventLog
from praxis_events.postgres_log import PostgresLog
from praxis_events.topics import TOPICS
from tests.faults.disk import Disk
from tests.faults.line import Line
from tests.faults.part import Part
from tests.fixtures.processes import KEY, SECRET, SERVICES, Process

LogKind = Literal["postgres", "kafka"]
Ask = Callable[[], Awaitable[httpx.Response | None]]

RECOVERY_SECONDS = 180
"""A bound on how long all may take to be well again, on a machine that has other things to do."""

CLIENT_SECONDS = 20
"""How long a client waits for an answer; longer than any that Praxis promises to give."""

_PAUSE = 0.2


class KafkaBehindALine(EmbeddedKafka):
    """Its clients are told to come by ``line_port``."""

    line_port = 0

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.line_port}"

    @property
    def port(self) -> int:
        self._port = self._port or free_port()
        return self._port

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    def _properties(self) -> str:
        return super()._properties() + f"advertised.listeners=PLAINTEXT://{self.bootstrap}\n"


@dataclass
class World:
    """``services`` by service: the addresses of its replicas. Without a ``broker`` the log is PostgreSQL's."""

    folder: Path
    chance: Random
    postgres: EmbeddedPostgres
    postgres_disk: Disk
    postgres_line: Line
    database_url: str
    broker: KafkaBehindALine | None = None
    broker_disk: Disk | None = None
    broker_line: Line | None = None
    services: dict[str, list[str]] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    client: httpx.AsyncClient = field(
        default_factory=lambda: httpx.AsyncClient(
            auth=(KEY, SECRET), headers={"X-Experience-API-Version": "1.0.3"}, timeout=CLIENT_SECONDS, trust_env=False,
            limits=httpx.Limits(max_connections=200),
        )
    )  # fmt: skip

    # -- servers ---------------------------------------------------------------------------------------------------

    async def kill_postgres(self) -> None:
        await asyncio.to_thread(self.postgres.kill)

    def hang_postgres(self) -> None:
        self._tell_postgres(signal.SIGSTOP)

    def resume_postgres(self) -> None:
        self._tell_postgres(signal.SIGCONT)

    def _tell_postgres(self, number: signal.Signals) -> None:
        for process in self._postgres_family():
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def _postgres_family(self) -> list[psutil.Process]:
        with suppress(psutil.NoSuchProcess):
            if self.postgres.pid is not None:
                main = psutil.Process(self.postgres.pid)
                return [main, *main.children(recursive=True)]
        return []

    async def heal(self) -> None:
        """Whatever was done to the servers and the processes: they run again."""
        self.resume_postgres()
        await self.postgres.start()
        if self.broker is not None and not self.broker.is_running:
            await self.broker.start()
        for part in self.parts:
            part.signal(signal.SIGCONT)

    @asynccontextmanager
    async def log(self) -> AsyncIterator[EventLog]:
        """As a reader beside the services has it."""
        log: EventLog
        if self.broker is None:
            log = await PostgresLog.open(self.postgres.url(), append_timeout=30)
        else:
            log = await KafkaLog.open(self.broker.bootstrap, append_timeout=30)
        try:
            yield log
        finally:
            await log.close()

    # -- what clients see ------------------------------------------------------------------------------------------

    def address(self, service: str) -> str:
        """Any replica."""
        return self.chance.choice(self.services[service])

    async def get(self, service: str, path: str, **parameters: Any) -> httpx.Response:
        return await self.client.get(self.address(service) + path, params=parameters)

    async def read(self, service: str, path: str, **parameters: Any) -> Any:
        """What it answers when all is well."""
        async with asyncio.timeout(RECOVERY_SECONDS):
            return (await self._until(lambda: self.get(service, path, **parameters))).json()

    async def well(self) -> dict[str, float]:
        """Until every replica takes statements and shows them, and all that reads the log has caught up with it.

        How many seconds were spent waiting for what.
        """
        now = datetime.now(UTC)
        waited: dict[str, float] = {}
        replicas = sorted({*chain.from_iterable(self.services.values())})
        asked: dict[str, list[Ask]] = {
            "APIs": [partial(self._is_ready, each) for each in replicas],
            "the door": [partial(self._takes_a_statement, each) for each in self.services["ingest"]],
            "the store": [partial(self.get, "ingest", "/xapi/statements", limit=1)],
            "decisions": [self._decisions_are_consistent],
            "KPIs": [partial(self._kpis_have_passed, now)],
        }
        for name, questions in asked.items():
            began = monotonic()
            try:
                async with asyncio.timeout(RECOVERY_SECONDS):
                    for ask in questions:
                        await self._until(ask)
            except TimeoutError:
                found = await self._progress()
                raise AssertionError(f"after {RECOVERY_SECONDS} s still no word of {name}:\n{found}") from None
            waited[name] = monotonic() - began
        return waited

    async def _is_ready(self, address: str) -> httpx.Response:
        return await self.client.get(f"{address}/readyz")

    async def _takes_a_statement(self, address: str) -> httpx.Response:
        return await self.client.post(f"{address}/xapi/statements", json=probe())

    async def _decisions_are_consistent(self) -> httpx.Response | None:
        answer = await self.get("incentives", "/decisions", limit=1)
        return answer if answer.status_code != 200 or answer.json()["consistent"] else None

    async def _kpis_have_passed(self, moment: datetime) -> httpx.Response | None:
        answer = await self.get("metrics", "/kpis/completions", **{"from": "2026-03-01", "to": "2026-03-01"})
        if answer.status_code != 200:
            return answer
        watermark = answer.json()["watermark"]
        return answer if watermark and datetime.fromisoformat(watermark) > moment else None

    async def _until(self, ask: Ask) -> httpx.Response:
        while True:
            with suppress(httpx.TransportError):
                answer = await ask()
                if answer is not None and answer.status_code == 200:
                    return answer
                assert answer is None or answer.status_code == 503, (answer.status_code, answer.text)
            await asyncio.sleep(_PAUSE)

    async def _progress(self) -> str:
        """How far each projection has come, and where the log ends."""
        connection = await self.postgres.connect("praxis")
        try:
            query = " UNION ALL ".join(f"SELECT * FROM {service}_g1.checkpoints" for service in SERVICES)
            rows = await connection.fetch(f"{query} ORDER BY projection, topic, partition")
            active = "SELECT state, wait_event, now() - xact_start, query FROM pg_stat_activity WHERE state <> 'idle'"
            rows += await connection.fetch(active)
        finally:
            await connection.close()
        async with self.log() as log:
            ends = await log.end_positions([topic.name for topic in TOPICS])
        return "\n".join(str(tuple(each)) for each in [*rows, *ends.items()])

    def last_words(self) -> str:
        """What each part printed last."""
        files = [*(part.output for part in self.parts), *self.folder.glob("*-disk/**/server.log")]
        return "\n\n".join("\n".join([f"== {file.name}", *_tail(file)]) for file in files)


def probe() -> dict[str, Any]:
    """A statement that says nothing about anybody who is counted here."""
    return {
        "id": str(uuid4()),
        "actor": {"mbox": "mailto:probe@example.org"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/experienced"},
        "object": {"id": "https://lms.example/probe"},
        "timestamp": "2025-01-01T00:00:00Z",
    }


@asynccontextmanager
async def world(folder: Path, log: LogKind, chance: Random) -> AsyncIterator[World]:
    """Two replicas of the door and two rivals of every projector; on Kafka each service apart."""
    async with AsyncExitStack() as stack:
        found = await _on_postgres(folder, chance, stack)
        if log == "kafka":
            await _with_a_broker(found, stack)
        environment = {
            "PRAXIS_DATABASE_URL": found.database_url, "PRAXIS_LOG": log, "PRAXIS_ADMIN_KEY": KEY,
            "PRAXIS_ADMIN_SECRET": SECRET, "PRAXIS_SUPPRESSION_THRESHOLD": "1", "PRAXIS_PUBLIC_URL": "http://praxis",
            "PRAXIS_KAFKA_BOOTSTRAP": found.broker.bootstrap if found.broker else "",
        }  # fmt: skip
        migrate = [sys.executable, "-m", "praxis_embedded", "migrate"]
        await Process(migrate, environment, folder / "migrate.log").run()
        for part in _parts(found, environment, apart=log == "kafka"):
            stack.push_async_callback(part.close)
            part.start()
        stack.push_async_callback(found.client.aclose)
        await found.well()
        yield found


async def _on_postgres(folder: Path, chance: Random, stack: AsyncExitStack) -> World:
    disk = Disk(folder / "postgres-disk")
    stack.enter_context(disk.mounted())
    server = EmbeddedPostgres(disk.folder / "data")
    stack.push_async_callback(server.stop, "immediate")
    await server.start()
    await server.ensure_database("praxis")
    meeting = folder / "line"
    meeting.mkdir()
    line = Line(meeting / ".s.PGSQL.5432", disk.folder / "data" / ".s.PGSQL.5432", chance)
    stack.push_async_callback(line.close)
    await line.open()
    url = f"postgresql+asyncpg://postgres@/praxis?host={meeting}"
    return World(folder, chance, server, disk, line, url)


async def _with_a_broker(found: World, stack: AsyncExitStack) -> None:
    disk = Disk(found.folder / "kafka-disk")
    stack.enter_context(disk.mounted())
    broker = KafkaBehindALine(disk.folder / "data", java_options=QUICK)
    broker.line_port = free_port()
    line = Line(broker.line_port, broker.port, found.chance)
    stack.push_async_callback(line.close)
    await line.open()
    stack.push_async_callback(broker.kill)
    await broker.start()
    found.broker, found.broker_disk, found.broker_line = broker, disk, line


def _parts(found: World, environment: Mapping[str, str], *, apart: bool) -> Sequence[Part]:
    def part(module: str, what: str, number: int, *hosted: str) -> None:
        port = free_port()
        name = f"{module.removeprefix('praxis_')}-{what}-{number}"
        command = [sys.executable, "-m", module, what]
        found.parts.append(Part(name, command, {**environment, "PORT": str(port)}, found.folder / f"{name}.log"))
        for service in hosted:
            found.services.setdefault(service, []).append(f"http://127.0.0.1:{port}")

    for number in (1, 2):
        if not apart:
            part("praxis_embedded", "serve", number, *SERVICES)
            part("praxis_embedded", "project", number)
            continue
        for service in SERVICES:
            part(f"praxis_{service}", "project", number)
            if number == 1 or service == "ingest":
                part(f"praxis_{service}", "serve", number, service)
    return found.parts


def _tail(file: Path, lines: int = 12) -> list[str]:
    return file.read_text(errors="replace").splitlines()[-lines:]
