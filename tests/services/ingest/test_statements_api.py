"""The statements resource, on a real log and a real store."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from praxis_events.statement_records import statement_record
from praxis_events.times import parse_time
from praxis_ingest.bootstrap import SERVICE
from praxis_service.database import open_service
from praxis_service.settings import Settings
from tests.fixtures.installation import Installation, installation, make_credential

PATH = "/xapi/statements"
THROUGH = "X-Experience-API-Consistent-Through"
COMPLETED = "http://adlnet.gov/expapi/verbs/completed"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"


@pytest.fixture
async def praxis(database_url: str) -> AsyncIterator[Installation]:
    settings = Settings(
        database_url=database_url, append_timeout=2.0, clock_skew=0.1, max_body_bytes=200_000, max_batch=60
    )
    async with installation(settings, [SERVICE]) as running:
        yield running


@pytest.fixture
def client(praxis: Installation) -> httpx.AsyncClient:
    return praxis.client


def statement(**changes: Any) -> dict[str, Any]:
    return {
        "actor": {"mbox": "mailto:ann@example.org"},
        "verb": {"id": COMPLETED},
        "object": {"id": "https://example.org/a"},
    } | changes


def voiding(target: str) -> dict[str, Any]:
    return statement(verb={"id": VOIDED}, object={"objectType": "StatementRef", "id": target})


async def ids(client: httpx.AsyncClient, **parameters: Any) -> list[str]:
    answer = await client.get(PATH, params=parameters)
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["statements"]]


async def test_what_was_posted_is_read_at_once(client: httpx.AsyncClient) -> None:
    posted = await client.post(PATH, json=statement())
    assert posted.status_code == 200
    [statement_id] = posted.json()
    found = await client.get(PATH, params={"statementId": statement_id})
    assert found.status_code == 200
    body = found.json()
    assert body["actor"] == {"mbox": "mailto:ann@example.org"}
    assert body["authority"]["account"]["name"] == "test-key"
    assert body["version"].startswith("1.0.")
    assert body["stored"] == body["timestamp"]
    assert "Last-Modified" in found.headers


async def test_the_clients_bytes_survive(client: httpx.AsyncClient) -> None:
    raw = (
        '{"verb":{"id":"http://example.org/v"} ,"object":{"id":"https://example.org/a","definition":'
        '{"extensions":{"https://example.org/x":[1.0,1e2,"\\u00fc",12345678901234567890]}}},'
        '"actor":{"mbox":"mailto:ann@example.org"}}'
    )
    posted = await client.post(PATH, content=raw, headers={"Content-Type": "application/json"})
    found = await client.get(PATH, params={"statementId": posted.json()[0]})
    assert raw[1:] in found.text


async def test_put_stores_under_its_id(client: httpx.AsyncClient) -> None:
    statement_id = str(uuid4())
    answer = await client.put(PATH, params={"statementId": statement_id}, json=statement())
    assert answer.status_code == 204
    assert (await client.get(PATH, params={"statementId": statement_id})).json()["id"] == statement_id
    again = await client.put(PATH, params={"statementId": statement_id}, json=statement())
    assert again.status_code == 204
    other = await client.put(PATH, params={"statementId": statement_id}, json=statement(verb={"id": "http://e.org/v"}))
    assert other.status_code == 409


@pytest.mark.parametrize(
    ("parameters", "body", "named"),
    [
        ({}, statement(), {"parameter": "statementId"}),
        ({"statementId": str(uuid4())}, statement(id=str(uuid4())), {"pointer": "/id"}),
        ({"statementId": str(uuid4())}, [statement()], {"pointer": ""}),
        ({"statementId": str(uuid4()), "x": "1"}, statement(), {"parameter": "x"}),
    ],
)
async def test_a_wrong_put_is_named(
    client: httpx.AsyncClient, parameters: dict[str, str], body: Any, named: dict[str, str]
) -> None:
    answer = await client.put(PATH, params=parameters, json=body)
    assert answer.status_code == 400
    assert named.items() <= answer.json()["errors"][0].items()


async def test_a_bad_statement_is_pointed_at_and_nothing_is_stored(client: httpx.AsyncClient) -> None:
    good = statement(id=str(uuid4()))
    answer = await client.post(PATH, json=[good, statement(actor={"mbox": "ann@example.org"})])
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"
    assert answer.json()["errors"][0]["pointer"] == "/1/actor/mbox"
    assert (await client.get(PATH, params={"statementId": good["id"]})).status_code == 404


async def test_a_known_id_with_other_content_conflicts(client: httpx.AsyncClient) -> None:
    first = statement(id=str(uuid4()))
    for _ in range(2):
        assert (await client.post(PATH, json=first)).status_code == 200
    answer = await client.post(PATH, json=[statement(), first | {"verb": {"id": "http://example.org/other"}}])
    assert answer.status_code == 409
    assert answer.json()["errors"][0]["pointer"] == "/1/id"
    assert len(await ids(client)) == 1


async def test_the_store_knows_what_the_door_forgot(praxis: Installation) -> None:
    first = statement(id=str(uuid4()))
    await praxis.client.post(PATH, json=first)
    await praxis.client.get(PATH)
    async with installation(praxis.context.settings, [SERVICE], workers=False) as replica:
        other = await replica.client.post(PATH, json=first | {"verb": {"id": "http://example.org/other"}})
        same = await replica.client.post(PATH, json=first)
    assert (other.status_code, same.status_code) == (409, 200)


async def test_a_conflicting_copy_that_raced_past_the_door_is_reported(praxis: Installation) -> None:
    statement_id = uuid4()
    bodies = [
        json.dumps(statement(id=str(statement_id), verb={"id": verb}, stored="2026-03-02T10:00:00Z")).encode()
        for verb in ("http://example.org/first", "http://example.org/second", "http://example.org/first")
    ]
    records = [
        statement_record(statement_id, body, "2026-03-02T10:00:00Z", "lms", id_assigned=False) for body in bodies
    ]
    positions = await praxis.context.log.append(records)
    found = await praxis.client.get(PATH, params={"statementId": str(statement_id)})
    assert found.json()["verb"]["id"] == "http://example.org/first"
    database = await open_service(praxis.context.settings.database_url, "ingest")
    async with database.engine.connect() as connection:
        conflicts = (await connection.execute(text('SELECT id, "offset" FROM statement_conflicts'))).all()
    await database.close()
    assert [tuple(row) for row in conflicts] == [(statement_id, positions[1].offset)]


async def test_copies_without_a_time_that_raced_past_the_door_are_no_conflict(praxis: Installation) -> None:
    """Each got the moment of its own arrival."""
    statement_id = uuid4()
    times = ("2026-03-02T10:00:00Z", "2026-03-02T10:00:01Z")
    records = [
        statement_record(
            statement_id, json.dumps(statement(id=str(statement_id), timestamp=at, stored=at)).encode(), at, "lms",
            id_assigned=False,
        )
        for at in times
    ]  # fmt: skip
    await praxis.context.log.append(records)
    found = await praxis.client.get(PATH, params={"statementId": str(statement_id)})
    assert found.json()["timestamp"] == times[0]
    database = await open_service(praxis.context.settings.database_url, "ingest")
    async with database.engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM statement_conflicts")) == 0
    await database.close()


@pytest.mark.parametrize("early", [True, False])
async def test_voided_statements_are_found_only_as_voided(client: httpx.AsyncClient, early: bool) -> None:
    target = statement(id=str(uuid4()))
    posts = [voiding(target["id"]), target] if early else [target, voiding(target["id"])]
    for each in posts:
        assert (await client.post(PATH, json=each)).status_code == 200
    assert (await client.get(PATH, params={"statementId": target["id"]})).status_code == 404
    voided = await client.get(PATH, params={"voidedStatementId": target["id"]})
    assert voided.json()["id"] == target["id"]
    assert target["id"] not in await ids(client)


async def test_voiding_a_voiding_statement_does_nothing(client: httpx.AsyncClient) -> None:
    target = statement(id=str(uuid4()))
    first = voiding(target["id"]) | {"id": str(uuid4())}
    await client.post(PATH, json=[target, first])
    await client.post(PATH, json=voiding(first["id"]))
    assert (await client.get(PATH, params={"voidedStatementId": target["id"]})).status_code == 200
    assert (await client.get(PATH, params={"statementId": first["id"]})).status_code == 200


async def test_filters(client: httpx.AsyncClient) -> None:
    registration = str(uuid4())
    bob = {"account": {"homePage": "https://hr.example", "name": "bob"}}
    posted = await client.post(
        PATH,
        json=[
            statement(),
            statement(verb={"id": "http://example.org/read"}),
            statement(
                actor=bob,
                context={"registration": registration, "instructor": {"mbox": "mailto:ann@example.org"}},
            ),
            statement(actor=bob, object={"id": "https://example.org/b"}, context={
                "contextActivities": {"parent": {"id": "https://example.org/a"}}}),
        ],
    )  # fmt: skip
    plain, read, registered, child = posted.json()
    ann = json.dumps({"mbox": "mailto:ANN@example.org"})
    assert await ids(client, agent=ann) == [read, plain]
    assert await ids(client, agent=ann, related_agents="true") == [registered, read, plain]
    assert await ids(client, agent=json.dumps(bob)) == [child, registered]
    assert await ids(client, verb="http://example.org/read") == [read]
    assert await ids(client, activity="https://example.org/a") == [registered, read, plain]
    assert await ids(client, activity="https://example.org/a", related_activities="true") == [
        child, registered, read, plain,
    ]  # fmt: skip
    assert await ids(client, registration=registration) == [registered]
    assert await ids(client, agent=json.dumps(bob), verb=COMPLETED, activity="https://example.org/b") == [child]
    assert await ids(client, ascending="true", limit="2") == [plain, read]


async def test_since_is_exclusive_and_until_inclusive(client: httpx.AsyncClient) -> None:
    await client.post(PATH, json=[statement(), statement(), statement()])
    stored = [each["stored"] for each in (await client.get(PATH, params={"ascending": "true"})).json()["statements"]]
    assert len(await ids(client, since=stored[0])) == 2
    assert len(await ids(client, until=stored[1])) == 2
    assert len(await ids(client, since=stored[0], until=stored[1])) == 1


@pytest.mark.parametrize("ascending", ["true", "false"])
async def test_more_links_walk_over_all_of_it(client: httpx.AsyncClient, ascending: str) -> None:
    posted = (await client.post(PATH, json=[statement() for _ in range(7)])).json()
    answer = (await client.get(PATH, params={"limit": "3", "ascending": ascending})).json()
    seen = [each["id"] for each in answer["statements"]]
    while answer["more"]:
        answer = (await client.get(answer["more"])).json()
        seen += [each["id"] for each in answer["statements"]]
    assert seen == (posted if ascending == "true" else posted[::-1])


async def test_consistent_through_is_truthful_and_moves(client: httpx.AsyncClient) -> None:
    await client.post(PATH, json=statement())
    answer = await client.get(PATH)
    through = parse_time(answer.headers[THROUGH])
    assert through <= datetime.now(UTC) - timedelta(seconds=2.1)
    for _ in range(100):
        await asyncio.sleep(0.1)
        later = parse_time((await client.get(PATH, params={"limit": "1"})).headers[THROUGH])
        if later > through and later > datetime.now(UTC) - timedelta(seconds=10):
            return
    pytest.fail(f"consistent-through stands still at {later}")


async def test_attachments_true_answers_multipart(client: httpx.AsyncClient) -> None:
    await client.post(PATH, json=statement())
    answer = await client.get(PATH, params={"attachments": "true"})
    assert answer.headers["content-type"].startswith("multipart/mixed")
    assert b"Content-Type: application/json" in answer.content


async def test_head_is_get_without_a_body(client: httpx.AsyncClient) -> None:
    answer = await client.head(PATH)
    assert answer.status_code == 200
    assert THROUGH in answer.headers


async def test_an_empty_list_stores_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.post(PATH, json=[])
    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"auth": None}, 401),
        ({"auth": ("test-key", "wrong")}, 401),
        ({"auth": ("nobody", "test-secret")}, 401),
        ({"headers": {"Authorization": "Basic ???"}, "auth": None}, 401),
        ({"headers": {"X-Experience-API-Version": "0.95"}}, 400),
        ({"headers": {"Content-Type": "text/plain"}}, 400),
        ({"params": {"x": "1"}}, 400),
        ({"content": b"{"}, 400),
        ({"content": b'"' + b"x" * 300_000 + b'"'}, 413),
        ({"content": json.dumps([statement()] * 61).encode()}, 413),
    ],
)
async def test_what_the_door_refuses(client: httpx.AsyncClient, request_: dict[str, Any], status: int) -> None:
    request_ = {"content": json.dumps(statement()).encode(), **request_}
    request_["headers"] = {"Content-Type": "application/json"} | request_.get("headers", {})
    answer = await client.post(PATH, **request_)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_the_version_header_is_required(praxis: Installation) -> None:
    del praxis.client.headers["X-Experience-API-Version"]
    answer = await praxis.client.get(PATH)
    assert answer.status_code == 400
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"
    assert (await praxis.client.get("/xapi/about")).json()["version"] == ["1.0.3"]


@pytest.mark.parametrize(
    ("scopes", "may_write", "may_read"), [(["statements/write"], 200, 403), (["statements/read"], 403, 200)]
)
async def test_scopes(praxis: Installation, scopes: list[str], may_write: int, may_read: int) -> None:
    await make_credential(praxis.context.settings.database_url, scopes, "narrow", "secret")
    praxis.client.auth = httpx.BasicAuth("narrow", "secret")
    assert (await praxis.client.post(PATH, json=statement())).status_code == may_write
    assert (await praxis.client.get(PATH)).status_code == may_read
