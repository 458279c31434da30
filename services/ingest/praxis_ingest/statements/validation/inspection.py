"""What is wrong with a request's statements, collected so that a developer sees more than the first fault."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from praxis_ingest.statements.iri import is_iri
from praxis_ingest.statements.language_tags import is_language_tag
from praxis_ingest.statements.model import Extensions, LanguageMap
from praxis_service.problem import FieldError, pointer

Edition = Literal["1.0.3", "2.0.0"]
"""Whose rules a request is held to."""

IRI = "must be an absolute IRI, such as https://example.org/x"
UUID = "must be a UUID with its hyphens, such as 7ccd3322-e1a5-411a-a67d-6a735c76f119"
LANGUAGE = "must be a language tag by RFC 5646, such as en-US"
REQUIRED = "is required"

_NESTED = frozenset({dict, list})

MOST_LEVELS = 100
"""How deep an extension's value may nest: far below where JSON parsers give up, so that every consumer can read it."""


@dataclass(slots=True)
class Inspection:
    edition: Edition = "1.0.3"
    faults: list[FieldError] = field(default_factory=list)
    as_sent: bool = True
    """Whether the statement in hand needs no closer look before its values are stored as they were sent."""

    def fault(self, at: str, detail: str) -> None:
        self.faults.append(FieldError(detail, pointer=at))

    def iri(self, text: str, at: str, name: str) -> None:
        """``at``: the pointer to what has the member ``name``; so for the next two."""
        if not is_iri(text):
            self.fault(f"{at}/{name}", IRI)

    def texts(self, texts: LanguageMap, at: str, name: str) -> None:
        """A language map (Data §4.2): its keys; the types have seen to the values."""
        for tag in texts:
            if not is_language_tag(tag):
                self.fault(at + pointer([name, tag]), f"the key {LANGUAGE}")

    def extensions(self, extensions: Extensions, at: str, name: str = "extensions") -> None:
        """Any values, keys that are IRIs (Data §4.1)."""
        for key in extensions:
            if not is_iri(key):
                self.fault(at + pointer([name, key]), f"the key {IRI}")
        for key, value in extensions.items():
            if value.__class__ in _NESTED and _is_too_deep(value):
                self.fault(at + pointer([name, key]), f"must not nest deeper than {MOST_LEVELS} levels")


def _is_too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MOST_LEVELS):
        level = [child for each in level for child in _children(each) if isinstance(child, dict | list)]
        if not level:
            return False
    return True


def _children(value: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value
