"""The protocol: who may, what is found, what is refused, and what happens when two change one resource."""

import asyncio
from typing import Any

import httpx
import pytest

from praxis_events.log import EventLog, LogUnavailable, NewRecord, Position
from praxis_ingest.scim.door import ScimDoor
from praxis_ingest.scim.resources import PERSON, Kind
from praxis_service.auth import Principal
from praxis_service.database import open_service
from tests.fixtures.installation import make_credential
from tests.services.ingest.scim.serving import ENTERPRISE, HIRED, LINKED, Scim, user


async def answer(scim: Scim, authorization: str, path: str = "/Users") -> httpx.Response:
    return await scim.client.get(f"/scim/v2{path}", headers={"Authorization": authorization})


async def test_a_credential_opens_the_door_as_a_token_and_by_basic(scim: Scim) -> None:
    url = scim.praxis.context.settings.database_url
    await make_credential(url, ["events/write"], "tracker", "secret")
    for authorization, status in (
        ("Bearer idp:secret", 200),
        ("Basic aWRwOnNlY3JldA==", 200),
        ("Bearer tracker:secret", 403),
        ("Bearer idp:wrong", 401),
        ("Bearer secret", 401),
        ("Digest idp:secret", 401),
        ("", 401),
    ):
        for path in ("/Users", "/ServiceProviderConfig", "/Schemas", "/nothing"):
            found = await answer(scim, authorization, path)
            assert found.status_code == (404 if path == "/nothing" and status == 200 else status)
            assert found.headers["content-type"] == "application/scim+json"
        assert status != 401 or found.headers["www-authenticate"]


async def test_filters_and_pages(scim: Scim) -> None:
    for number in range(7):
        await scim.create(user_name=f"u{number}@example.org", number=f"p-{number}", title="head" if number > 4 else "x")

    async def found(query: str) -> list[str]:
        return [each["userName"][:2] for each in (await scim.call("GET", f"/Users?{query}")).get("Resources", [])]

    assert await found("count=3") == ["u0", "u1", "u2"]
    assert await found("startIndex=4&count=2") == ["u3", "u4"]
    assert await found("startIndex=99") == []
    assert await found("startIndex=999999999999999999999999") == []
    assert await found('filter=userName eq "U3@example.org"') == ["u3"]
    assert await found('filter=title eq "head" and not (userName sw "u5")') == ["u6"]
    assert await found(f'filter={ENTERPRISE}:employeeNumber eq "p-2"') == ["u2"]
    assert await found('filter=emails[type eq "work" and value co "u1"]') == ["u1"]
    assert await found(r'filter=userName eq "\u0000"') == []
    assert await found("sortBy=userName&sortOrder=descending&count=2") == ["u6", "u5"]
    page = await scim.call("GET", '/Users?filter=title eq "x"&startIndex=2&count=2')
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (5, 2, 2)
    searched = await scim.call("POST", "/Users/.search", {"filter": 'title eq "head"', "attributes": ["userName"]})
    assert [set(each) for each in searched["Resources"]] == [{"schemas", "id", "userName"}] * 2
    assert (await scim.call("GET", "/Users?count=0"))["totalResults"] == 7


@pytest.mark.parametrize("query", ["filter=userName eq", "filter=shoeSize eq 7", 'filter=active gt "x"', "count=many"])
async def test_a_query_that_cannot_be_read_is_refused(scim: Scim, query: str) -> None:
    assert (await scim.call("GET", f"/Users?{query}", status=400))["status"] == "400"


async def test_a_version_is_changed_once(scim: Scim) -> None:
    created = await scim.create()
    path, etag = f"/Users/{created['id']}", created["meta"]["version"]
    assert (await scim.client.get(f"/scim/v2{path}", headers={"If-None-Match": etag})).status_code == 304
    replaced = await scim.call("PUT", path, user(title="agent"), if_match=etag)
    assert replaced["meta"]["version"] != etag
    assert replaced["meta"]["created"] == created["meta"]["created"]
    for method, body in (("PUT", user(title="head")), ("DELETE", None)):
        await scim.call(method, path, body, 412, if_match=etag)
    assert (await scim.call("GET", path))["title"] == "agent"
    same = await scim.call("PUT", path, user(title="agent"), if_match="*")
    assert same["meta"] == replaced["meta"]


async def test_a_user_name_is_one_users_whatever_its_case(scim: Scim) -> None:
    answers = await asyncio.gather(
        *(scim.client.post("/scim/v2/Users", json=user(name, number=None)) for name in ("ann@x.org", "ANN@x.org") * 3)
    )
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409, 409, 409]
    assert {each.json()["scimType"] for each in answers if each.status_code == 409} == {"uniqueness"}


@pytest.mark.parametrize(
    ("body", "scim_type"),
    [
        (b"{", "invalidSyntax"),
        (b"[" * 100_000, "invalidSyntax"),
        (b"[]", "invalidSyntax"),
        (b'{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"]}', "invalidValue"),
        (b'{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "a\\u0000"}', "invalidValue"),
        (b'{"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "a", "active": 7}', "invalidValue"),
    ],
)
async def test_a_body_that_cannot_be_used_is_refused(scim: Scim, body: bytes, scim_type: str) -> None:
    refused = await scim.client.post("/scim/v2/Users", content=body)
    assert (refused.status_code, refused.json()["scimType"]) == (400, scim_type)


async def test_a_user_has_a_name(scim: Scim) -> None:
    assert "userName" in (await scim.call("POST", "/Users", user("", emails=[]), 400))["detail"]
    id_ = (await scim.create())["id"]
    assert "userName" in (await scim.call("PUT", f"/Users/{id_}", user(" ", emails=[]), 400))["detail"]


async def test_what_is_not_served_is_answered_in_scims_words(scim: Scim) -> None:
    path = f"/scim/v2/Users/{(await scim.create())['id']}"
    for method, target, status, allowed in (
        ("PUT", "/scim/v2/Users", 405, "GET, POST"),
        ("OPTIONS", path, 405, "GET, PUT, PATCH, DELETE"),
        ("GET", "/scim/v2/Users/.search", 405, "POST"),
        ("GET", "/scim/v2/Schemas/a%0Ab", 404, None),
        ("GET", "/scim/v2/a%0Ab", 404, None),
        ("DELETE", "/scim/v2/Users/7", 404, None),
    ):
        answer = await scim.client.request(method, target)
        found = (answer.status_code, answer.headers.get("allow"), answer.headers["content-type"])
        assert found == (status, allowed, "application/scim+json"), target


async def test_what_no_event_could_say_is_refused_with_its_attribute(scim: Scim) -> None:
    refused = await scim.call("POST", "/Users", user(title="x" * 501), 400)
    assert refused["detail"].startswith("title: ")
    assert await scim.told() == []
    assert (await scim.call("GET", "/Users"))["totalResults"] == 0


async def test_long_names_are_kept(scim: Scim) -> None:
    long = f"{'x' * 9_000}@example.org"
    created = await scim.create(user_name=long, number=None, emails=[], externalId="y" * 9_000)
    assert (await scim.call("POST", "/Users/.search", {"filter": f'userName eq "{long}"'}))["totalResults"] == 1
    assert created["externalId"] == "y" * 9_000


async def test_nothing_is_told_before_the_person_is_known_nor_hired_before_unit_and_role_are(scim: Scim) -> None:
    id_ = (await scim.create(number=None, title=None))["id"]
    assert await scim.told() == []
    await scim.patch(id_, {"op": "add", "path": f"{ENTERPRISE}:employeeNumber", "value": "p-1"})
    assert await scim.told() == [LINKED]
    await scim.patch(id_, {"op": "add", "path": "title", "value": "clerk"})
    assert await scim.told() == [LINKED, HIRED]


async def test_another_employee_number_is_another_person(scim: Scim) -> None:
    id_ = (await scim.create())["id"]
    await scim.patch(id_, {"op": "replace", "path": f"{ENTERPRISE}:employeeNumber", "value": "p-2"})
    unlinked, rescinded, linked, hired = (await scim.told())[2:]
    assert unlinked == ("identity-unlinked", LINKED[1])
    assert (rescinded[0], rescinded[1]["event"]["source"]) == ("rescinded", "/scim/v2")
    assert (linked, hired) == (
        ("identity-linked", LINKED[1] | {"person_id": "p-2"}),
        ("hired", HIRED[1] | {"person_id": "p-2"}),
    )


async def test_changes_at_the_same_time_are_told_in_one_order(scim: Scim) -> None:
    id_ = (await scim.create())["id"]
    units = [f"unit-{number}" for number in range(8)]
    path = f"{ENTERPRISE}:department"
    await asyncio.gather(*(scim.patch(id_, {"op": "replace", "path": path, "value": unit}) for unit in units))
    last = (await scim.call("GET", f"/Users/{id_}"))[ENTERPRISE]["department"]
    told = [data["unit"] for name, data in await scim.told() if name == "unit-changed"]
    assert sorted(told) == units
    assert told[-1] == last


class Unavailable:
    """A log that acknowledges nothing."""

    def __init__(self, log: EventLog) -> None:
        self._log = log

    def __getattr__(self, name: str) -> Any:
        return getattr(self._log, name)

    async def append(self, records: list[NewRecord]) -> list[Position]:
        raise LogUnavailable("no")


async def test_what_the_log_does_not_acknowledge_has_not_happened(scim: Scim) -> None:
    context = scim.praxis.context
    database = await open_service(context.settings.database_url, "ingest")
    door = ScimDoor(Unavailable(context.log), database.sessions, context.clock, deactivated_leaves=False)  # type: ignore[arg-type]
    id_ = (await scim.create())["id"]
    resource = PERSON.model_validate(user("bob@example.org", number="p-7"))
    with pytest.raises(LogUnavailable):
        await door.create(Kind.USER, resource, Principal("idp", frozenset({"scim"})))
    await database.close()
    assert [each["id"] for each in (await scim.call("GET", "/Users"))["Resources"]] == [id_]
    assert await scim.told() == [LINKED, HIRED]
