"""``GET /sources`` of a running ingest: what came in at each door, and what was refused of it."""

from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from praxis_ingest.bootstrap import SERVICE
from praxis_service.settings import Settings
from tests.fixtures.installation import KEY, Installation, installation, make_credential
from tests.services.ingest.events.samples import applied, hired
from tests.services.ingest.scim.serving import user

PATH = "/sources"
BATCH = {"content-type": "application/cloudevents-batch+json"}
STATEMENT = {
    "id": "7ccd3322-e1a5-411a-a67d-6a735c76f119",
    "actor": {"mbox": "mailto:ann@example.org"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "https://lms.example/a"},
}
SECRET = "Hera-Lind"


@pytest.fixture
async def praxis(database_url: str) -> AsyncIterator[Installation]:
    settings = Settings(database_url=database_url, max_body_bytes=20_000)
    async with installation(settings, [SERVICE], workers=False) as running:
        await make_credential(database_url, ["sources/read"], "watcher", "secret")
        await make_credential(database_url, ["events/write:praxis.people."], "hr", "secret")
        yield running


async def listed(client: httpx.AsyncClient) -> dict[tuple[str, str], dict[str, Any]]:
    answer = await client.get(PATH, auth=("watcher", "secret"))
    assert answer.status_code == 200, answer.text
    return {(each["credential"], each["source"]): each for each in answer.json()["sources"]}


async def send(client: httpx.AsyncClient, *events: Any, status: int, key: str = KEY, query: str = "") -> None:
    auth = (key, "test-secret" if key == KEY else "secret")
    answer = await client.post(f"/events{query}", json=list(events), headers=BATCH, auth=auth)
    assert answer.status_code == status, answer.text


def counts(feed: dict[str, Any]) -> tuple[int, int, int]:
    return feed["accepted"], feed["duplicates"], feed["refused"]


def reasons(feed: dict[str, Any]) -> list[tuple[int, list[dict[str, str]]]]:
    return [(each["status"], each["errors"]) for each in feed["refusals"]]


async def test_events_by_credential_and_source(praxis: Installation) -> None:
    client = praxis.client
    other = {**hired("2"), "source": "/other"}
    await send(client, hired("1"), other, status=200)
    await send(
        client, hired("1"), {**hired("3"), "data": {SECRET: 1}}, {**applied("4"), "source": f"a {SECRET}"}, status=207
    )
    await send(client, hired("5"), {"id": SECRET}, status=400, query="?atomic=true")
    await send(client, applied("6"), status=403, key="hr")
    await client.post("/events", content=b"{", headers=BATCH)
    found = await listed(client)
    own = found[KEY, "https://tracker.example.org"]
    assert counts(own) == (1, 1, 1)
    assert counts(found[KEY, "/other"]) == (1, 0, 0)
    assert counts(found[KEY, "/events"]) == (0, 0, 3)
    assert counts(found["hr", "https://tracker.example.org"]) == (0, 0, 1)
    assert own["last_event_at"] <= own["last_refusal_at"]
    [(status, errors)] = reasons(own)
    assert status == 400
    assert {"pointer": "/1/data/person_id", "reason": "Field required"} in errors
    assert {"pointer": "/1/data/*", "reason": "Extra inputs are not permitted"} in errors
    assert reasons(found["hr", "https://tracker.example.org"])[0][0] == 403
    assert SECRET not in str(found)


async def test_statements_and_scim(praxis: Installation) -> None:
    client = praxis.client
    for body, status in (([STATEMENT], 200), ([STATEMENT], 200), ([{**STATEMENT, "verb": {SECRET: "x"}}], 400)):
        assert (await client.post("/xapi/statements", json=body)).status_code == status
    changed = {**STATEMENT, "actor": {"mbox": f"mailto:{SECRET}@example.org"}}
    assert (await client.post("/xapi/statements", json=changed)).status_code == 409
    parameters = {"statementId": "7ccd3322-e1a5-411a-a67d-6a735c76f118"}
    without_id = {name: value for name, value in STATEMENT.items() if name != "id"}
    assert (await client.put("/xapi/statements", params=parameters, json=without_id)).status_code == 204
    assert (await client.post("/xapi/statements", content=b"x" * 20_001)).status_code == 413
    assert (await client.post("/xapi/statements", json=STATEMENT, auth=("hr", "secret"))).status_code == 403
    assert (await client.post("/xapi/statements", json=STATEMENT, auth=("hr", "wrong"))).status_code == 401
    assert (await client.post("/scim/v2/Users", json=user(), auth=("hr", "secret"))).status_code == 403
    for attempt in (201, 409):
        assert (await client.post("/scim/v2/Users", json=user(f"{SECRET}@example.org"))).status_code == attempt
    assert (await client.get("/scim/v2/Users/nobody")).status_code == 404
    found = await listed(client)
    statements, scim = found[KEY, "/xapi/statements"], found[KEY, "/scim/v2"]
    assert counts(statements) == (2, 1, 3)
    assert [status for status, _ in reasons(statements)] == [413, 409, 400]
    assert reasons(statements)[1][1] == [{"pointer": "/id", "reason": "the statement … is stored with other content"}]
    not_allowed = {"pointer": "/0/verb/*", "reason": "is not allowed here (names are case-sensitive)"}
    assert not_allowed in reasons(statements)[2][1]
    assert counts(scim) == (1, 0, 1)
    assert reasons(scim) == [(409, [{"reason": "uniqueness"}])]
    lacking = (403, [{"reason": "The credential … lacks the scope 'statements/write'."}])
    assert reasons(found["hr", "/xapi/statements"]) == [lacking]
    assert counts(found["hr", "/scim/v2"]) == (0, 0, 1)
    assert SECRET not in str(found)


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


async def test_a_page_for_people_with_all_that_was_sent_escaped(praxis: Installation) -> None:
    client = praxis.client
    await make_credential(praxis.context.settings.database_url, ["all"], "<script>", "secret")
    await send(client, {**hired("1"), "source": "/&amp;'"}, status=200, key="<script>")
    await send(client, {**hired("2"), "source": "/&amp;'", "data": {}}, status=400, key="<script>")
    browser = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    answer = await client.get(PATH, headers=browser, auth=("watcher", "secret"))
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["vary"] == "Accept"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in policy
    page = Page(answer.text)
    names = [tag for tag, _ in page.tags]
    assert {"img", "iframe", "style"}.isdisjoint(names)
    assert [attributes for tag, attributes in page.tags if tag == "script" and "src" not in attributes] == []
    assert ("html", {"lang": "en"}) in page.tags
    assert names.count("h1") == names.count("caption") == names.count("main") == 1
    assert [attributes["scope"] for tag, attributes in page.tags if tag == "th"] == ["col"] * 7 + ["row"]
    assert {"<script>", "/&amp;'", "/0/data/person_id"} <= set(page.texts)
    unknown = await client.get(PATH, headers=browser, auth=httpx.Auth())
    assert (unknown.status_code, unknown.headers["location"]) == (303, "/login?return_to=/sources")


async def test_only_those_who_may_are_answered(praxis: Installation) -> None:
    assert (await praxis.client.get(PATH, auth=("hr", "secret"))).status_code == 403
    assert (await praxis.client.get(PATH, auth=("watcher", "wrong"))).status_code == 401
    assert (await praxis.client.get(PATH, params={"credential": "x"})).status_code == 400
