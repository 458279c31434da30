"""What makes two events with one id the same: their type and their data, whatever the order of names."""

import hashlib

import msgspec


def content_digest(type_: str, data: bytes) -> bytes:
    """SHA-256 of the type and the canonical JSON of ``data``. Raises ``ValueError`` when that is not JSON."""
    canonical = msgspec.json.encode(msgspec.json.decode(data), order="deterministic")
    return hashlib.sha256(type_.encode() + b"\n" + canonical).digest()
