"""Whole statements and SubStatements (xAPI 1.0.3, Data §2.4 and §2.4.4.3)."""

import re

from msgspec import UNSET

from praxis_ingest.statements.model import SimpleObject, Statement, StatementObject, Verb
from praxis_ingest.statements.timestamps import check_timestamp, is_plain
from praxis_ingest.statements.uuids import is_uuid
from praxis_ingest.statements.validation.actors import check_actor, check_authority
from praxis_ingest.statements.validation.attachments import check_attachment
from praxis_ingest.statements.validation.contexts import check_context
from praxis_ingest.statements.validation.inspection import REQUIRED, UUID, Inspection
from praxis_ingest.statements.validation.objects import check_object, refuse_others
from praxis_ingest.statements.validation.results import check_result

VOIDED = "http://adlnet.gov/expapi/verbs/voided"

_PATCH = r"(?:\.[0-9A-Za-z][0-9A-Za-z.+-]*)?"
_VERSIONS = {"1.0.3": re.compile(rf"1\.0{_PATCH}"), "2.0.0": re.compile(rf"[12]\.0{_PATCH}")}


def check_statement(statement: Statement, at: str, seen: Inspection) -> None:
    if statement.id is not UNSET and not is_uuid(statement.id):
        seen.fault(f"{at}/id", UUID)
    _check_parts(statement, at, seen)
    if statement.stored is not UNSET:
        _check_timestamp(statement.stored, f"{at}/stored", seen)
    if statement.authority is not UNSET:
        check_authority(statement.authority, f"{at}/authority", seen)
    if statement.version is not UNSET and not _VERSIONS[seen.edition].fullmatch(statement.version):
        seen.fault(f"{at}/version", f"must be a version of xAPI that this request's may carry, such as {seen.edition}")


def _check_parts(statement: Statement | StatementObject, at: str, seen: Inspection) -> None:
    """What statements and SubStatements have in common."""
    if statement.actor is UNSET:
        seen.fault(f"{at}/actor", REQUIRED)
    else:
        check_actor(statement.actor, f"{at}/actor", seen)
    if statement.verb is UNSET:
        seen.fault(f"{at}/verb", REQUIRED)
    else:
        _check_verb(statement.verb, f"{at}/verb", seen)
    about = _check_about(statement, at, seen)
    if statement.result is not UNSET:
        check_result(statement.result, f"{at}/result", seen)
    if statement.context is not UNSET:
        check_context(statement.context, f"{at}/context", seen, about_activity=about == "Activity")
    if statement.timestamp is not UNSET and not is_plain(statement.timestamp):
        _check_timestamp(statement.timestamp, f"{at}/timestamp", seen)
    if statement.attachments is not UNSET:
        for index, attachment in enumerate(statement.attachments):
            check_attachment(attachment, f"{at}/attachments/{index}", seen)


def _check_verb(verb: Verb, at: str, seen: Inspection) -> None:
    seen.iri(verb.id, at, "id")
    if verb.display is not UNSET:
        seen.texts(verb.display, at, "display")


def _check_about(statement: Statement | StatementObject, at: str, seen: Inspection) -> str:
    """Check the object; returns its objectType, by default ``Activity``."""
    target = statement.object
    if target is UNSET:
        seen.fault(f"{at}/object", REQUIRED)
        return "Activity"
    kind = _check_object(target, f"{at}/object", seen)
    if statement.verb is not UNSET and statement.verb.id == VOIDED and kind != "StatementRef":
        seen.fault(f"{at}/object/objectType", 'must be "StatementRef" in a statement that voids another')
    return kind


def _check_object(target: SimpleObject, at: str, seen: Inspection) -> str:
    kind = "Activity" if target.object_type is UNSET else target.object_type
    if kind == "SubStatement" and isinstance(target, StatementObject):
        _check_parts(target, at, seen)
        refuse_others(target, kind, at, seen)
    else:
        check_object(target, kind, at, seen)
    return kind


def _check_timestamp(text: str, at: str, seen: Inspection) -> None:
    try:
        check_timestamp(text, rfc3339=seen.edition == "2.0.0")
    except ValueError as error:
        seen.fault(at, str(error))
