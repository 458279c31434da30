"""``/pilots`` and ``/pathways/{id}/comparison`` as their readers meet them: shapes, refusals, and who may read."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_metrics.bootstrap import SERVICE
from praxis_metrics.programme.pathways.example import EXAMPLE as COMPARISON
from praxis_metrics.programme.pathways.schemas import ComparisonOut
from praxis_metrics.programme.pilots.example import EXAMPLE as PILOT
from praxis_metrics.programme.pilots.schemas import PilotOut
from praxis_service.settings import Settings
from tests.fixtures.installation import Installation, installation, make_credential
from tests.services.metrics.programme.trials import (
    BEFORE,
    DURING,
    EARLIER,
    KPIS,
    joined,
    learned,
    metric,
    pathway,
    pilot,
    team,
)

WRITER, SECRET = "writer", "a secret"
PATHS = ("/pilots", "/pilots/north/one", "/pathways/data/comparison")


@pytest.fixture(scope="module")
async def praxis(postgres: EmbeddedPostgres) -> AsyncIterator[Installation]:
    """Five in the north, and five in the south, learn; their pilot was registered long after."""
    await postgres.ensure_database("metrics_programme")
    settings = Settings(database_url=postgres.url("metrics_programme"), suppression_threshold=5)
    async with installation(settings, [SERVICE]) as praxis:
        await make_credential(settings.database_url, ["events/write"], WRITER, SECRET)
        people = [f"{unit}-{n}" for unit in ("north", "south") for n in range(5)]
        await praxis.context.log.append([
            *team("north", 5), *team("south", 5),
            *[record for who in people for first in (EARLIER, BEFORE, DURING) for record in learned(who, first, 2)],
            *[joined(who, who.partition("-")[0], "2026-01-01T09:00:00Z") for who in people],
            pathway("data", "learning-hours"), pilot("north/one", *[metric(kpi, 1) for kpi in KPIS]),
            pilot("later", *[metric(kpi, 1) for kpi in KPIS], starts_on="2126-03-02", ends_on="2126-03-31"),
        ])  # fmt: skip
        await _read_through(praxis, datetime.now(UTC))
        yield praxis


async def _read_through(praxis: Installation, moment: datetime) -> None:
    async with asyncio.timeout(150):
        for path in PATHS:
            while True:
                read = (await praxis.client.get(path)).json().get("watermark")
                if read is not None and datetime.fromisoformat(read) > moment:
                    break
                await asyncio.sleep(0.1)


async def test_pilots_with_their_state(praxis: Installation) -> None:
    body: dict[str, Any] = (await praxis.client.get("/pilots")).json()
    assert datetime.fromisoformat(body["watermark"]) <= datetime.fromisoformat(body["as_of"])
    found = {each["pilot"]: (each["state"], each["verdict"], each["recommendation"]) for each in body["pilots"]}
    assert found == {
        "later": ("registered", "inconclusive", None), "north/one": ("to-be-concluded", "inconclusive", "extend"),
    }  # fmt: skip


async def test_one_pilot_by_a_name_with_a_slash(praxis: Installation) -> None:
    for path in ("/pilots/north/one", "/pilots/north%2Fone"):
        body = (await praxis.client.get(path)).json()
        assert (body["pilot"], body["pre_registered"], body["provisional"]) == ("north/one", False, False)
        assert [each["effect"]["value"] for each in body["metrics"]] == [0, 0, 0]
        assert body["metrics"][0]["treated"] == {"earlier": 2, "before": 2, "during": 2, "n": 5}
    assert (await praxis.client.get("/pilots/later")).json()["provisional"] is True


async def test_a_comparison_of_cohorts(praxis: Installation) -> None:
    body = (await praxis.client.get("/pathways/data/comparison")).json()
    assert [(each["cohort"], each["n"], each["median"]) for each in body["cohorts"]] == [
        ("north", 5, 6), ("south", 5, 6),
    ]  # fmt: skip
    assert (body["result"], body["test"]["p_value"], body["association_only"]) == ("no difference found", 1, True)
    assert body["provisional"] is False


@pytest.mark.parametrize("path", ["/pilots/none", "/pilots/%00", "/pathways/none/comparison"])
async def test_what_is_unknown_is_not_found(praxis: Installation, path: str) -> None:
    answer = await praxis.client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("path", PATHS)
async def test_unknown_parameters_are_refused_and_the_scope_is_asked_for(praxis: Installation, path: str) -> None:
    refused = await praxis.client.get(path, params={"units": "sales"})
    assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "units")
    transport = praxis.client._transport
    async with httpx.AsyncClient(transport=transport, base_url="http://test", auth=(WRITER, SECRET)) as client:
        assert (await client.get(path)).status_code == 403


def test_the_examples_of_the_document_have_the_form_of_answers() -> None:
    assert PilotOut.model_validate(PILOT).model_dump(mode="json") == PILOT
    assert ComparisonOut.model_validate(COMPARISON).model_dump(mode="json") == COMPARISON
