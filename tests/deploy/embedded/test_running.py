"""``praxis run``: keeps its data, stops cleanly, and leaves nothing behind however it ends."""

import asyncio
import signal
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from praxis_embedded.ports import free_port
from tests.fixtures.processes import Deployment, Process, one_machine

STATEMENT = {
    "actor": {"mbox": "mailto:ann@example.org"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "https://lms.example/courses/1"},
}


def family(process: Process, folder: Path) -> list[psutil.Process]:
    """The process, its children, and the database server, which is nobody's child."""
    server = psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0]))
    own = psutil.Process(process.pid)
    return [own, *own.children(recursive=True), server]


async def all_gone(processes: list[psutil.Process]) -> None:
    async with asyncio.timeout(60):
        while any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in processes):
            await asyncio.sleep(0.05)


async def post(praxis: Deployment) -> str:
    answer = await praxis.post("/xapi/statements", STATEMENT)
    assert answer.status_code == 200, answer.text
    return str(answer.json()[0])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
async def test_nothing_outlives_it_and_nothing_acknowledged_is_lost(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    process, praxis = one_machine(tmp_path, port)
    await process.start()
    await praxis.ready()
    kept = await post(praxis)
    processes = family(process, tmp_path)
    assert await process.stop(number) == (0 if number != signal.SIGKILL else -signal.SIGKILL)
    await all_gone(processes)

    again, praxis = one_machine(tmp_path, port)
    await again.start()
    await praxis.ready()
    found = await praxis.get("/xapi/statements", statementId=kept)
    assert found.status_code == 200
    processes = family(again, tmp_path)
    assert await again.stop() == 0
    await all_gone(processes)
    assert '"level":"error"' not in again.output.read_text()


async def test_a_child_that_ends_is_started_again(tmp_path: Path) -> None:
    process, praxis = one_machine(tmp_path, free_port())
    await process.start()
    await praxis.ready()
    for child in psutil.Process(process.pid).children():
        if "serve" in child.cmdline() or "project" in child.cmdline():
            child.kill()
            child.wait(10)
    await praxis.ready()
    kept = await post(praxis)
    assert (await praxis.get("/xapi/statements", statementId=kept)).status_code == 200
    assert await process.stop() == 0


@pytest.mark.parametrize("part", ["postgres", "kafka"])
async def test_a_server_that_is_killed_is_started_again(tmp_path: Path, part: str) -> None:
    process, praxis = one_machine(tmp_path, free_port(), PRAXIS_LOG=part)
    await process.start()
    await praxis.ready()
    kept = await post(praxis)
    if part == "postgres":
        server = family(process, tmp_path)[-1]
    else:
        [server] = [child for child in psutil.Process(process.pid).children() if "kafka.Kafka" in child.cmdline()]
    server.kill()
    async with asyncio.timeout(90):
        while (await praxis.post("/xapi/statements", STATEMENT)).status_code != 200 or server.is_running():
            await asyncio.sleep(0.2)
        while (await praxis.get("/xapi/statements", statementId=kept)).status_code != 200:
            await asyncio.sleep(0.2)
    assert await process.stop() == 0


async def test_a_second_one_on_the_same_folder_or_port_says_so(tmp_path: Path) -> None:
    port = free_port()
    process, praxis = one_machine(tmp_path / "one", port)
    await process.start()
    await praxis.ready()
    same_folder, _ = one_machine(tmp_path / "one", free_port())
    same_folder.output = tmp_path / "same-folder.log"
    same_port, _ = one_machine(tmp_path / "two", port)
    same_operations_port, _ = one_machine(tmp_path / "three", free_port(), PRAXIS_OPERATIONS_PORT=str(port))
    for refused, reason in (
        (same_folder, "in use by another praxis run"),
        (same_port, f"port {port} on 127.0.0.1 is busy; set PORT"),
        (same_operations_port, f"port {port} on 127.0.0.1 is busy; set PRAXIS_OPERATIONS_PORT"),
    ):
        await refused.start()
        assert await refused.ended() == 1
        assert reason in refused.output.read_text()
        assert "Traceback" not in refused.output.read_text()
    assert await process.stop() == 0


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PRAXIS_TIME_ZONE", "Mars/Olympus", "PRAXIS_TIME_ZONE"),
        ("PRAXIS_SUPPRESSION_THRESHOLD", "none", "PRAXIS_SUPPRESSION_THRESHOLD"),
        ("PRAXIS_LOG", "paper", "PRAXIS_LOG"),
    ],
)
async def test_a_wrong_setting_is_named(tmp_path: Path, name: str, value: str, told: str) -> None:
    process, _ = one_machine(tmp_path, free_port(), **{name: value})
    await process.start()
    assert await process.ended() == 1
    assert told in process.output.read_text()
    assert "Traceback" not in process.output.read_text()


async def test_credentials_are_made_listed_and_revoked_beside_it(tmp_path: Path) -> None:
    process, praxis = one_machine(tmp_path, free_port())
    await process.start()
    await praxis.ready()
    made = await praxis.praxis("keys", "create", "--key", "lms", "--scope", "statements/write")
    secret = made.split("secret", 1)[1].strip()
    answer = await praxis.client.post(praxis.url("/xapi/statements"), json=STATEMENT, auth=("lms", secret))
    assert answer.status_code == 200
    read = await praxis.client.get(praxis.url("/xapi/statements"), auth=("lms", secret))
    assert read.status_code == 403
    again = praxis.command("keys", "create", "--key", "lms", "--scope", "statements/read")
    await again.start()
    assert await again.ended() != 0
    assert "--replace" in again.output.read_text()
    renewed = await praxis.praxis("keys", "create", "--key", "lms", "--scope", "statements/write", "--replace")
    assert renewed.split("secret", 1)[1].strip() != secret
    listed = await praxis.praxis("keys", "list")
    assert "lms" in listed
    assert secret not in listed
    await praxis.praxis("keys", "revoke", "lms")
    refused = praxis.command("keys", "revoke", "lms")
    await refused.start()
    assert await refused.ended() != 0
    assert await process.stop() == 0
