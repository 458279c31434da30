"""``praxis dead-letters`` beside a running installation: a record that nobody can take, seen, shown and retried."""

import asyncio
from pathlib import Path
from uuid import uuid4

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events.postgres_log import PostgresLog
from praxis_events.rejections import MAX_IN_A_ROW
from praxis_events.statement_records import statement_record
from tests.fixtures.processes import Deployment, running_on_one_machine


async def append_broken(folder: Path, how_many: int = 1) -> None:
    """Records that the door would never let through."""
    log = await PostgresLog.open(EmbeddedPostgres(folder / "postgres").url())
    for _ in range(how_many):
        first = statement_record(uuid4(), b'{"actor": "nobody"}', "2026-03-02T10:00:00Z", "test", id_assigned=False)
        await log.append([first._replace(partition=0)])
    await log.close()


async def letters(praxis: Deployment) -> list[str]:
    printed = await praxis.praxis("dead-letters", "list")
    return sorted(line.split()[0] for line in printed.splitlines() if "waits" in line)


async def until_letters(praxis: Deployment, wanted: list[str]) -> None:
    async with asyncio.timeout(60):
        while await letters(praxis) != wanted:
            await asyncio.sleep(0.2)


async def test_they_are_listed_shown_and_retried(tmp_path: Path) -> None:
    async with running_on_one_machine(tmp_path / "data") as praxis:
        await append_broken(praxis.folder)
        found = ["metrics.statements/learning.statements/0/0", "statements/learning.statements/0/0"]
        await until_letters(praxis, found)
        shown = await praxis.praxis("dead-letters", "show", found[0])
        assert '{"actor": "nobody"}' in shown
        refused = praxis.command("dead-letters", "retry", found[0])
        await refused.start()
        assert await refused.ended() == 1
        assert found[0] in refused.output.read_text()
        assert await letters(praxis) == found
        refused = praxis.command("dead-letters", "retry", "--projection", "statements")
        await refused.start()
        assert await refused.ended() == 1
        noted = await praxis.praxis("audit", "--act", "dead-letter-retried")
        assert [each for each in found if each in noted] == found
        unknown = praxis.command("dead-letters", "show", "nothing")
        await unknown.start()
        assert await unknown.ended() == 1
        assert "there is no dead letter 'nothing'" in unknown.output.read_text()


async def test_a_stopped_projection_is_shown_and_cleared(tmp_path: Path) -> None:
    async with running_on_one_machine(tmp_path / "data") as praxis:
        await append_broken(praxis.folder, MAX_IN_A_ROW + 1)
        async with asyncio.timeout(60):
            while "\nstatements has stopped on" not in (printed := await praxis.praxis("dead-letters", "list")):
                await asyncio.sleep(0.2)
        assert "records in a row could not be applied" in printed
        assert "goes on with learning.statements/0" in await praxis.praxis("dead-letters", "clear", "statements")
        unknown = praxis.command("dead-letters", "clear", "statments")
        await unknown.start()
        assert await unknown.ended() == 1
        assert "statments has stopped nowhere" in unknown.output.read_text()
