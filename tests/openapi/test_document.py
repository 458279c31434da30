"""The OpenAPI document is true: schemathesis finds no answer that it does not have, and none of 500 and above."""

import asyncio
import sys
from pathlib import Path

import httpx

from praxis_incentives.bootstrap import SERVICE as INCENTIVES
from praxis_ingest.bootstrap import SERVICE as INGEST
from praxis_metrics.bootstrap import SERVICE as METRICS
from praxis_service.settings import Settings
from tests.fixtures.installation import KEY, SECRET, installation
from tests.fixtures.listening import listening

SERVICES = (INGEST, METRICS, INCENTIVES)
CONFIG = Path(__file__).with_name("schemathesis.toml")


async def schemathesis(url: str, folder: Path) -> tuple[int, str]:
    """Its exit code, and what it said."""
    arguments = ("--config-file", str(CONFIG), "run", f"{url}/openapi.json", "--auth", f"{KEY}:{SECRET}", "--no-color")
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "schemathesis.cli", *arguments, cwd=folder, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def test_every_answer_is_documented(database_url: str, tmp_path: Path) -> None:
    async with installation(Settings(database_url=database_url), SERVICES) as praxis, listening(praxis.app) as url:
        document = (await httpx.AsyncClient(trust_env=False).get(f"{url}/openapi.json")).json()
        failed, said = await schemathesis(url, tmp_path)
    assert not failed, said
    operations = sum(len(each) for each in document["paths"].values())
    assert f"Tested: {operations}" in said
