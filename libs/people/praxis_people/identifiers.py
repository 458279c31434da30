"""Inverse functional identifiers as comparable keys (xAPI 1.0.3, Data §2.4.2.3).

A key is text: ``mbox:ann@example.org`` (lower case), ``mbox_sha1sum:<hex>``, ``openid:<IRI>``,
``account:<homePage>|<name>``. A mail address also stands for its hashes, with and without ``mailto:``: real exporters
send both. Keys stand in database indexes, so ``bounded`` replaces what is too long for one by its digest.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from praxis_events.contracts.base import Identifier, PersonRef

SHARED = "urn:praxis:shared"
"""The ``person_id`` of nobody: what is linked to it is several people's, such as info@ or a kiosk's account, and so no
person's, whoever else claims it (ADR 10)."""

MAX_BYTES = 800
"""PostgreSQL's B-tree takes entries of 2,704 bytes; some of our indexes hold three such texts."""


def bounded(text: str) -> str:
    """``text``, or its SHA-256 where it is over ``MAX_BYTES`` or holds a NUL: always fit for an index, still unique."""
    encoded = text.encode()
    if len(encoded) <= MAX_BYTES and b"\0" not in encoded:
        return text
    return f"sha256:{hashlib.sha256(encoded).hexdigest()}"


def key_of(agent: Mapping[str, Any]) -> str | None:
    """The key of an Agent or Identifier given as JSON; ``None`` when it has no identifier (an anonymous group)."""
    if mbox := agent.get("mbox"):
        return bounded(f"mbox:{_address(mbox)}")
    if digest := agent.get("mbox_sha1sum"):
        return bounded(f"mbox_sha1sum:{digest.lower()}")
    if openid := agent.get("openid"):
        return bounded(f"openid:{openid}")
    if account := agent.get("account"):
        return bounded(f"account:{account['homePage']}|{account['name']}")
    return None


def key_of_ref(ref: Identifier | PersonRef) -> str | None:
    """The key of an identifier in an event's data; ``None`` for a reference by ``person_id``."""
    return key_of(ref.model_dump(by_alias=True, exclude_none=True))


def claimed_by(key: str) -> frozenset[str]:
    """Every key that an identifier stands for: itself and, for a mail address, the hashes of it."""
    kind, _, address = key.partition(":")
    if kind != "mbox":
        return frozenset([key])
    return frozenset([key, *(f"mbox_sha1sum:{_sha1(text)}" for text in (address, f"mailto:{address}"))])


def shown(key: str) -> dict[str, Any] | None:
    """The identifier of a key as xAPI writes it; ``None`` for one of which only the digest is known."""
    kind, _, text = key.partition(":")
    if kind == "account":
        home_page, _, name = text.partition("|")  # which no IRI may hold
        return {"account": {"homePage": home_page, "name": name}}
    if kind in ("mbox_sha1sum", "openid"):
        return {kind: text}
    return {"mbox": f"mailto:{text}"} if kind == "mbox" else None


def _address(mbox: str) -> str:
    return mbox[len("mailto:") :].lower() if mbox.lower().startswith("mailto:") else mbox.lower()


def _sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
