"""The context of a statement (xAPI 1.0.3, Data §2.4.6; contextAgents and contextGroups: IEEE 9274.1.1)."""

from msgspec import UNSET, UnsetType

from praxis_ingest.statements.language_tags import is_language_tag
from praxis_ingest.statements.model import Activity, Context, ContextActivities, StatementRef
from praxis_ingest.statements.uuids import is_uuid
from praxis_ingest.statements.validation.activities import check_activity
from praxis_ingest.statements.validation.actors import check_actor, check_group
from praxis_ingest.statements.validation.inspection import LANGUAGE, UUID, Inspection
from praxis_ingest.statements.validation.parts import Parts

_ACTIVITY_ONLY = "is allowed only where the statement's object is an Activity"


def check_context(context: Context, at: str, seen: Inspection, *, about_activity: bool) -> None:
    """``about_activity``: whether the object of the statement (or SubStatement) is an Activity."""
    if context.registration is not UNSET and not is_uuid(context.registration):
        seen.fault(f"{at}/registration", UUID)
    if context.instructor is not UNSET:
        check_actor(context.instructor, f"{at}/instructor", seen)
    if context.team is not UNSET:
        check_group(context.team, f"{at}/team", seen)
    if context.context_activities is not UNSET:
        activities = ACTIVITIES.inspected(context.context_activities, at, "contextActivities", seen)
        if activities is not None and activities.has_lone():
            seen.as_sent = False
    if not about_activity:
        _check_activity_only(context, at, seen)
    if context.language is not UNSET and not is_language_tag(context.language):
        seen.fault(f"{at}/language", LANGUAGE)
    if context.statement is not UNSET:
        check_reference(context.statement, f"{at}/statement", seen)
    if context.extensions is not UNSET:
        seen.extensions(context.extensions, at)
    if context.context_agents is not UNSET or context.context_groups is not UNSET:
        _check_context_actors(context, at, seen)


def check_reference(reference: StatementRef, at: str, seen: Inspection) -> None:
    if reference.object_type != "StatementRef":
        seen.fault(f"{at}/objectType", 'must be "StatementRef"')
    if not is_uuid(reference.id):
        seen.fault(f"{at}/id", UUID)


def _check_activity_only(context: Context, at: str, seen: Inspection) -> None:
    if context.revision is not UNSET:
        seen.fault(f"{at}/revision", _ACTIVITY_ONLY)
    if context.platform is not UNSET:
        seen.fault(f"{at}/platform", _ACTIVITY_ONLY)


def _check_context_activities(found: ContextActivities, at: str, seen: Inspection) -> None:
    if found.parent is not UNSET:
        _check_activities(found.parent, f"{at}/parent", seen)
    if found.grouping is not UNSET:
        _check_activities(found.grouping, f"{at}/grouping", seen)
    if found.category is not UNSET:
        _check_activities(found.category, f"{at}/category", seen)
    if found.other is not UNSET:
        _check_activities(found.other, f"{at}/other", seen)


def _check_activities(activities: Activity | list[Activity], at: str, seen: Inspection) -> None:
    if not isinstance(activities, list):
        check_activity(activities, at, seen)
        return
    for index, activity in enumerate(activities):
        check_activity(activity, f"{at}/{index}", seen)


def _check_context_actors(context: Context, at: str, seen: Inspection) -> None:
    if seen.edition == "1.0.3":
        for name, given in (("contextAgents", context.context_agents), ("contextGroups", context.context_groups)):
            if given is not UNSET:
                seen.fault(f"{at}/{name}", "is not allowed in xAPI 1.0.3; it came with 2.0")
        return
    for index, agent in enumerate(context.context_agents or ()):
        here = f"{at}/contextAgents/{index}"
        if agent.object_type != "contextAgent":
            seen.fault(f"{here}/objectType", 'must be "contextAgent"')
        if agent.agent.object_type == "Group":
            seen.fault(f"{here}/agent/objectType", 'must be "Agent"')
        check_actor(agent.agent, f"{here}/agent", seen)
        _check_relevant_types(agent.relevant_types, f"{here}/relevantTypes", seen)
    for index, group in enumerate(context.context_groups or ()):
        here = f"{at}/contextGroups/{index}"
        if group.object_type != "contextGroup":
            seen.fault(f"{here}/objectType", 'must be "contextGroup"')
        check_group(group.group, f"{here}/group", seen)
        _check_relevant_types(group.relevant_types, f"{here}/relevantTypes", seen)


def _check_relevant_types(types: list[str] | UnsetType, at: str, seen: Inspection) -> None:
    if types is UNSET:
        return
    if not types:
        seen.fault(at, "must not be empty")
    for index, iri in enumerate(types):
        seen.iri(iri, at, str(index))


ACTIVITIES = Parts(ContextActivities, _check_context_activities)
