"""What a statement is about, by its objectType (xAPI 1.0.3, Data §2.4.4)."""

from msgspec import UNSET

from praxis_ingest.statements.iri import is_iri
from praxis_ingest.statements.model import SimpleObject, StatementObject
from praxis_ingest.statements.uuids import is_uuid
from praxis_ingest.statements.validation.activities import check_definition
from praxis_ingest.statements.validation.actors import check_actor
from praxis_ingest.statements.validation.inspection import IRI, REQUIRED, UUID, Inspection
from praxis_ingest.statements.validation.parts import Parts

_ACTOR = frozenset({"object_type", "name", "mbox", "mbox_sha1sum", "openid", "account", "member"})
_SUBSTATEMENT = frozenset({"object_type", "actor", "verb", "object", "result", "context", "timestamp", "attachments"})
_MEMBERS = {
    "Activity": frozenset({"object_type", "id", "definition"}),
    "Agent": _ACTOR,
    "Group": _ACTOR,
    "StatementRef": frozenset({"object_type", "id"}),
    "SubStatement": _SUBSTATEMENT,
}
"""The members that an object of each objectType may have."""


def kind_of(target: SimpleObject) -> str:
    return "Activity" if target.object_type is UNSET else target.object_type


def check_object(target: StatementObject, at: str, seen: Inspection) -> None:
    """What a Statement is about; of a SubStatement only which members it has."""
    if kind_of(target) == "SubStatement":
        _refuse_others(target, "SubStatement", at, seen)
    else:
        check_simple_object(target, at, seen)


def check_simple_object(target: SimpleObject, at: str, seen: Inspection) -> None:
    """An object of any kind but SubStatement."""
    kind = kind_of(target)
    if kind == "Activity":
        _check_activity(target, at, seen)
    elif kind == "StatementRef":
        _check_reference(target, at, seen)
    elif kind in ("Agent", "Group"):
        check_actor(target, at, seen)
        _refuse_others(target, kind, at, seen)
    else:
        nested = " (SubStatements do not nest)" if kind == "SubStatement" else ""
        seen.fault(f"{at}/objectType", f"must be one of {', '.join(_MEMBERS)}{nested}")


def _refuse_others(target: SimpleObject, kind: str, at: str, seen: Inspection) -> None:
    """Refuse the members that another objectType would have."""
    allowed = _MEMBERS[kind]
    for name, encoded in zip(target.__struct_fields__, target.__struct_encode_fields__, strict=True):
        if getattr(target, name) is not UNSET and name not in allowed:
            seen.fault(f"{at}/{encoded}", f"is not allowed where objectType is {kind}")


def _check_activity(target: SimpleObject, at: str, seen: Inspection) -> None:
    if target.id is UNSET:
        seen.fault(f"{at}/id", REQUIRED)
    elif not is_iri(target.id):
        seen.fault(f"{at}/id", IRI)
    if target.definition is not UNSET:
        check_definition(target.definition, f"{at}/definition", seen)
    if not _has_no_others(target):
        _refuse_others(target, "Activity", at, seen)


def _check_reference(target: SimpleObject, at: str, seen: Inspection) -> None:
    if target.id is UNSET:
        seen.fault(f"{at}/id", REQUIRED)
    elif not is_uuid(target.id):
        seen.fault(f"{at}/id", UUID)
    _refuse_others(target, "StatementRef", at, seen)


def _has_no_others(target: SimpleObject) -> bool:
    """Whether an Activity, nearly every statement's object, has no member of another kind: a quick look at all."""
    actors = (
        target.name is target.mbox is target.mbox_sha1sum is target.openid is target.account is target.member is UNSET
    )
    if not isinstance(target, StatementObject):
        return actors
    return actors and (
        target.actor
        is target.verb
        is target.object
        is target.result
        is target.context
        is target.timestamp
        is target.attachments
        is UNSET
    )


OBJECTS = Parts(StatementObject, check_object)
SIMPLE_OBJECTS = Parts(SimpleObject, check_simple_object)
