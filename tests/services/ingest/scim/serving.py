"""SCIM on a real log and a real database, and what identity providers do with it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec
from fastapi import FastAPI

from praxis_events.envelope import Event
from praxis_events.reading import read_topic
from praxis_events.topics import DIRECTORY
from praxis_ingest.bootstrap import SERVICE
from praxis_service.app import create_app
from praxis_service.settings import Settings
from tests.fixtures.installation import Installation, installation, make_credential

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
MEDIA_TYPE = "application/scim+json"
TOKEN = "idp:secret"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scim:
    praxis: Installation
    app: FastAPI
    client: httpx.AsyncClient

    async def call(self, method: str, path: str, body: Any = None, status: int = 200, **headers: str) -> Json:
        given = {"If-Match": headers["if_match"]} if "if_match" in headers else {}
        answer = await self.client.request(method, f"/scim/v2{path}", json=body, headers=given)
        assert answer.status_code == status, answer.text
        assert not answer.content or answer.headers["content-type"] == MEDIA_TYPE
        return dict(answer.json()) if answer.content else {}

    async def create(self, **attributes: Any) -> Json:
        return await self.call("POST", "/Users", user(**attributes), 201)

    async def patch(self, id_: str, *operations: Json, kind: str = "Users", status: int = 200) -> Json:
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        return await self.call("PATCH", f"/{kind}/{id_}", body, status)

    async def told(self) -> list[tuple[str, Json]]:
        """The events on the log: the last word of each type, and its data without times."""
        found = [Event.from_record(each) async for each in read_topic(self.praxis.context.log, DIRECTORY.name)]
        assert {event.principal for event in found} <= {"idp"}
        return [(event.type.split(".")[2], _timeless(msgspec.json.decode(event.data))) for event in found]

    async def told_since(self, before: list[tuple[str, Json]]) -> list[tuple[str, Json]]:
        return (await self.told())[len(before) :]


def _timeless(data: Json) -> Json:
    return {name: value for name, value in data.items() if name != "effective_at"}


def user(user_name: str = "ann@example.org", *, number: str | None = "p-1", **attributes: Any) -> Json:
    """Employed in sales, as a clerk, unless ``attributes`` say otherwise."""
    enterprise = {"employeeNumber": number, "department": "sales"} | attributes.pop("enterprise", {})
    return {
        "schemas": [CORE, ENTERPRISE],
        "userName": user_name,
        "displayName": "Ann Lee",
        "title": "clerk",
        "active": True,
        "emails": [{"value": user_name, "type": "work", "primary": True}],
        ENTERPRISE: {name: value for name, value in enterprise.items() if value is not None},
    } | attributes


LINKED = ("identity-linked", {"person_id": "p-1", "identifiers": [{"mbox": "mailto:ann@example.org"}]})
HIRED = ("hired", {"person_id": "p-1", "name": "Ann Lee", "unit": "sales", "role": "clerk"})


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Scim]:
    async with installation(settings, [SERVICE], workers=False) as praxis:
        await make_credential(settings.database_url, ["scim"], *TOKEN.split(":"))
        app = create_app([SERVICE], praxis.context)
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": MEDIA_TYPE}
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers, timeout=30) as client,
        ):
            yield Scim(praxis, app, client)
