"""A learner's own record, worked out by hand; and who may read it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_metrics.bootstrap import SERVICE
from praxis_metrics.programme.record_habits import streaks
from praxis_service.settings import Settings
from tests.fixtures.installation import KEY, SECRET, Installation, installation, make_credential
from tests.services.metrics.build import applied, did, hired, left, linked, mail, moved, said, staff, takes_back
from tests.services.metrics.careers import assessor, enrolled, pathway, profile, validated
from tests.services.metrics.programme.finding import mapped, skill
from tests.services.metrics.working import accepted, eligible, shown

START = "2026-01-05T00:00:00Z"
VALIDATED, APPLIED, GONE = (f"{n}" * 8 + "-0000-4000-8000-000000000000" for n in (1, 2, 3))
MANAGERS = {"top": None, "lead": "top", "ann": "lead", "bob": "ann", "peer": "top"}
"""Whom each reports to: lead has ann, and through her bob; peer is on another branch."""

CREDENTIAL = {"account": {"homePage": "urn:praxis:credential", "name": "lead-key"}}


def now(days: float = 0) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


RECORDS: list[Any] = [
    *[hired(who, START, role="analyst", unit="data", manager=above) for who, above in MANAGERS.items()],
    linked("ann", mail("ann")), linked("lead", mail("lead"), CREDENTIAL), *staff("asa"),
    assessor("asa", "sql"), profile("analyst", "data", "sql", "stats"), skill("sql"), mapped("s", "stats"),
    validated("ann", "asa", "sql", "2026-02-02T09:00:00Z", id_=VALIDATED),
    shown("ann", "T-1", "2026-02-03T09:00:00Z", event=APPLIED),
    said("evidence.skill-applied", applied("ann", "ann", "2026-02-04T09:00:00Z")),
    said("evidence.skill-applied", applied("ann", "asa", "2026-02-05T09:00:00Z"), id_=GONE),
    takes_back("evidence", GONE),
    accepted("ann", "T-1", "2026-02-06T09:00:00Z"), accepted("ann", "T-1", "2026-02-09T09:00:00Z"),
    eligible("ann", "T-1", "2026-02-01T09:00:00Z"), eligible("ann", "T-2", "2026-02-02T09:00:00Z"),
    did("ann", "completed", "a", "2026-03-02T09:00:00Z", took="PT30M"),
    did("ann", "completed", "b", "2026-03-31T09:00:00Z", took="PT1H"),
    did("bob", "completed", "a", "2026-03-02T09:00:00Z", took="PT30M"),
    pathway("p", "sql"), enrolled("ann", "p", "2026-02-01T09:00:00Z"),
    said("programme.manager-goal-set", {"manager": mail("ann"), "goal": "Coach two people", "due_on": "2026-12-31"}),
]  # fmt: skip


@pytest.fixture(scope="module")
async def praxis(postgres: EmbeddedPostgres) -> AsyncIterator[Installation]:
    await postgres.ensure_database("metrics_record")
    settings = Settings(database_url=postgres.url("metrics_record"))
    async with installation(settings, [SERVICE]) as running:
        await make_credential(settings.database_url, ["own/read"], "lead-key", "secret")
        await make_credential(settings.database_url, ["kpis/read"], "analyst", "secret")
        await make_credential(settings.database_url, ["records/read"], "development", "secret")
        await tell(running, *RECORDS)
        yield running


async def tell(praxis: Installation, *records: Any) -> None:
    """And wait until all of it is read."""
    await praxis.context.log.append(list(records))
    told = datetime.now(UTC)
    async with asyncio.timeout(120):
        while True:
            found = (await praxis.client.get("/people/lead/record")).json().get("watermark")
            if found is not None and datetime.fromisoformat(found) > told:
                return
            await asyncio.sleep(0.1)


async def read(praxis: Installation, person: str, key: str = KEY) -> httpx.Response:
    return await praxis.client.get(f"/people/{person}/record", auth=(key, SECRET if key == KEY else "secret"))


async def statuses(praxis: Installation, key: str) -> dict[str, int]:
    return {person: (await read(praxis, person, key)).status_code for person in MANAGERS}


async def test_what_it_holds(praxis: Installation) -> None:
    body = (await read(praxis, "ann")).json()
    assert (body["role"], body["units"], body["time_zone"]) == ("analyst", ["data"], "UTC")
    held, required = body["skills"], body["required"]
    assert [(each["skill"], each["name"], each["held_on"], len(each["evidence"])) for each in held] == [
        ("sql", "sql", "2026-02-02", 1),
    ]  # fmt: skip
    assert [(each["skill"], each["held"], each["taught_by"]) for each in required] == [
        ("sql", True, []), ("stats", False, ["https://lms.example/s"]),
    ]  # fmt: skip
    # Her own word is evidence that is not accepted; what was withdrawn is not there. Who vouched is not said.
    assert [(each["kind"], each["accepted"], each["task"] and each["task"]["id"]) for each in body["evidence"]] == [
        ("project-result", False, None), ("project-result", True, "t-1"), ("assessor-validation", True, None),
    ]  # fmt: skip
    assert held[0]["evidence"] == [body["evidence"][2]["evidence"]]
    assert "asa" not in str(body)
    # A task once, as first accepted; of two that were eligible for sql, in one it was used.
    assert body["tasks"] == [{"task": {"system": "jira", "id": "t-1"}, "accepted_at": "2026-02-06T09:00:00Z"}]
    assert [(each["task"]["id"], each["shown"]) for each in body["eligible_tasks"]] == [("t-2", False), ("t-1", True)]
    assert [each["activity"][-1] for each in body["completions"]] == ["b", "a"]
    assert body["learning_hours"] == [{"month": "2026-03-01", "measured": 1.5, "estimated": 0}]
    (enrolment,) = body["enrolments"]
    assert (enrolment["pathway"], enrolment["progress"], enrolment["withdrawn_at"]) == ("p", 1, None)
    assert body["goals"] == [{"goal": "Coach two people", "due_on": "2026-12-31"}]


async def test_a_person_of_whom_little_is_known(praxis: Installation) -> None:
    body = (await read(praxis, "peer")).json()
    assert (body["role"], body["skills"], body["evidence"], body["completions"]) == ("analyst", [], [], [])
    assert [each["held"] for each in body["required"]] == [False, False]


async def test_habits_that_are_kept_are_acknowledged(praxis: Installation) -> None:
    # Sharing is due once a week that is over. Designed two weeks ago, ann shared last week and not the one before.
    monday = datetime.now(UTC) - timedelta(days=datetime.now(UTC).weekday())
    last_week, before = monday - timedelta(days=4), monday - timedelta(days=11)
    await tell(
        praxis,
        said("programme.habit-designed", {
            "habit": "friday-share", "kind": "share", "time": "Friday", "trigger": "stand-up", "reward": "Cake",
            "owner": mail("lead"),
        }, time=before.isoformat()),
        said("work.habit-done", {"person": mail("ann"), "habit": "friday-share", "at": last_week.isoformat()}),
    )  # fmt: skip
    (habit,) = (await read(praxis, "ann")).json()["habits"]
    assert (habit["kind"], habit["due"], habit["kept"], habit["streak"], habit["longest"]) == ("share", 2, 1, 1, 1)
    assert habit["acknowledgements"] == [{"habit": "friday-share", "reward": "Cake"}]
    (others,) = (await read(praxis, "bob")).json()["habits"]
    assert (others["due"], others["kept"], others["streak"], others["acknowledgements"]) == (2, 0, 0, [])


@pytest.mark.parametrize(
    ("kept", "expected"),
    [([], (0, 0)), ([True, True, False], (0, 2)), ([True, False, True, True], (2, 2)), ([False], (0, 0))],
)
def test_streaks(kept: list[bool], expected: tuple[int, int]) -> None:
    assert streaks(kept) == expected


async def test_who_may_read_whose(praxis: Installation) -> None:
    assert await statuses(praxis, "lead-key") == {"top": 403, "lead": 200, "ann": 200, "bob": 200, "peer": 403}
    assert await statuses(praxis, "analyst") == dict.fromkeys(MANAGERS, 403)
    assert await statuses(praxis, "development") == dict.fromkeys(MANAGERS, 200)
    for key in (KEY, "development", "lead-key"):
        assert (await read(praxis, "nobody", key)).status_code == 404
    assert (await read(praxis, "nobody", "analyst")).status_code == 403
    problem = await praxis.client.get("/people/ann/record", params={"month": "3"})
    assert (problem.status_code, problem.json()["errors"][0]["parameter"]) == (400, "month")


async def test_reading_somebody_else_s_is_noted_and_one_s_own_is_not(praxis: Installation) -> None:
    for person in ("lead", "bob", "peer"):
        await read(praxis, person, "lead-key")
    noted: list[str] = []
    async with asyncio.timeout(20):
        while "person:bob" not in noted:
            await asyncio.sleep(0.1)
            asked = {"act": "record-read", "actor": "lead-key"}
            entries = (await praxis.client.get("/audit", params=asked)).json()["entries"]
            noted = [each["person"] for each in entries]
    assert "person:lead" not in noted
    assert "person:peer" not in noted


async def test_it_is_who_reports_to_them_now(praxis: Installation) -> None:
    """eve goes from lead to pat yesterday, fay comes to pat tomorrow; then pat leaves, whom eve still reports to."""
    await make_credential(praxis.context.settings.database_url, ["own/read"], "pat-key", "secret")
    account = {"account": {"homePage": "urn:praxis:credential", "name": "pat-key"}}
    await tell(
        praxis, hired("pat", START, manager="top"), linked("pat", account), hired("eve", START, manager="lead"),
        hired("fay", START, manager="lead"), moved("fay", now(1), manager_id="pat"),
    )  # fmt: skip

    async def seen(key: str) -> dict[str, int]:
        return {person: (await read(praxis, person, key)).status_code for person in ("pat", "eve", "fay")}

    assert await seen("lead-key") == {"pat": 403, "eve": 200, "fay": 200}
    await praxis.context.log.append([moved("eve", now(-1), manager_id="pat")])  # which the next request waits for
    assert await seen("lead-key") == {"pat": 403, "eve": 403, "fay": 200}
    assert await seen("pat-key") == {"pat": 200, "eve": 200, "fay": 403}
    await praxis.context.log.append([left("pat", now(-1))])
    assert await seen("pat-key") == {"pat": 200, "eve": 403, "fay": 403}


async def test_where_managers_view_is_switched_off_they_see_their_own(postgres: EmbeddedPostgres) -> None:
    settings = Settings(database_url=postgres.url("metrics_record"), manager_view=False)
    async with installation(settings, [SERVICE], workers=False) as praxis:
        assert await statuses(praxis, "lead-key") == {"top": 403, "lead": 200, "ann": 403, "bob": 403, "peer": 403}
