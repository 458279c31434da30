"""Every route of every service, asked by every kind of caller: answers are what the table of access says."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

from praxis_embedded.hosted import services
from praxis_embedded.postgres import EmbeddedPostgres
from praxis_service import credentials
from praxis_service.access.scopes import NARROWED, SCOPES
from praxis_service.access.table import KNOWN, TABLE
from praxis_service.database import engine_for
from praxis_service.settings import Settings
from tests.deploy.k8s.manifests import ROOT
from tests.fixtures.installation import installation
from tests.services.incentives.build import policy_data

SECRET = "secret"
CALLERS = [*SCOPES, f"{NARROWED}praxis.people."]
"""A credential for each scope, named after it."""

BODIES = {
    "/keys": {"scopes": ["keys/manage"], "key": "made"},
    "/policies:simulate": {"policy": policy_data()},
}

Case = tuple[str, str, str | None]

NOBODY = "00000000-0000-4000-8000-000000000000"
FILLED = {
    "decision": NOBODY,
    "id_:uuid": NOBODY,
    "kpi": "completions",
    "quarter": "2026-Q1",
    "rest:anything": "Nothing",
}


@dataclass(frozen=True, slots=True)
class Hosted:
    app: FastAPI
    client: httpx.AsyncClient

    async def ask(self, method: str, path: str, caller: str | None) -> int:
        body, auth = BODIES.get(path, {"reason": "Asked."}), None if caller is None else (caller, SECRET)
        answer = await self.client.request(method, filled(path), json=body, auth=auth)
        if answer.status_code == 401:
            assert answer.headers["www-authenticate"].startswith("Basic ")
        return answer.status_code


@pytest.fixture(scope="module")
async def hosted(postgres: EmbeddedPostgres) -> AsyncIterator[Hosted]:
    await postgres.ensure_database("access")
    settings = Settings(database_url=postgres.url("access"), read_wait=0)
    async with installation(settings, services([]), workers=False) as praxis:
        engine = engine_for(settings.database_url, pool_size=1)
        for scope in CALLERS:
            await credentials.create(engine, [scope], key_of(scope), SECRET)
        await engine.dispose()
        praxis.client.auth = httpx.Auth()  # each request has its own, or none
        yield Hosted(praxis.app, praxis.client)


def key_of(scope: str) -> str:
    return scope.replace(":", "-")


def filled(path: str) -> str:
    """A path of this template, of which nothing exists."""
    before, found, rest = path.partition("{")
    if not found:
        return path
    name, _, after = rest.partition("}")
    return before + FILLED.get(name, "nothing") + filled(after)


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    for context in iter_route_contexts(app.routes):
        for method in sorted(context.methods or ()):
            if method != "HEAD":
                yield method, str(context.path)


def test_the_table_has_every_route_and_no_other(hosted: Hosted) -> None:
    served = list(routes_of(hosted.app))
    assert len(served) == len(set(served))
    assert set(served) == TABLE.keys()


async def test_who_may_not_is_refused_and_who_may_is_not(hosted: Hosted) -> None:
    found: dict[Case, int | str] = {}
    expected: dict[Case, int | str] = {}
    for number, ((method, path), needs) in enumerate(TABLE.items()):
        for caller in (None, f"unknown-{number}", *CALLERS):
            scopes = [caller] if caller in CALLERS else []
            status = await hosted.ask(method, path, caller and key_of(caller))
            case = (method, path, caller)
            found[case] = status if status in (401, 403) else "open"
            if needs.public:
                expected[case] = "open"
            elif not scopes:
                expected[case] = 401
            else:
                expected[case] = 403 if needs.shown(scopes) is None else "open"
            assert status < 500, case
    assert found == expected
    assert set(expected.values()) == {401, 403, "open"}


def test_the_documentation_has_every_scope() -> None:
    text = (ROOT / "docs" / "access.md").read_text()
    for scope, what in SCOPES.items():
        assert f"| `{scope}` | {what} |" in text


def test_what_opens_a_route_is_written_down_here_too() -> None:
    """The routes that each scope opens: a change of the table has to be meant."""
    scoped = [(path.split("/")[1], needs) for (_, path), needs in TABLE.items() if needs is not KNOWN]
    opened = {
        scope: sorted({place for place, needs in scoped if needs.shown([scope]) is not None})
        for scope in SCOPES
        if scope != "all"
    }
    assert opened == {
        "statements/write": ["xapi"],
        "statements/read": ["xapi"],
        "events/write": ["events"],
        "attributes/write": ["events"],
        "act-as": [],
        "scim": ["scim"],
        "kpis/read": [
            "",
            "activities",
            "audits",
            "dashboard",
            "goals",
            "governance",
            "kpis",
            "pathways",
            "pilots",
            "reports",
            "skills",
            "triangulation",
        ],
        "decisions/read": ["cases", "decisions", "policies", "policies:simulate", "proposals"],
        "records/read": ["people"],
        "own/read": ["decisions", "people", "policies"],
        "cases/decide": ["cases", "proposals"],
        "identities/read": ["identities"],
        "sources/read": ["sources"],
        "keys/manage": ["keys"],
        "audit/read": ["audit"],
    }
