"""Who is meant by a ``person_id`` or an identifier, from the records of ``people.directory``. Pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from praxis_events.contracts.directory import Hired, IdentityLinked, IdentityUnlinked, PeopleRescinded
from praxis_events.envelope import Event
from praxis_events.log import Record
from praxis_events.upcasting import UnknownVersion, newest
from praxis_people.forgetting.person import LeftAlone, Person, identifiers_of
from praxis_people.identifiers import SHARED, claimed_by, key_of, key_of_ref

KINDS = ("mbox:", "mbox_sha1sum:", "openid:", "account:", "sha256:")


class Ambiguous(LookupError):
    """Several persons claim the identifier: name the person."""


@dataclass(frozen=True, slots=True)
class _Link:
    event: UUID
    place: int
    linked: bool


@dataclass(slots=True)
class Directory:
    """What the directory's records say of persons; take them all, in any order, then ask."""

    _links: dict[tuple[str, str], list[_Link]] = field(default_factory=lambda: defaultdict(list))
    _rescinded: set[UUID] = field(default_factory=set)
    _names: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def take(self, record: Record) -> None:
        """What cannot be read links nobody."""
        try:
            event = Event.from_record(record)
            found = newest(event)
        except (ValueError, UnknownVersion):
            return
        match found[1] if found else None:
            case IdentityLinked() | IdentityUnlinked() as data:
                link = _Link(event.key, record.place, isinstance(data, IdentityLinked))
                for ref in data.identifiers:
                    self._links[data.person_id, key_of_ref(ref) or ""].append(link)
            case PeopleRescinded() as data:
                self._rescinded.add(event.undone(data.event.source, data.event.id))
            case Hired() as data if data.name is not None:
                self._names[data.person_id].add(data.name)

    def person(self, asked: str, also: Iterable[str] = ()) -> Person:
        """The person under all identifiers ever linked to them, less those that somebody else claims now.

        ``also`` are taken nevertheless. Raises ``Ambiguous``, and ``LookupError`` for ``SHARED``, who is nobody.
        """
        if asked == SHARED:
            raise LookupError(f"{SHARED} is nobody: name the identifier that is to be forgotten")
        key, forced = asked_key(asked), {forced_key(each) for each in also}
        person_id = asked if key is None else self._claimant(key)
        linked = [name for person, name in self._links if person == person_id]
        left = tuple(LeftAlone(name, reason) for name in sorted(linked) if (reason := self._why_not(person_id, name)))
        kept = {name for name in linked if name not in {each.key for each in left}} | forced | ({key} if key else set())
        return Person(
            person_id=person_id,
            identifiers=identifiers_of(kept),
            names=frozenset(self._names.get(person_id or "", ())),
            left_alone=tuple(each for each in left if each.key not in kept),
        )

    def _why_not(self, person_id: str | None, key: str) -> str | None:
        if not self._standing(person_id or "", key):
            return "its link to the person was rescinded"
        others = {
            person
            for person, name in self._links
            if person != person_id and not claimed_by(name).isdisjoint(claimed_by(key)) and self._claims(person, name)
        }
        return "somebody else claims it too" if others else None

    def _claimant(self, key: str) -> str | None:
        same = claimed_by(key)
        found = {p for p, name in self._links if not same.isdisjoint(claimed_by(name)) and self._claims(p, name)}
        found -= {SHARED}
        if len(found) > 1:
            raise Ambiguous(f"{key} is claimed by {len(found)} persons: say which one, by person_id")
        return next(iter(found), None)

    def _claims(self, person: str, key: str) -> bool:
        standing = self._standing(person, key)
        return bool(standing) and max(standing, key=lambda link: link.place).linked

    def _standing(self, person: str, key: str) -> list[_Link]:
        return [link for link in self._links.get((person, key), ()) if link.event not in self._rescinded]


def asked_key(asked: str) -> str | None:
    """The key of an identifier; ``None`` for what can only be a ``person_id``."""
    if asked.lower().startswith("mailto:"):
        return key_of({"mbox": asked})
    return asked if asked.startswith(KINDS) else None


def forced_key(identifier: str) -> str:
    """Raises ``LookupError`` for what is no identifier."""
    key = asked_key(identifier)
    if key is None:
        raise LookupError(f"{identifier!r} is no identifier; write mailto:…, or a key such as account:homePage|name")
    return key
