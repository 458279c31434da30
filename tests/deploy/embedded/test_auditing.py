"""``praxis audit`` on a real database."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from praxis_embedded.cli import app
from praxis_service.access import audit
from praxis_service.database import engine_for
from praxis_service.migrations import migrate_access

START = datetime(2026, 3, 1, tzinfo=UTC)
HOURS = ["/decisions/0", "/decisions/1", "/decisions/2", "/decisions/3"]


@pytest.fixture
async def _hours(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database with an entry an hour, from midnight on."""
    await migrate_access(database_url)
    engine = engine_for(database_url, pool_size=1)
    async with engine.begin() as connection:
        for number, object_ in enumerate(HOURS):
            at = START + timedelta(hours=number)
            await audit.write(connection, audit.entries(at, "ann", "record-read", object_))
    await engine.dispose()
    monkeypatch.setenv("PRAXIS_DATABASE_URL", database_url)
    monkeypatch.setenv("PRAXIS_DATA_DIR", str(tmp_path))


async def shown(*given: str) -> tuple[int, str]:
    """What the command ends with, and what it prints."""
    result = await asyncio.to_thread(CliRunner().invoke, app, ["audit", *given])
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ([], HOURS),
        (["--since", "2026-03-01T02:00:00"], HOURS[2:]),
        (["--since", "2026-03-01T03:00+02:00"], HOURS[1:]),
        (["--until", "2026-03-01T02:00:00.000Z"], HOURS[:2]),
        (["--since", "2026-03-01", "--until", "2026-03-01T01:00"], HOURS[:1]),
        (["--since", "2026-03-02"], []),
    ],
)
@pytest.mark.usefixtures("_hours")
async def test_it_is_shown_between_two_moments(given: list[str], wanted: list[str]) -> None:
    code, printed = await shown(*given, "--act", "record-read")
    assert (code, [each for each in HOURS if each in printed]) == (0, wanted), printed


@pytest.mark.parametrize(
    ("option", "value"),
    [("--since", "yesterday"), ("--until", "2026-13-01"), ("--since", "0001-01-01T00:00+02:00"), ("--act", "slept")],
)
async def test_a_bad_value_is_told_with_its_option(option: str, value: str) -> None:
    code, printed = await shown(option, value)
    assert (code, option in printed) == (2, True), printed
