"""What the LRS adds, and what stays as the client sent it."""

import json
from typing import Any
from uuid import UUID

import pytest

from praxis_ingest.statements.repetition import repeated_member
from praxis_ingest.statements.splice import splice
from tests.services.ingest.statements.samples import NAMES, decoded, raw, sample

ID = UUID("ec531277-b57b-4c15-8d91-d292c5b2b8f7")
STORED = "2026-03-02T10:00:00.000001Z"
AUTHORITY = {"objectType": "Agent", "account": {"homePage": "https://lrs.example.org", "name": "key-1"}}
SET = {"id": str(ID), "stored": STORED, "timestamp": STORED, "authority": AUTHORITY, "version": "1.0.0"}


def spliced(body: bytes | dict[str, Any]) -> bytes:
    authority = json.dumps(AUTHORITY).encode()
    return splice(decoded(body), statement_id=ID, stored=STORED, authority=authority, version="1.0.0")


@pytest.mark.parametrize("name", NAMES)
def test_the_result_is_a_statement_with_all_that_an_lrs_sets(name: str) -> None:
    result = spliced(raw(name))
    assert set(SET) <= set(json.loads(result))
    assert repeated_member(result) is None
    assert decoded(result)


def test_what_is_missing_comes_first_and_the_rest_is_untouched() -> None:
    body = raw("minimal").strip()
    result = spliced(body)
    assert result.endswith(body[1:])
    assert json.loads(result) == sample(**SET)


def test_what_the_client_gave_stays() -> None:
    given = {
        "id": "6690e6c9-3ef0-4ed3-8b37-7f3964730bee",
        "timestamp": "2026-01-01T00:00:00.5+00:00",
        "version": "1.0.3",
    }
    assert json.loads(spliced(sample(**given))) == sample(**{**SET, **given})


def test_stored_and_authority_are_the_servers() -> None:
    body = sample(stored="2011-07-15T00:00:00Z", authority={"mbox": "mailto:somebody@example.org"})
    assert json.loads(spliced(body)) == sample(**SET)


def test_numbers_escapes_order_and_space_survive() -> None:
    body = (
        b'{ "verb":{"id":"urn:v"},"result" : {"score":{"raw":1.0,"max":2e0}, "extensions":{"urn:x":[1.50,1E2,-0,'
        b'"\\u00e9\\/\xc3\xa9"],  "urn:y":{"b":1,"a":2}}} ,"object":{"id":"urn:o"},"actor":{"openid":"urn:a"}}'
    )
    assert spliced(body).endswith(body[1:])
    rebuilt = spliced(body[:-1] + b',"stored":"2011-07-15T00:00:00Z"}')
    assert b'"result":{"score":{"raw":1.0,"max":2e0}, "extensions":{"urn:x":[1.50,1E2,-0,' in rebuilt
    assert b'"\\u00e9\\/\xc3\xa9"],  "urn:y":{"b":1,"a":2}}}' in rebuilt
    assert list(json.loads(rebuilt))[-4:] == ["verb", "result", "object", "actor"]


@pytest.mark.parametrize(
    ("timestamp", "utc"),
    [
        ("2026-03-02T10:00:00+02:00", "2026-03-02T08:00:00Z"),
        ("2026-03-02T10:00:00", "2026-03-02T10:00:00Z"),
        ("2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z"),
        ("2026-03-02T10:00:00.12300+00:00", "2026-03-02T10:00:00.12300+00:00"),
    ],
)
def test_timestamps_are_stored_in_utc(timestamp: str, utc: str) -> None:
    assert json.loads(spliced(sample(timestamp=timestamp)))["timestamp"] == utc
    assert json.loads(spliced(sample("substatement", **{"object/timestamp": timestamp})))["object"]["timestamp"] == utc


@pytest.mark.parametrize("place", ["", "object/"])
def test_a_lone_context_activity_is_stored_in_an_array(place: str) -> None:
    one, two = {"id": "urn:1"}, [{"id": "urn:2"}, {"id": "urn:3"}]
    body = sample(
        "substatement", **{f"{place}context/contextActivities": {"parent": one, "other": two, "category": one}}
    )
    found = json.loads(spliced(body))
    context = (found["object"] if place else found)["context"]
    assert context["contextActivities"] == {"parent": [one], "other": two, "category": [one]}


def test_a_rewritten_member_leaves_its_neighbours_as_they_are() -> None:
    body = (
        b'{"actor":{"openid":"urn:a"},"verb":{"id":"urn:v"},"object":{"id":"urn:o"},"context":{"platform":"\\u00e9",'
        b'"contextActivities":{"parent":{ "id" : "urn:p" },"other":[ ]},"extensions":{"urn:x":1.0}}}'
    )
    assert spliced(body).endswith(
        b'"context":{"platform":"\\u00e9","contextActivities":{"parent":[{ "id" : "urn:p" }],"other":[ ]},'
        b'"extensions":{"urn:x":1.0}}}'
    )
