"""One JSON document without the person: agents, references and texts replaced, every other byte left as it is. Pure."""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from itertools import count
from typing import Any, get_args, get_type_hints

import msgspec
from msgspec import Raw

from praxis_events.contracts import contracts
from praxis_events.contracts.base import EventData, PersonId
from praxis_people.forgetting.pseudonyms import Pseudonyms
from praxis_people.identifiers import key_of

IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
NAMED_BY = ("learner",)
"""Fields that hold a person as a text: ``person:<id>`` or a key. They are compared as a whole."""

_ROOM = 200
"""Characters that every text of every contract may have."""

Path = tuple[str, ...]

_object = msgspec.json.Decoder(dict[str, Raw])
_array = msgspec.json.Decoder(list[Raw])
_any = msgspec.json.Decoder()
_encode = msgspec.json.encode

Others = Callable[[str], str]
"""A name to show for somebody else, by their key or ``person:<id>``."""


@cache
def person_fields() -> frozenset[str]:
    """The names under which the contracts carry a ``person_id``."""
    return frozenset(
        name for each in contracts() for name, hint in _hints(each.model).items() if _is_person_id(hint)
    ) | {"person_id"}


@cache
def _hints(model: type[EventData]) -> Mapping[str, Any]:
    return get_type_hints(model, include_extras=True)


def _is_person_id(hint: Any) -> bool:
    return hint == PersonId or any(_is_person_id(part) for part in get_args(hint))


class Walk:
    """Through the documents of one record. ``roles`` are the places at which the person was found.

    ``others``: how to name everybody else. Then it is the person who stays as they are: so a record is shown to them.
    ``bounded``: texts that grow are cut where a contract may not take them.
    """

    def __init__(self, pseudonyms: Pseudonyms, others: Others | None = None, *, bounded: bool = True) -> None:
        self._pseudonyms, self._person, self._others = pseudonyms, pseudonyms.person, others
        self._bounded = bounded
        self.roles: set[str] = set()
        self.names: set[str] = set()
        """Of the person, as found beside their identifiers."""
        self.foreign_names: set[str] = set()
        self.mails: set[str] = set()

    def value(self, raw: bytes, path: Path = ()) -> bytes:
        """The document itself where nothing in it is to be replaced. Raises ``ValueError`` for what is no JSON."""
        match raw.lstrip()[:1]:
            case b"{":
                return self._members(raw, path)
            case b"[":
                return self._elements(raw, path)
            case b'"':
                return self._text(raw)
        return raw

    def text(self, text: str, role: str) -> str:
        replaced = self._pseudonyms.without(text)
        if replaced == text:
            return text
        self.roles.add(role)
        if self._others is not None:
            return text
        return replaced[: max(len(text), _ROOM)] if self._bounded else replaced

    def is_person(self, members: Mapping[str, Raw], path: Path = ()) -> bool:
        """Whether an object is an Agent or a reference that stands for the person."""
        return self._place(members, path) is not None or self._is_id(members.get("person_id"))

    # -- objects ---------------------------------------------------------------------------------------------------

    def _members(self, raw: bytes, path: Path) -> bytes:
        members = _object.decode(raw)
        place, is_named = self._place(members, path), self._is_id(members.get("person_id"))
        if place is not None or is_named:
            return self._themselves(members, path, place)
        stranger = self._stranger(members)
        if stranger is not None:
            return self._stranger_as_shown(raw, members, path, stranger)
        return self._rewritten(raw, {name: self._member(name, bytes(each), path) for name, each in members.items()})

    def _themselves(self, members: Mapping[str, Raw], path: Path, place: int | None) -> bytes:
        """Without their name, and with an account in the place of the identifier."""
        self.roles.add(".".join(path) or "person_id")
        self._note_name(members, self.names)
        if self._others is not None:
            own = {"name", *IDENTIFIERS}
            return _joined({n: bytes(e) if n in own else self._member(n, bytes(e), path) for n, e in members.items()})
        left = ("name",) if place is None else ("name", *IDENTIFIERS)
        kept = {n: self._member(n, bytes(each), path) for n, each in members.items() if n not in left}
        if place is not None:
            kept["account"] = _encode(self._pseudonyms.account(place))
        return _joined(kept)

    def _stranger_as_shown(self, raw: bytes, members: Mapping[str, Raw], path: Path, stranger: str) -> bytes:
        """Somebody else's identifiers and name are theirs, even where they look like the person's."""
        self._note_name(members, self.foreign_names)
        own = {"name", "person_id", *IDENTIFIERS}
        if self._others is None:
            kept = {n: bytes(e) if n in own else self._member(n, bytes(e), path) for n, e in members.items()}
            return self._rewritten(raw, kept)
        kept = {n: self._member(n, bytes(e), path) for n, e in members.items() if n not in own}
        return _joined({**kept, "person_id": _encode(self._others(stranger))})

    def _member(self, name: str, raw: bytes, path: Path) -> bytes:
        if raw[:1] == b'"' and name in person_fields():
            return self._id(name, raw, path)
        if raw[:1] == b'"' and name in NAMED_BY:
            return self._named(name, raw, path)
        return self.value(raw, (*path, name))

    def _rewritten(self, raw: bytes, members: Mapping[str, bytes]) -> bytes:
        before, named = _object.decode(raw), dict[str, bytes]()
        for name, value in members.items():
            named[_apart(self._name_of(name), named)] = value
        if list(named) == list(before) and all(bytes(before[name]) == value for name, value in members.items()):
            return raw
        return _joined(named)

    def _name_of(self, name: str) -> str:
        """Members of extensions are named by IRIs, which may name anybody."""
        return self.text(name, "text")

    def _elements(self, raw: bytes, path: Path) -> bytes:
        before = _array.decode(raw)
        after = [self._member(path[-1] if path else "", bytes(each), path[:-1]) for each in before]
        if all(bytes(each) == value for each, value in zip(before, after, strict=True)):
            return raw
        return b"[%b]" % b",".join(after)

    # -- texts -----------------------------------------------------------------------------------------------------

    def _text(self, raw: bytes) -> bytes:
        text = _any.decode(raw)
        replaced = self.text(text, "text")
        return raw if replaced == text else _encode(replaced)

    def _id(self, name: str, raw: bytes, path: Path) -> bytes:
        if self._is_id(raw):
            self.roles.add(".".join((*path, name)))
            return _encode(self._pseudonyms.token) if self._others is None else raw
        return raw if self._others is None else _encode(self._others(f"person:{_any.decode(raw)}"))

    def _named(self, name: str, raw: bytes, path: Path) -> bytes:
        text = _any.decode(raw)
        if (replaced := self._pseudonyms.exact.get(text)) is not None:
            self.roles.add(".".join((*path, name)))
            return _encode(replaced) if self._others is None else raw
        return raw if self._others is None else _encode(self._others(text))

    # -- who it is -------------------------------------------------------------------------------------------------

    def _is_id(self, raw: Raw | bytes | None) -> bool:
        return raw is not None and self._person.person_id is not None and _any.decode(raw) == self._person.person_id

    def _place(self, members: Mapping[str, Raw], path: Path) -> int | None:
        """Which of the person's identifiers the object carries."""
        key = _key(members)
        if key is not None and self._person.is_one_of(key):
            if key.startswith("mbox:"):
                self.mails.add(key)
            return self._person.place_of(key)
        if path[-1:] == ("authority",) and key is not None and key.startswith("account:"):
            return self._person.credentials.get(key.partition("|")[2])
        return None

    def _stranger(self, members: Mapping[str, Raw]) -> str | None:
        if (key := _key(members)) is not None:
            return key
        named = _any.decode(members["person_id"]) if "person_id" in members else None
        return f"person:{named}" if isinstance(named, str) else None

    def _note_name(self, members: Mapping[str, Raw], names: set[str]) -> None:
        if "name" in members and isinstance(name := _any.decode(members["name"]), str):
            names.add(name)


def _apart(name: str, taken: Collection[str]) -> str:
    """Two names of members may have become one."""
    numbered = (f"{name}-{number}" for number in count(2))
    return name if name not in taken else next(each for each in numbered if each not in taken)


def _key(members: Mapping[str, Raw]) -> str | None:
    found = {name: _any.decode(members[name]) for name in IDENTIFIERS if name in members}
    try:
        return key_of(found) if found else None
    except (KeyError, TypeError, AttributeError):
        return None  # it only looks like an identifier


def _joined(members: Mapping[str, bytes]) -> bytes:
    return b"{%b}" % b",".join(_encode(name) + b":" + value for name, value in members.items())
