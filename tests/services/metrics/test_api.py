"""``/kpis`` as its readers meet it: shapes, CSV, refusals, and what is hidden."""

import asyncio
import csv
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_metrics.bootstrap import SERVICE
from praxis_metrics.csv_export import MEDIA_TYPE
from praxis_metrics.kpis import KPIS
from praxis_service.accepting import prefers
from praxis_service.settings import Settings
from tests.fixtures.installation import Installation, installation, make_credential
from tests.services.metrics.build import did, staff
from tests.services.metrics.oracle import COUNTING

NAMES = ["ann", "bob", "cid", "dan", "eve"]
MARCH = {"from": "2026-03-01", "to": "2026-03-31"}
KPI_URL = "/kpis/monthly-active-learners"
READER, WRITER, SECRET = "reader", "writer", "a secret"


@pytest.fixture(scope="module")
async def praxis(postgres: EmbeddedPostgres) -> AsyncIterator[Installation]:
    """Five employees and one stranger are active in March 2026, two of them in April; days are Berlin's."""
    await postgres.ensure_database("metrics_api")
    settings = Settings(database_url=postgres.url("metrics_api"), time_zone="Europe/Berlin", suppression_threshold=5)
    async with installation(settings, [SERVICE]) as praxis:
        await make_credential(settings.database_url, ["kpis/read"], READER, SECRET)
        await make_credential(settings.database_url, ["events/write"], WRITER, SECRET)
        active = [did(name, "completed", "a", "2026-03-10T09:00:00Z", took="PT30M") for name in [*NAMES, "zoe"]]
        few = [did(name, "completed", "b", "2026-04-10T09:00:00Z", took="PT30M") for name in NAMES[:2]]
        await praxis.context.log.append([*staff(*NAMES), *active, *few])
        await _read_through(praxis, datetime.now(UTC))
        yield praxis


async def _read_through(praxis: Installation, moment: datetime) -> None:
    """Each KPI has a watermark of its own."""
    async with asyncio.timeout(30):
        for kpi in COUNTING:
            while True:
                found = (await praxis.client.get(f"/kpis/{kpi}", params=MARCH)).json()["watermark"]
                if found is not None and datetime.fromisoformat(found) > moment:
                    break
                await asyncio.sleep(0.05)


async def get(
    praxis: Installation, path: str = KPI_URL, accept: str = "application/json", **query: str
) -> httpx.Response:
    return await praxis.client.get(path, params=query, headers={"Accept": accept})


async def test_a_series_has_exactly_the_published_shape(praxis: Installation) -> None:
    answer = await get(praxis, **MARCH, grain="month")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    body: dict[str, Any] = answer.json()
    watermark, as_of = (datetime.fromisoformat(body.pop(name)) for name in ("watermark", "as_of"))
    assert timedelta() <= as_of - watermark < timedelta(minutes=5)
    assert body == {
        "kpi": "monthly-active-learners",
        "definition_version": 1,
        "unit": "people",
        "grain": "month",
        "time_zone": "Europe/Berlin",
        "filters": {},
        "comparison": None,
        "points": [
            {
                "from": "2026-03-01",
                "to": "2026-03-31",
                "value": 6,
                "numerator": 5,
                "denominator": 5,
                "n": 6,
                "unmatched": 1,
                "interval": None,
                "suppressed": False,
                "provisional": False,
                "detail": {"stickiness": pytest.approx(1 / 31), "not_employed": 0, "contractors": 0},
            }
        ],
    }


@pytest.mark.parametrize(
    ("kpi", "value", "detail"),
    [
        ("learning-hours", 3, {"measured_hours": 3, "estimated_hours": 0, "not_employed": 0, "contractors": 0}),
        ("active-days", 6, {"not_employed": 0, "contractors": 0}),
        ("completions", 6, {"not_employed": 0, "contractors": 0}),
    ],
)
async def test_every_kpi_answers_alike(praxis: Installation, kpi: str, value: float, detail: dict[str, float]) -> None:
    body = (await get(praxis, f"/kpis/{kpi}", **MARCH)).json()
    point = body["points"][0]
    assert (body["kpi"], body["unit"], body["definition_version"]) == (kpi, KPIS[kpi].unit, KPIS[kpi].version)
    assert (point["value"], point["n"], point["denominator"], point["interval"]) == (value, 6, 5, None)
    assert point["detail"] == detail


async def test_where_nothing_happened_the_count_is_zero_and_the_ratio_null(praxis: Installation) -> None:
    point = (await get(praxis, **{"from": "2026-02-01", "to": "2026-02-28"})).json()["points"][0]
    assert (point["value"], point["numerator"], point["denominator"], point["n"]) == (0, 0, 5, 0)
    assert point["detail"]["stickiness"] is None
    enrolments = (await get(praxis, "/kpis/enrolments", **MARCH)).json()["points"][0]
    assert (enrolments["value"], enrolments["denominator"], enrolments["suppressed"]) == (0, 5, False)


async def test_too_few_people_are_hidden(praxis: Installation) -> None:
    points = (await get(praxis, **{"from": "2026-03-01", "to": "2026-04-01"})).json()["points"]
    assert [point["suppressed"] for point in points] == [False, True]
    assert points[1] == {
        "from": "2026-04-01", "to": "2026-04-30", "value": None, "numerator": None, "denominator": None, "n": None,
        "unmatched": None, "interval": None, "suppressed": True, "provisional": False, "detail": {},
    }  # fmt: skip


async def test_grains_and_their_defaults(praxis: Installation) -> None:
    for grain, count in {"day": 30, "week": 13, "month": 12, "quarter": 8}.items():
        points = (await get(praxis, grain=grain)).json()["points"]
        assert len(points) == count
        assert points[-1]["provisional"]
    week = (await get(praxis, **{"from": "2026-03-10", "to": "2026-03-10", "grain": "week"})).json()["points"]
    assert [(point["from"], point["to"], point["value"]) for point in week] == [("2026-03-09", "2026-03-15", 6)]


async def test_the_catalogue_publishes_every_definition(praxis: Installation) -> None:
    answer = await get(praxis, "/kpis")
    assert answer.status_code == 200
    found = {each.pop("kpi"): each for each in answer.json()["kpis"]}
    assert found == {
        kpi.name: {
            "definition": kpi.definition,
            "definition_version": kpi.version,
            "stage": kpi.stage,
            "unit": kpi.unit,
            "grains": [str(grain) for grain in kpi.grains],
            "slices": list(kpi.cuts),
            "slice_grain": str(kpi.cut_grain),
        }
        for kpi in KPIS.values()
    }
    assert {"input", "process", "outcome"} == {each["stage"] for each in found.values()}


async def test_csv_carries_definition_filters_and_watermark_inside(praxis: Installation) -> None:
    answer = await get(praxis, "/kpis/learning-hours", "text/csv", **{"from": "2026-03-01", "to": "2026-04-01"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.text.split("\r\n")
    comments = dict(line.removeprefix("# ").split(": ", 1) for line in lines if line.startswith("#"))
    same = (await get(praxis, "/kpis/learning-hours", **{"from": "2026-03-01", "to": "2026-04-01"})).json()
    assert datetime.fromisoformat(comments.pop("watermark")) <= datetime.fromisoformat(same["watermark"])
    assert datetime.fromisoformat(comments.pop("as_of")) <= datetime.fromisoformat(same["as_of"])
    assert comments == {
        "kpi": "learning-hours",
        "definition_version": "2",
        "unit": "hours",
        "grain": "month",
        "time_zone": "Europe/Berlin",
        "filters": "none",
        "definition": KPIS["learning-hours"].definition,
    }
    rows = list(csv.DictReader(line for line in lines if line and not line.startswith("#")))
    assert rows[0] == {
        "from": "2026-03-01", "to": "2026-03-31", "value": "3", "numerator": "2.5", "denominator": "5", "n": "6",
        "unmatched": "1", "interval_low": "", "interval_high": "", "interval_level": "", "interval_method": "",
        "suppressed": "false", "provisional": "false",
        "measured_hours": "3", "estimated_hours": "0", "not_employed": "0", "contractors": "0",
    }  # fmt: skip
    assert {name: text for name, text in rows[1].items() if text} == {
        "from": "2026-04-01", "to": "2026-04-30", "suppressed": "true", "provisional": "false",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("accept", "csv_wanted"),
    [
        ("text/csv", True),
        ("text/csv; charset=utf-8", True),
        ("text/*", True),
        ("text/csv;q=0.9, application/json;q=0.5", True),
        ("application/json, text/csv", False),
        ("text/csv;q=0.5, application/json", False),
        ("*/*", False),
        ("", False),
        ("text/html", False),
        ("text/csv;q=0", False),
        ("text/csv;q=²", False),
        ("text/csv;q=1.5", False),
        ("text/csv;q=nan", False),
    ],
)
def test_csv_is_for_those_who_prefer_it(accept: str, csv_wanted: bool) -> None:
    assert prefers(accept, MEDIA_TYPE) is csv_wanted


async def test_caches_are_told_that_accept_matters(praxis: Installation) -> None:
    for accept in ("application/json", "text/csv"):
        assert "Accept" in (await get(praxis, accept=accept, **MARCH)).headers["vary"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"grain": "year"}, "grain"),
        ({"from": "2026-04-01", "to": "2026-03-01"}, "from"),
        ({"from": "2026-02-30"}, "from"),
        ({"from": "1"}, "from"),
        ({"from": "2026-03-01T00:00:00Z"}, "from"),
        ({"from": "٢٠٢٦-٠٣-٠١"}, "from"),
        ({"to": "soon"}, "to"),
        ({"to": "3000-01-01"}, "to"),
        ({"from": "1969-12-31"}, "from"),
        ({"from": ""}, "from"),
        ({"unti": "2026-03-01"}, "unti"),
        ({"units": "sales"}, "units"),
        ({"unit": "sales", "role": "clerk"}, "role"),
        ({"unit": "sales", "grain": "week"}, "grain"),
        ({"skill": "sql"}, "skill"),
        ({"compare": "last"}, "compare"),
        ({"compare": "unit:"}, "compare"),
        ({"compare": "skill:sql"}, "compare"),
        ({"from": "1970-01-01", "to": "2999-12-31", "grain": "day"}, "from"),
    ],
)
async def test_a_bad_query_is_refused_by_name(praxis: Installation, query: dict[str, str], parameter: str) -> None:
    answer = await get(praxis, **query)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["status"], problem["title"]) == (400, "Bad Request")
    assert [error["parameter"] for error in problem["errors"]] == [parameter]


async def test_a_slice_and_what_is_set_beside_it(praxis: Installation) -> None:
    # All five employees are clerks in sales; zoe, of whom nobody knows, is in no unit.
    sales = (await get(praxis, **MARCH, unit="sales", compare="all")).json()
    assert (sales["filters"], sales["points"][0]["value"], sales["points"][0]["denominator"]) == (
        {"unit": "sales"},
        5,
        5,
    )
    assert (sales["comparison"]["filters"], sales["comparison"]["points"][0]["value"]) == ({}, 6)
    before = (await get(praxis, **MARCH, compare="previous")).json()["comparison"]
    assert [(point["from"], point["value"]) for point in before["points"]] == [("2026-02-01", 0)]
    table = (await get(praxis, accept="text/csv", **MARCH, compare="role:clerk")).text.split("\r\n")
    assert "# compare: role:clerk" in table
    assert table[-2].endswith(",2026-03-01,2026-03-31,5,5")


async def test_an_unknown_kpi_is_not_found(praxis: Installation) -> None:
    answer = await get(praxis, "/kpis/happiness")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert "happiness" in answer.json()["detail"]


@pytest.mark.parametrize("path", ["/kpis", KPI_URL])
async def test_reading_needs_its_scope(praxis: Installation, path: str) -> None:
    async def status(auth: tuple[str, str] | None) -> int:
        transport = praxis.client._transport
        async with httpx.AsyncClient(transport=transport, base_url="http://test", auth=auth) as client:
            return (await client.get(path)).status_code

    assert await status((READER, SECRET)) == 200
    assert await status((WRITER, SECRET)) == 403
    assert await status((READER, "wrong")) == 401
    assert await status(None) == 401
