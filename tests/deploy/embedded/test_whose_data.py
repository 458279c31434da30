"""Every scope at every route that shows more to one than to another, with real data of one's own, of one's subtree and
of others: what is shown is what the table of access says.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest

from praxis_embedded.hosted import services
from praxis_embedded.postgres import EmbeddedPostgres
from praxis_incentives.identities import CREDENTIALS
from praxis_service import credentials
from praxis_service.access.table import TABLE, Data
from praxis_service.database import engine_for
from praxis_service.settings import Settings
from tests.deploy.embedded.test_access import CALLERS, SECRET, key_of
from tests.fixtures.installation import Installation, installation
from tests.services.incentives.test_api import apply_skill, publish, send

START = "2026-01-01T00:00:00Z"
MANAGERS = {"me": "boss", "report": "me", "below": "report", "gone": "me", "peer": "boss", "boss": None, "other": None}
"""Whom each reports to; every caller's credential is ``me``'s. ``gone`` has left."""

SHOWN = {
    Data.NONE: set[str](),
    Data.OWN: {"me"},
    Data.SUBTREE: {"me", "report", "below"},
    Data.ALL: set(MANAGERS),
}


@dataclass(frozen=True, slots=True)
class Organisation:
    """``alone`` is served with ``PRAXIS_MANAGER_VIEW`` off. ``decisions``: one of each person."""

    client: httpx.AsyncClient
    alone: httpx.AsyncClient
    decisions: dict[str, str]


@pytest.fixture(scope="module")
async def organisation(postgres: EmbeddedPostgres) -> AsyncIterator[Organisation]:
    await postgres.ensure_database("whose_data")
    settings = Settings(database_url=postgres.url("whose_data"))
    off = settings.model_copy(update={"manager_view": False})
    async with installation(settings, services([])) as praxis, installation(off, services([]), workers=False) as alone:
        await fill(praxis)
        found = (await praxis.client.get("/decisions")).json()
        assert found["consistent"] is True
        decisions = {learner(each): each["decision"] for each in found["decisions"]}
        assert decisions.keys() == MANAGERS.keys()
        yield Organisation(praxis.client, alone.client, decisions)


async def fill(praxis: Installation) -> None:
    engine = engine_for(praxis.context.settings.database_url, pool_size=1)
    for scope in CALLERS:
        await credentials.create(engine, [scope], key_of(scope), SECRET)
    await engine.dispose()
    await publish(praxis)
    accounts = [{"account": {"home_page": CREDENTIALS, "name": key_of(scope)}} for scope in CALLERS]
    await send(praxis, "people.identity-linked", {"person_id": "me", "identifiers": accounts})
    for number, (person, manager) in enumerate(MANAGERS.items()):
        place = {"unit": "shop", "role": "clerk", "manager_id": manager, "effective_at": START}
        await send(praxis, "people.hired", {"person_id": person, **place})
        await apply_skill(praxis, number, learner={"person_id": person})
        statement = {"actor": actor(person), "verb": {"id": "urn:v"}, "object": {"id": "urn:o"}}
        assert (await praxis.client.post("/xapi/statements", json=statement)).status_code == 200
    await send(praxis, "people.left", {"person_id": "gone", "voluntary": None, "effective_at": "2026-02-01T00:00:00Z"})


def actor(person: str) -> dict[str, object]:
    return {"account": {"homePage": "https://hr.example", "name": person}}


def learner(decision: dict[str, str]) -> str:
    return decision["learner"].removeprefix("person:")


Seen = set[str] | int
Ask = Callable[[httpx.AsyncClient, dict[str, str], httpx.BasicAuth], Awaitable[Seen]]
"""Whose data one is shown, or the status of the refusal."""


async def listed(client: httpx.AsyncClient, _: dict[str, str], auth: httpx.BasicAuth) -> Seen:
    answer = await client.get("/decisions", auth=auth)
    return {learner(each) for each in answer.json()["decisions"]} if answer.is_success else answer.status_code


async def asked_for(client: httpx.AsyncClient, decisions: dict[str, str], auth: httpx.BasicAuth) -> Seen:
    """By name; who may see somebody is refused for others."""
    answers = {each: await client.get("/decisions", params={"learner": each}, auth=auth) for each in decisions}
    assert {each.status_code for each in answers.values()} <= {200, 403}
    shown = {person for person, answer in answers.items() if answer.is_success and answer.json()["decisions"]}
    return shown or 403


async def one_by_one(client: httpx.AsyncClient, decisions: dict[str, str], auth: httpx.BasicAuth) -> Seen:
    """To whoever may see some, others' do not exist."""
    answers = {each: (await client.get(f"/decisions/{id_}", auth=auth)).status_code for each, id_ in decisions.items()}
    shown = {person for person, status in answers.items() if status == 200}
    assert {status for status in answers.values() if status != 200} <= ({404} if shown else {403})
    return shown or 403


async def contested(client: httpx.AsyncClient, decisions: dict[str, str], auth: httpx.BasicAuth) -> Seen:
    """Nobody contests another's, not a report's either; one's own once, and then it is said why not again."""
    answers = {
        each: (await client.post(f"/decisions/{id_}/appeal", json={"reason": "Mine."}, auth=auth)).status_code
        for each, id_ in decisions.items()
    }
    assert set(answers.values()) <= {200, 403, 409}
    return {person for person, status in answers.items() if status != 403} or 403


async def recorded(client: httpx.AsyncClient, decisions: dict[str, str], auth: httpx.BasicAuth) -> Seen:
    answers = {each: (await client.get(f"/people/{each}/record", auth=auth)).status_code for each in decisions}
    assert set(answers.values()) <= {200, 403}
    return {person for person, status in answers.items() if status == 200} or 403


async def statements(client: httpx.AsyncClient, _: dict[str, str], auth: httpx.BasicAuth) -> Seen:
    answer = await client.get("/xapi/statements", auth=auth)
    if not answer.is_success:
        return answer.status_code
    return {each["actor"]["account"]["name"] for each in answer.json()["statements"]}


ASKED: dict[tuple[str, str], list[Ask]] = {
    ("GET", "/decisions"): [listed, asked_for],
    ("GET", "/decisions/{decision}"): [one_by_one],
    ("POST", "/decisions/{decision}/appeal"): [contested],
    ("GET", "/people/{person_id}/record"): [recorded],
    ("GET", "/xapi/statements"): [statements],
}


def test_every_route_that_shows_some_people_is_asked() -> None:
    some = {route for route, needs in TABLE.items() if {Data.OWN, Data.SUBTREE} & set(needs.scopes.values())}
    assert some - {("GET", "/session")} == ASKED.keys() - {("GET", "/xapi/statements")}


@pytest.mark.parametrize("caller", CALLERS)
async def test_what_is_shown_is_what_the_table_says(organisation: Organisation, caller: str) -> None:
    auth = httpx.BasicAuth(key_of(caller), SECRET)
    found: dict[tuple[str, str, bool], Seen] = {}
    expected: dict[tuple[str, str, bool], Seen] = {}
    for (method, path), asks in ASKED.items():
        for view, client in ((True, organisation.client), (False, organisation.alone)):
            data = TABLE[method, path].shown([caller])
            if data is Data.SUBTREE and not view:
                data = Data.OWN
            for ask in asks:
                case = (path, ask.__name__, view)
                found[case] = await ask(client, organisation.decisions, auth)
                expected[case] = 403 if data is None else SHOWN[data]
    assert found == expected
