"""A week of real statements, from the file to the KPIs, against a plain recomputation."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.e2e.events import hired, linked
from tests.e2e.recomputation import Figures, Month, active_learners, learning_hours, moment, month_of, name_of
from tests.fixtures.processes import Deployment
from tests.fixtures.real_statements import FILE

RECOMPUTE = {"monthly-active-learners": active_learners, "learning-hours": learning_hours}


async def kpi(praxis: Deployment, name: str, month: Month) -> dict[str, Any]:
    """The month's figures, when everything acknowledged up to now is in them."""
    day, now = f"{month[0]}-{month[1]:02}-01", datetime.now(UTC)
    async with asyncio.timeout(120):
        while True:
            answer = await praxis.get(f"/kpis/{name}", **{"from": day, "to": day})
            assert answer.status_code == 200, answer.text
            body = answer.json()
            if body["watermark"] and datetime.fromisoformat(body["watermark"]) > now:
                found: dict[str, Any] = body["points"][0]
                return found
            await asyncio.sleep(0.2)


async def test_a_week_of_real_statements_gives_what_a_recomputation_gives(
    praxis: Deployment, real_statements: list[bytes]
) -> None:
    statements = [json.loads(line) for line in real_statements]
    names = sorted({name_of(each) for each in statements})
    employed = {name for number, name in enumerate(names) if number % 5}
    homes = {each["actor"]["account"]["homePage"] for each in statements}
    assert len(homes) == 1
    home = homes.pop()
    roster = [
        event
        for name in sorted(employed)
        for event in (
            hired(f"staff-{name}", "2020-01-01T00:00:00Z"),
            linked(f"staff-{name}", {"account": {"homePage": home, "name": name}}),
        )
    ]
    address = praxis.url("/xapi/statements").removesuffix("/xapi/statements")

    async def bring_in() -> None:
        printed = await praxis.praxis("import", "statements", str(FILE), "--url", address)
        assert f"{len(statements):,} statements are stored, 0 were refused" in printed

    async def all_figures() -> dict[tuple[str, Month], dict[str, Any]]:
        months = sorted({month_of(moment(each)) for each in statements})
        return {(name, month): await kpi(praxis, name, month) for name in RECOMPUTE for month in months}

    await praxis.send(*roster[: len(roster) // 2])
    await bring_in()
    await praxis.send(*roster[len(roster) // 2 :])
    first = await all_figures()
    for (name, month), found in first.items():
        figures: Figures = RECOMPUTE[name](statements, month, employed)
        assert found["value"] == pytest.approx(figures.value, rel=1e-9), (name, month)
        assert found["numerator"] == pytest.approx(figures.numerator, rel=1e-9), (name, month)
        assert (found["denominator"], found["unmatched"]) == (len(employed), figures.unmatched), (name, month)
        assert figures.value > figures.numerator > 0
    await bring_in()
    assert await all_figures() == first
