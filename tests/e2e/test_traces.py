"""Traces through the log: from a client's request to what its record brought about, in other processes."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from tests.e2e.events import applied, policy
from tests.fixtures.otlp import Receiver, Span, receiving
from tests.fixtures.processes import Deployment, running_on_one_machine

PERSON = "ann-marie"
STATEMENT = {
    "actor": {"mbox": f"mailto:{PERSON}@example.org"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "https://courses.example.org/python-1"},
}


@pytest.fixture(scope="module")
async def receiver() -> AsyncIterator[Receiver]:
    async with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="module")
async def traced(receiver: Receiver, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Deployment]:
    settings = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{receiver.port}", "OTEL_BSP_SCHEDULE_DELAY": "100",
    }  # fmt: skip
    async with running_on_one_machine(tmp_path_factory.mktemp("traced"), **settings) as deployment:
        yield deployment


class Client:
    """What a client that traces sends: ``traceparent`` names its own span."""

    def __init__(self) -> None:
        self.trace, self.span = secrets.token_hex(16), secrets.token_hex(8)

    async def post(self, deployment: Deployment, path: str, body: object, media_type: str) -> None:
        headers = {"traceparent": f"00-{self.trace}-{self.span}-01", "Content-Type": media_type}
        answer = await deployment.client.post(deployment.url(path), json=body, headers=headers)
        assert answer.status_code == 200, answer.text


async def found(receiver: Receiver, name: str, matches: Callable[[Span], bool]) -> Span:
    """The first such span, as soon as it has been received."""
    async with asyncio.timeout(60):
        while True:
            for span in receiver.named(name):
                if matches(span):
                    return span
            await asyncio.sleep(0.05)


async def test_a_statement_from_its_request_to_both_projections(traced: Deployment, receiver: Receiver) -> None:
    client = Client()
    await client.post(traced, "/xapi/statements", STATEMENT, "application/json")
    request = await found(receiver, "POST /xapi/statements", lambda span: span.trace == client.trace)
    assert (request.process, request.parent) == ("praxis-api", client.span)
    assert request.attributes == {
        "http.request.method": "POST", "http.route": "/xapi/statements", "http.response.status_code": 200,
    }  # fmt: skip
    append = await found(receiver, "append learning.statements", lambda span: span.trace == client.trace)
    assert append.parent == request.id
    for projection in ("statements", "metrics.statements"):
        batch = await found(receiver, f"process {projection}", lambda span: (client.trace, request.id) in span.links)
        assert batch.process == "praxis-projector"


async def test_evidence_from_its_request_to_the_decision_on_the_log(traced: Deployment, receiver: Receiver) -> None:
    client = Client()
    await traced.send(policy("tracing", "tracing"))
    evidence = applied({"person_id": PERSON}, "tracing", "app#1", "project-result", {"person_id": "client"})
    await client.post(traced, "/events", evidence, "application/cloudevents+json")
    request = await found(receiver, "POST /events", lambda span: span.trace == client.trace)
    decide = await found(receiver, "decide", lambda span: span.trace == client.trace)
    assert decide.parent == request.id
    [batch] = decide.links
    assert (await found(receiver, "process decider", lambda span: (span.trace, span.id) == batch)).links
    relay = await found(receiver, "relay decisions", lambda span: (client.trace, decide.id) in span.links)
    append = await found(receiver, "append recognition.decisions", lambda span: span.parent == relay.id)
    assert append.trace == relay.trace


async def test_no_span_has_anything_of_the_person(traced: Deployment, receiver: Receiver) -> None:
    await traced.get("/xapi/statements", agent=f'{{"mbox": "mailto:{PERSON}@example.org"}}')
    await traced.get("/decisions", learner=PERSON)
    for path in ("/xapi/statements", "/decisions"):
        await found(receiver, f"GET {path}", lambda _: True)
    assert not [body for body in receiver.raw if PERSON.encode() in body]


async def test_a_receiver_that_is_away_keeps_nothing_waiting(tmp_path: Path) -> None:
    """Neither the answers nor the end, which the fixture bounds."""
    settings = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_BSP_SCHEDULE_DELAY": "100"}
    async with running_on_one_machine(tmp_path / "data", **settings) as deployment:
        assert (await deployment.post("/xapi/statements", STATEMENT)).status_code == 200
        assert (await deployment.get("/xapi/statements")).json()["statements"]
