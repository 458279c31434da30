"""The person who is to be forgotten, under every name that the log has for them. Pure."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from praxis_people.identifiers import claimed_by

CREDENTIALS = "account:urn:praxis:credential|"
"""What the keys of credentials' accounts begin with: linked like any other, they say whose credential it is."""

Identifier = frozenset[str]
"""The keys of one identifier: of a mail address also its hashes."""


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """An identifier that was the person's, or may have been, and stays in clear."""

    key: str
    reason: str


@dataclass(frozen=True, slots=True)
class Person:
    """``person_id`` is ``None`` for somebody whom the directory doesn't know. ``identifiers`` keep their order:
    pseudonyms are numbered by it. ``names`` are those that nobody else bears."""

    person_id: str | None
    identifiers: tuple[Identifier, ...]
    names: frozenset[str] = frozenset()
    left_alone: tuple[LeftAlone, ...] = ()

    @property
    def keys(self) -> frozenset[str]:
        return frozenset().union(*self.identifiers)

    @property
    def credentials(self) -> dict[str, int]:
        """The keys of the person's own credentials, each with the place of its identifier."""
        return {
            key.removeprefix(CREDENTIALS): place
            for place, identifier in enumerate(self.identifiers)
            for key in identifier
            if key.startswith(CREDENTIALS)
        }

    @property
    def unknown_hashes(self) -> frozenset[str]:
        """Hashes of which the mail address is not known yet."""
        known = (each for each in self.identifiers if not any(key.startswith("mbox:") for key in each))
        return frozenset(key for each in known for key in each if key.startswith("mbox_sha1sum:"))

    def is_one_of(self, key: str) -> bool:
        return not self.keys.isdisjoint(claimed_by(key))

    def place_of(self, key: str) -> int:
        return next(place for place, each in enumerate(self.identifiers) if not each.isdisjoint(claimed_by(key)))

    def with_mails(self, keys: Iterable[str]) -> "Person":
        """With mail addresses of which a hash was known."""
        identifiers = list(self.identifiers)
        for key in keys:
            place = self.place_of(key)
            identifiers[place] |= claimed_by(key)
        return replace(self, identifiers=tuple(identifiers))

    def with_names(self, names: Collection[str]) -> "Person":
        return replace(self, names=frozenset(names))


def identifiers_of(keys: Iterable[str]) -> tuple[Identifier, ...]:
    """Keys put together that are one identifier, in one order."""
    wanted = sorted(set(keys))
    mails = [claimed_by(key) for key in wanted if key.startswith("mbox:")]
    covered = frozenset().union(*mails)
    return (*mails, *(claimed_by(key) for key in wanted if key not in covered))


def literals(key: str) -> Iterator[str]:
    """The texts by which an identifier may be named: as it is, and as a part of an address."""
    kind, _, rest = key.partition(":")
    text = rest.partition("|")[2] if kind == "account" else rest
    if kind != "sha256":
        yield text
        if (quoted := quote(text, safe="")) != text:
            yield quoted


_SHORTEST, _SHORTEST_NUMBER = 5, 8


def distinctive(text: str) -> bool:
    """Whether a text can be looked for wherever it stands: no short number, and no word, which might mean anything."""
    if len(text) < _SHORTEST or text.isalpha():
        return False
    return not text.isdigit() or len(text) >= _SHORTEST_NUMBER


def distinctive_name(name: str) -> bool:
    """The same of somebody's name: a part of it is not enough."""
    return len(name) >= _SHORTEST and len(name.split()) > 1
