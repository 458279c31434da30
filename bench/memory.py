"""Memory of the one-machine default at rest: parent, API, projectors and PostgreSQL, by proportional set size."""

import asyncio
import os
import sys
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from bench import samples
from bench.comparison import Limit, console
from bench.http_client import post_all
from bench.serving import answers
from praxis_embedded.ports import free_port

KEY, SECRET = "bench", "bench-secret"
TARGET = 700.0
QUIET_CPU = 0.05
"""Seconds of processor time in a second: less is rest."""

REST_SECONDS = 60


async def at_rest(folder: Path) -> list[Limit]:
    """Megabytes, after a start and after some work."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "praxis_embedded", "run", env=_environment(folder, port),
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await answers(process, port)
        started = await _resting(process.pid, folder)
        bodies = samples.batches(samples.statements(), 40, 50)
        await post_all(f"http://127.0.0.1:{port}/xapi/statements", KEY, SECRET, iter(bodies), 4)
        worked = await _resting(process.pid, folder)
    finally:
        process.terminate()
        await process.wait()
    return [
        Limit("praxis run at rest, after its start (MB)", started, TARGET),
        Limit("praxis run at rest, after 2,000 statements (MB)", worked, TARGET),
    ]


def _environment(folder: Path, port: int) -> dict[str, str]:
    chosen = {"PRAXIS_DATA_DIR": str(folder), "PORT": str(port)}
    return {**os.environ, **chosen, "PRAXIS_ADMIN_KEY": KEY, "PRAXIS_ADMIN_SECRET": SECRET}


async def _resting(pid: int, folder: Path) -> float:
    """Megabytes once hardly anything is done any more, or after a minute."""
    async with asyncio.timeout(REST_SECONDS + 5):
        for _ in range(REST_SECONDS):
            before = _processor_seconds(_family(pid, folder))
            await asyncio.sleep(1)
            if _processor_seconds(_family(pid, folder)) - before < QUIET_CPU:
                break
    family = _family(pid, folder)
    console.print(f"  memory: {len(family)} processes at rest", style="dim")
    return float(sum(each.memory_full_info().pss for each in family) / 1e6)


def _family(pid: int, folder: Path) -> list[psutil.Process]:
    """The process, its children, and PostgreSQL, which is nobody's child."""
    postgres = int((folder / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
    heads = [psutil.Process(pid), psutil.Process(postgres)]
    return list({each.pid: each for head in heads for each in [head, *head.children(recursive=True)]}.values())


def _processor_seconds(family: list[psutil.Process]) -> float:
    times = [each.cpu_times() for each in family if each.is_running()]
    return float(sum(each.user + each.system for each in times))
