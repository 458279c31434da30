from typing import Any

import pytest

from tests.services.ingest.statements.samples import ABSENT, changed, faults, sample

ATTACHMENT = sample("everything")["attachments"][0]


@pytest.mark.parametrize("name", ["description", "fileUrl"])
def test_optional_members(name: str) -> None:
    assert faults(sample(attachments=[changed(ATTACHMENT, (name, ABSENT))])) == {}


@pytest.mark.parametrize("digits", [56, 64, 96, 128])
def test_every_sha_2(digits: int) -> None:
    assert faults(sample(attachments=[{**ATTACHMENT, "sha2": "aF" * (digits // 2)}])) == {}


def test_a_statement_may_have_none() -> None:
    assert faults(sample(attachments=[])) == {}


@pytest.mark.parametrize(
    ("name", "value", "pointer", "detail"),
    [
        *((name, ABSENT, "", "is required") for name in ("usageType", "display", "contentType", "length", "sha2")),
        ("usageType", "certificate", "", "must be an absolute IRI"),
        ("display", "Certificate", "", "must be an object"),
        ("display", {"a12345678": "x"}, "/a12345678", "must be a language tag"),
        ("description", {"en": 1}, "/en", "must be a string"),
        ("contentType", 5, "", "must be a string"),
        ("contentType", "text", "", "must be a media type"),
        ("length", "27", "", "must be an integer"),
        ("length", 27.5, "", "must be an integer"),
        ("length", -1, "", "must be the number of octets"),
        ("sha2", "abc", "", "must be a SHA-2 hash"),
        ("sha2", "g" * 64, "", "must be a SHA-2 hash"),
        ("fileUrl", "files/1", "", "must be an absolute IRI"),
        ("fileURL", "https://example.org", "", "is not allowed here"),
    ],
)
def test_faulty_attachments(name: str, value: Any, pointer: str, detail: str) -> None:
    faulty = changed(ATTACHMENT, (name, value))
    assert detail in faults(sample(attachments=[ATTACHMENT, faulty]))[f"/attachments/1/{name}{pointer}"]
    inner = faults(sample("substatement", **{"object/attachments": [faulty]}))
    assert detail in inner[f"/object/attachments/0/{name}{pointer}"]


def test_attachments_are_an_array() -> None:
    assert faults(sample(attachments=ATTACHMENT)) == {"/attachments": "must be an array"}
