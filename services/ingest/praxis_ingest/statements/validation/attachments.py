"""Attachments as a statement describes them (xAPI 1.0.3, Data §2.4.11)."""

import re

from msgspec import UNSET

from praxis_ingest.statements.model import Attachment
from praxis_ingest.statements.validation.inspection import Inspection

_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~-]+"  # noqa: S105 - RFC 9110's token, not a secret
_MEDIA_TYPE = re.compile(rf"{_TOKEN}/{_TOKEN}\s*(?:;.*)?")
_SHA2 = re.compile(r"(?:[0-9a-fA-F]{56}|[0-9a-fA-F]{64}|[0-9a-fA-F]{96}|[0-9a-fA-F]{128})")
"""SHA-224, SHA-256, SHA-384 and SHA-512."""


def check_attachment(attachment: Attachment, at: str, seen: Inspection) -> None:
    seen.iri(attachment.usage_type, at, "usageType")
    seen.texts(attachment.display, at, "display")
    if attachment.description is not UNSET:
        seen.texts(attachment.description, at, "description")
    if attachment.file_url is not UNSET:
        seen.iri(attachment.file_url, at, "fileUrl")
    if not _MEDIA_TYPE.fullmatch(attachment.content_type):
        seen.fault(f"{at}/contentType", "must be a media type, such as text/plain")
    if attachment.length < 0:
        seen.fault(f"{at}/length", "must be the number of octets, not negative")
    if not _SHA2.fullmatch(attachment.sha2):
        seen.fault(f"{at}/sha2", "must be a SHA-2 hash in hexadecimal digits")
