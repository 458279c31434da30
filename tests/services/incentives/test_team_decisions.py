"""What a manager is shown: the decisions of whoever reports to them now, and of nobody else."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from praxis_incentives.bootstrap import SERVICE
from praxis_incentives.decisions import reading, visibility
from praxis_incentives.identities import CREDENTIALS
from praxis_service.database import engine_for
from praxis_service.settings import Settings
from tests.fixtures.installation import KEY, SECRET, Installation, installation, make_credential
from tests.services.incentives.test_api import apply_skill, decisions, publish, send

START = "2026-01-01T00:00:00Z"
MANAGERS = {"top": None, "lead": "top", "ann": "lead", "bob": "ann", "peer": "top", "cem": "peer"}
"""Whom each reports to: lead has ann, and through her bob; peer and cem are on another branch."""


async def hire(praxis: Installation, person: str, manager: str | None, at: str = START) -> Any:
    data = {"person_id": person, "unit": "shop", "role": "clerk", "manager_id": manager, "effective_at": at}
    return await send(praxis, "people.hired", data)


async def link(praxis: Installation, person: str, *identifiers: object) -> None:
    await send(praxis, "people.identity-linked", {"person_id": person, "identifiers": list(identifiers)})


async def organise(praxis: Installation) -> None:
    """Everybody has a decision, ann's under her mail address; ``lead`` is the credential of lead."""
    await make_credential(praxis.context.settings.database_url, ["own/read"], "lead", "secret")
    await publish(praxis)
    for number, (person, manager) in enumerate(MANAGERS.items()):
        await hire(praxis, person, manager)
        learner = {"mbox": "mailto:ann@example.org"} if person == "ann" else {"person_id": person}
        await apply_skill(praxis, number, learner=learner)
    await link(praxis, "ann", {"mbox": "mailto:ann@example.org"})
    await link(praxis, "lead", {"account": {"home_page": CREDENTIALS, "name": "lead"}})


@pytest.fixture
async def praxis(database_url: str) -> AsyncIterator[Installation]:
    async with installation(Settings(database_url=database_url), [SERVICE]) as running:
        await organise(running)
        running.client.auth = httpx.BasicAuth("lead", "secret")
        yield running


def name(decision: dict[str, Any]) -> str:
    return str(decision["learner"]).removeprefix("person:").replace("mbox:ann@example.org", "ann")


async def seen(praxis: Installation, **parameters: str) -> set[str]:
    return {name(each) for each in await decisions(praxis.client, **parameters)}


async def every(praxis: Installation) -> dict[str, str]:
    """A decision of each person, by who may see all."""
    answer = await praxis.client.get("/decisions", auth=(KEY, SECRET))
    return {name(each): each["decision"] for each in answer.json()["decisions"]}


async def opened(praxis: Installation) -> dict[str, int]:
    """What each one's decision answers, by its id."""
    found = await every(praxis)
    return {person: (await praxis.client.get(f"/decisions/{id_}")).status_code for person, id_ in found.items()}


async def test_a_manager_sees_who_reports_to_them_and_nobody_else(praxis: Installation) -> None:
    assert await seen(praxis) == {"lead", "ann", "bob"}
    assert await seen(praxis, learner="bob") == {"bob"}
    assert await seen(praxis, learner="ann") == await seen(praxis, learner="mailto:ann@example.org") == {"ann"}
    for other in ("peer", "cem", "top", "mailto:peer@example.org"):
        assert (await praxis.client.get("/decisions", params={"learner": other})).status_code == 403
    statuses = await opened(praxis)
    assert statuses == dict.fromkeys(MANAGERS, 404) | dict.fromkeys(("lead", "ann", "bob"), 200)


async def change(praxis: Installation, name: str, person: str, at: str, **data: Any) -> None:
    await send(praxis, f"people.{name}", {"person_id": person, "effective_at": at, **data})


async def test_it_is_who_reports_to_them_now(praxis: Installation) -> None:
    now = datetime.now(UTC)
    past, soon = ((now + timedelta(days=days)).isoformat() for days in (-1, 1))
    await change(praxis, "manager-changed", "bob", past, manager_id="peer")
    await change(praxis, "manager-changed", "cem", soon, manager_id="lead")
    assert await seen(praxis) == {"lead", "ann"}
    await change(praxis, "left", "ann", past, voluntary=None)
    assert await seen(praxis) == {"lead"}
    assert (await opened(praxis))["bob"] == 404
    undone = await hire(praxis, "peer", "lead", past)
    assert await seen(praxis) == {"lead", "peer", "bob", "cem"}
    await send(praxis, "people.rescinded", {"event": {"source": undone.source, "id": undone.id}, "reason": "no"})
    assert await seen(praxis) == {"lead"}


async def test_a_team_too_large_to_be_named_is_answered_alike(
    praxis: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def pages() -> list[list[str]]:
        found: list[list[str]] = []
        page: dict[str, Any] = {"next": 2**63 - 1}
        while page["next"] is not None:
            asked = {"limit": 2, "after": page["next"]}
            page = (await praxis.client.get("/decisions", params=asked)).json()
            found.append([each["decision"] for each in page["decisions"]])
        return found

    named = await pages()
    assert len(named) > 1
    monkeypatch.setattr(visibility, "MOST_NAMED", 0)
    monkeypatch.setattr(reading, "STEP", 2)
    assert await pages() == named
    monkeypatch.setattr(reading, "STEPS", 1)
    assert [each for page in await pages() for each in page] == [each for page in named for each in page]


async def test_who_has_left_manages_nobody(praxis: Installation) -> None:
    await change(praxis, "left", "lead", "2026-02-01T00:00:00Z", voluntary=True)
    assert await seen(praxis) == {"lead"}


async def test_managers_in_a_ring_see_each_other_and_are_answered(praxis: Installation) -> None:
    await change(praxis, "manager-changed", "lead", "2026-02-01T00:00:00Z", manager_id="bob")
    assert await seen(praxis) == {"lead", "ann", "bob"}


async def test_reading_a_reports_decision_is_noted_and_ones_own_is_not(praxis: Installation) -> None:
    id_ = (await every(praxis))["bob"]
    await seen(praxis, learner="lead")
    await praxis.client.get(f"/decisions/{id_}")
    await seen(praxis, learner="bob")
    noted: list[tuple[str, str]] = []
    async with asyncio.timeout(10):
        while len(noted) < 2:
            await asyncio.sleep(0.1)
            asked = {"act": "record-read", "actor": "lead"}
            answer = await praxis.client.get("/audit", params=asked, auth=(KEY, SECRET))
            noted = [(each["object"], each["person"]) for each in answer.json()["entries"]]
    assert noted == [("/decisions", "person:bob"), (id_, "person:bob")]


async def test_where_it_is_switched_off_they_see_their_own(database_url: str) -> None:
    async with installation(Settings(database_url=database_url, manager_view=False), [SERVICE]) as praxis:
        await organise(praxis)
        praxis.client.auth = httpx.BasicAuth("lead", "secret")
        assert await seen(praxis) == {"lead"}
        assert (await praxis.client.get("/decisions", params={"learner": "bob"})).status_code == 403
        statuses = await opened(praxis)
        assert (statuses["lead"], statuses["bob"]) == (200, 404)


BEFORE = (
    "DROP TABLE manager_changes, appeals",
    "ALTER TABLE reviews DROP COLUMN early",
    "ALTER TABLE evidence DROP COLUMN place",
    "ALTER TABLE grants DROP COLUMN ring, DROP COLUMN given, DROP COLUMN declined",
    "DROP TABLE reporting_seen, reporting_rescinded, reporting_events, reporting_lines",
    "DELETE FROM checkpoints WHERE projection = 'incentives.reporting'",
    "UPDATE alembic_version SET version_num = 'incentives_p_0002'",
)
"""A generation as it was before there were reporting lines."""


async def test_an_installation_from_before_reads_the_directory_by_itself(database_url: str) -> None:
    settings = Settings(database_url=database_url)
    async with installation(settings, [SERVICE]) as praxis:
        await organise(praxis)
        assert (await every(praxis)).keys() == MANAGERS.keys()
    engine = engine_for(database_url, "incentives_g1", pool_size=1)
    async with engine.begin() as connection:
        for statement in BEFORE:
            await connection.execute(text(statement))
    await engine.dispose()
    async with installation(settings, [SERVICE]) as praxis:
        praxis.client.auth = httpx.BasicAuth("lead", "secret")
        assert await seen(praxis) == {"lead", "ann", "bob"}
