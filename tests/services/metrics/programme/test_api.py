"""The programme's questions as its readers meet them: shapes, refusals, the page, and a report that is published."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx
import pytest

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_embedded.report_publishing import publish
from praxis_ingest.bootstrap import SERVICE as INGEST
from praxis_metrics.bootstrap import SERVICE as METRICS
from praxis_service.settings import Settings
from tests.fixtures.installation import Installation, installation
from tests.services.metrics.programme.build import goal, reported, surveyed

MARCH = "2026-03-10T09:00:00Z"
PATHS = ("/goals", "/audits/2026-Q1", "/triangulation/2026-Q1", "/reports/2026-Q1", "/governance")


@pytest.fixture(scope="module")
async def praxis(postgres: EmbeddedPostgres) -> AsyncIterator[Installation]:
    """Six people name time in March, one of them access; there is a goal."""
    await postgres.ensure_database("programme_api")
    async with installation(Settings(database_url=postgres.url("programme_api")), [INGEST, METRICS]) as praxis:
        await praxis.context.log.append([
            surveyed("pulse", "2026-Q1", 20), reported("p-0", "access", 5, MARCH, survey="pulse"),
            *[reported(f"p-{n}", "time", 4, MARCH, survey="pulse") for n in range(6)],
            goal("<script>alert(1)</script>", "completions", 0, 10, "2026-12-31", set_on="2026-01-01"),
        ])  # fmt: skip
        told = datetime.now(UTC)
        async with asyncio.timeout(60):
            while True:
                read = [(await praxis.client.get(path)).json()["watermark"] for path in ("/goals", "/audits/2026-Q1")]
                if all(each is not None and datetime.fromisoformat(each) > told for each in read):
                    break
                await asyncio.sleep(0.1)
        yield praxis


async def test_an_audit_has_the_published_shape_and_hides_the_few(praxis: Installation) -> None:
    body = (await praxis.client.get("/audits/2026-Q1")).json()
    assert (body["quarter"], body["from"], body["to"], body["people"]) == ("2026-Q1", "2026-01-01", "2026-03-31", 6)
    assert (body["provisional"], body["suppressed"], body["definition_version"]) == (False, False, 1)
    assert body["surveys"] == [
        {"survey": "pulse", "invited": 20, "responded": 6, "response_rate": 0.3, "suppressed": False}
    ]
    assert {each["barrier"]: (each["people"], each["suppressed"]) for each in body["barriers"]} == {
        "time": (6, False),
        "access": (None, True),
    }


@pytest.mark.parametrize("path", PATHS)
async def test_a_misspelt_parameter_is_named(praxis: Installation, path: str) -> None:
    answer = await praxis.client.get(path, params={"quartre": "2026-Q1"})
    assert (answer.status_code, answer.json()["errors"]) == (
        400,
        [{"detail": "is not known", "parameter": "quartre"}],
    )


@pytest.mark.parametrize("kind", ["audits", "triangulation", "reports"])
async def test_no_quarter_is_400_and_one_to_come_is_404(praxis: Installation, kind: str) -> None:
    answer = await praxis.client.get(f"/{kind}/2026-Q5")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "quarter")
    answer = await praxis.client.get(f"/{kind}/2998-Q4")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "2998-10-01" in answer.json()["detail"]


async def test_a_report_is_published_once_and_stays(praxis: Installation) -> None:
    draft = (await praxis.client.get("/reports/2026-Q1")).json()
    assert draft["state"] == "draft"
    published = await publish(praxis.client, "2026-Q1", "p-7", early=False)
    async with asyncio.timeout(30):
        while (found := (await praxis.client.get("/reports/2026-Q1")).json())["state"] == "draft":
            await asyncio.sleep(0.1)
    assert (found["kept"], found["intact"], found["published_by"]) == (True, True, {"person_id": "p-7"})
    assert found["snapshot_sha256"] == published.sha256
    assert found["snapshot"]["goals"] == draft["snapshot"]["goals"]
    with pytest.raises(LookupError, match="does not change"):
        await publish(praxis.client, "2026-Q1", "p-7", early=False)
    with pytest.raises(LookupError, match="quarter must be a quarter"):
        await publish(praxis.client, "2026-Q5", "p-7", early=False)


async def test_a_quarter_that_runs_is_published_only_on_purpose(praxis: Installation) -> None:
    now = datetime.now(UTC)
    with pytest.raises(LookupError, match="--early"):
        await publish(praxis.client, f"{now.year}-Q{(now.month + 2) // 3}", "p-7", early=False)


async def test_a_browser_gets_a_page(praxis: Installation) -> None:
    page = {"Accept": "text/html,*/*;q=0.8"}
    answer = await praxis.client.get("/reports/2026-Q2", headers=page)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["vary"] == "Accept"
    for said in ("Impact report 2026-Q2", "A draft: nobody has published it.", "&lt;script&gt;alert(1)&lt;/script&gt;"):
        assert said in answer.text
    assert "<script>alert" not in answer.text
    assert answer.text.index("learning-hours") < answer.text.index("Goals")
    asked = await praxis.client.get("/reports/2026-Q2", headers=page, auth=httpx.Auth())
    assert (asked.status_code, asked.headers["location"]) == (303, "/login?return_to=/reports/2026-Q2")
