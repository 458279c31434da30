import json
from typing import Any

from praxis_ingest.statements.filters import Format
from praxis_ingest.statements.formats import accepted_languages, present

STATEMENT: dict[str, Any] = {
    "id": "7f3a1c2e-2a4b-4c55-9d0e-000000000001",
    "actor": {"objectType": "Group", "name": "us", "member": [{"mbox": "mailto:a@b.c", "name": "A"}]},
    "verb": {"id": "http://example.org/v", "display": {"en-GB": "coloured", "de": "farbig"}},
    "object": {
        "id": "https://example.org/a",
        "definition": {
            "name": {"de": "Übung", "en": "exercise"},
            "extensions": {"https://example.org/x": {"name": {"de": "bleibt", "en": "stays"}}},
        },
    },
    "context": {
        "team": {"objectType": "Group", "mbox": "mailto:t@b.c", "name": "T", "member": []},
        "contextActivities": {"parent": {"id": "https://example.org/p", "definition": {"name": {"en": "p"}}}},
    },
}


def shown(format_: Format, languages: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(present(json.dumps(STATEMENT).encode(), format_, languages))
    return found


def test_exact_is_byte_for_byte() -> None:
    raw = b'{"id": "x",  "n": 1.0, "u": "\\u00fc"}'
    assert present(raw, "exact", []) is raw


def test_ids_keep_what_identifies() -> None:
    found = shown("ids", [])
    assert found["actor"] == {"objectType": "Group", "member": [{"mbox": "mailto:a@b.c"}]}
    assert found["verb"] == {"id": "http://example.org/v"}
    assert found["object"] == {"id": "https://example.org/a"}
    assert found["context"]["team"] == {"objectType": "Group", "mbox": "mailto:t@b.c"}
    assert found["context"]["contextActivities"] == {"parent": [{"id": "https://example.org/p"}]}


def test_canonical_has_one_language_and_whole_extensions() -> None:
    found = shown("canonical", ["en"])
    assert found["verb"]["display"] == {"en-GB": "coloured"}
    assert found["object"]["definition"]["name"] == {"en": "exercise"}
    extensions = found["object"]["definition"]["extensions"]
    assert extensions == STATEMENT["object"]["definition"]["extensions"]


def test_canonical_without_a_wanted_language_takes_the_first() -> None:
    assert shown("canonical", ["fr"])["object"]["definition"]["name"] == {"de": "Übung"}


def test_accept_language_in_order_of_weight() -> None:
    assert accepted_languages("de;q=0.5, EN-gb, fr;q=0, it;q=high, es;q=0.7") == ["en-gb", "es", "de"]
