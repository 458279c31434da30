"""Whole statements and SubStatements (xAPI 1.0.3, Data §2.4 and §2.4.4.3)."""

import re

from msgspec import UNSET

from praxis_ingest.statements.model import SimpleObject, Statement, StatementObject, Verb
from praxis_ingest.statements.timestamps import check_timestamp, plain
from praxis_ingest.statements.uuids import is_uuid
from praxis_ingest.statements.validation.actors import ACTORS, check_authority
from praxis_ingest.statements.validation.attachments import check_attachment
from praxis_ingest.statements.validation.contexts import check_context
from praxis_ingest.statements.validation.inspection import REQUIRED, UUID, Inspection
from praxis_ingest.statements.validation.objects import OBJECTS, SIMPLE_OBJECTS, kind_of
from praxis_ingest.statements.validation.parts import Parts
from praxis_ingest.statements.validation.results import check_result

VOIDED = "http://adlnet.gov/expapi/verbs/voided"

_PATCH = r"(?:\.[0-9A-Za-z][0-9A-Za-z.+-]*)?"
_VERSIONS = {"1.0.3": re.compile(rf"1\.0{_PATCH}"), "2.0.0": re.compile(rf"[12]\.0{_PATCH}")}

Objects = Parts[StatementObject] | Parts[SimpleObject]


def check_statement(statement: Statement, at: str, seen: Inspection) -> None:
    if statement.id is not UNSET and not is_uuid(statement.id):
        seen.fault(f"{at}/id", UUID)
    _check_parts(statement, OBJECTS, at, seen)
    if statement.stored is not UNSET:
        _check_timestamp(statement.stored, f"{at}/stored", seen)
    if statement.authority is not UNSET:
        check_authority(statement.authority, f"{at}/authority", seen)
    if statement.version is not UNSET and not _VERSIONS[seen.edition].fullmatch(statement.version):
        seen.fault(f"{at}/version", f"must be a version of xAPI that this request's may carry, such as {seen.edition}")


def _check_parts(statement: Statement | StatementObject, objects: Objects, at: str, seen: Inspection) -> None:
    """What statements and SubStatements have in common."""
    if statement.actor is UNSET:
        seen.fault(f"{at}/actor", REQUIRED)
    else:
        ACTORS.inspected(statement.actor, at, "actor", seen)
    if statement.verb is UNSET:
        seen.fault(f"{at}/verb", REQUIRED)
        verb = None
    else:
        verb = _VERBS.inspected(statement.verb, at, "verb", seen)
    if statement.object is UNSET:
        seen.fault(f"{at}/object", REQUIRED)
        target = None
    else:
        target = objects.inspected(statement.object, at, "object", seen)
    kind = "Activity" if target is None else _check_target(target, verb, at, seen)
    if statement.result is not UNSET:
        check_result(statement.result, f"{at}/result", seen)
    if statement.context is not UNSET:
        check_context(statement.context, f"{at}/context", seen, about_activity=kind == "Activity")
    if statement.timestamp is not UNSET:
        looked = plain(statement.timestamp)
        if looked is None:
            _check_timestamp(statement.timestamp, f"{at}/timestamp", seen)
        if looked is None or looked["utc"] is None:
            seen.as_sent = False
    if statement.attachments is not UNSET:
        for index, attachment in enumerate(statement.attachments):
            check_attachment(attachment, f"{at}/attachments/{index}", seen)


def _check_verb(verb: Verb, at: str, seen: Inspection) -> None:
    seen.iri(verb.id, at, "id")
    if verb.display is not UNSET:
        seen.texts(verb.display, at, "display")


def _check_target(target: SimpleObject, verb: Verb | None, at: str, seen: Inspection) -> str:
    """What only the whole statement tells about its object; returns the object's kind."""
    kind = kind_of(target)
    if kind == "SubStatement" and isinstance(target, StatementObject):
        _check_parts(target, SIMPLE_OBJECTS, f"{at}/object", seen)
    if verb is not None and verb.id == VOIDED and kind != "StatementRef":
        seen.fault(f"{at}/object/objectType", 'must be "StatementRef" in a statement that voids another')
    return kind


def _check_timestamp(text: str, at: str, seen: Inspection) -> None:
    try:
        check_timestamp(text, rfc3339=seen.edition == "2.0.0")
    except ValueError as error:
        seen.fault(at, str(error))


_VERBS = Parts(Verb, _check_verb)
