"""The README's commands, run as they stand there, give what it says."""

import asyncio
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.processes import KEY, SECRET, Deployment, running_on_one_machine

README = Path(__file__).parents[2] / "README.md"
STEPS = re.compile(r"```bash\n(.*?)```", re.DOTALL)


async def bash(praxis: Deployment, *steps: str) -> list[Any]:
    """What the last step printed, read as JSON values."""
    address = praxis.addresses["ingest"]
    script = "\n".join([*(f"{{\n{step}}} >/dev/null" for step in steps[:-1]), steps[-1]])
    process = await asyncio.create_subprocess_exec(
        "bash", "-euo", "pipefail", "-c", script.replace("http://localhost:8000", address),
        env={**os.environ, "PRAXIS_ADMIN_KEY": KEY, "PRAXIS_ADMIN_SECRET": SECRET},
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, _ = await process.communicate()
    assert process.returncode == 0
    return values(printed.decode())


def values(printed: str) -> list[Any]:
    decoder, found, rest = json.JSONDecoder(), [], printed.strip()
    while rest:
        value, end = decoder.raw_decode(rest)
        found.append(value)
        rest = rest[end:].lstrip()
    return found


@pytest.fixture
def steps() -> list[str]:
    return STEPS.findall(README.read_text())


async def test_its_first_screen_is_true(tmp_path: Path, steps: list[str]) -> None:
    async with running_on_one_machine(tmp_path / "data") as praxis:
        *_, series = await bash(praxis, steps[0])
        [point] = series["points"]
        assert (point["value"], point["unmatched"]) == (5, 5)
        [published] = await bash(praxis, *steps[:2])
        assert [each["id"] for each in published["accepted"]] == ["1"]
        _, pending = await bash(praxis, *steps[:3])
        [decision] = pending["decisions"]
        assert decision["outcome"] == "pending"
        assert any("1 more item" in wish for wish in decision["what_would_change_it"])
        _, granted = await bash(praxis, *steps[:4])
        [decision] = granted["decisions"]
        assert decision["outcome"] == "granted"
        assert all(criterion["met"] for criterion in decision["criteria"])
        await bash(praxis, steps[0])
        assert (await praxis.get("/decisions", outcome="granted")).json()["decisions"] == [decision]
