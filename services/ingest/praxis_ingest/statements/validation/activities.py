"""Activities, their definitions and interactions (xAPI 1.0.3, Data §2.4.4.1)."""

from msgspec import UNSET

from praxis_ingest.statements.iri import is_iri
from praxis_ingest.statements.model import Activity, Definition
from praxis_ingest.statements.validation.inspection import IRI, Inspection

_COMPONENTS: dict[str, tuple[str, ...]] = {
    "true-false": (),
    "choice": ("choices",),
    "fill-in": (),
    "long-fill-in": (),
    "matching": ("source", "target"),
    "performance": ("steps",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "numeric": (),
    "other": (),
}
"""The component lists that each interactionType supports."""

_LISTS = ("choices", "scale", "source", "target", "steps")
_TYPES = ", ".join(_COMPONENTS)


def check_activity(activity: Activity, at: str, seen: Inspection) -> None:
    """An Activity where nothing else may stand."""
    if activity.object_type is not UNSET and activity.object_type != "Activity":
        seen.fault(f"{at}/objectType", 'must be "Activity"')
    if not is_iri(activity.id):
        seen.fault(f"{at}/id", IRI)
    if activity.definition is not UNSET:
        check_definition(activity.definition, f"{at}/definition", seen)


def check_definition(definition: Definition, at: str, seen: Inspection) -> None:
    if definition.name is not UNSET:
        seen.texts(definition.name, at, "name")
    if definition.description is not UNSET:
        seen.texts(definition.description, at, "description")
    if definition.type is not UNSET:
        seen.iri(definition.type, at, "type")
    if definition.more_info is not UNSET:
        seen.iri(definition.more_info, at, "moreInfo")
    if definition.extensions is not UNSET:
        seen.extensions(definition.extensions, at)
    if not (
        definition.interaction_type
        is definition.correct_responses_pattern
        is definition.choices
        is definition.scale
        is definition.source
        is definition.target
        is definition.steps
        is UNSET
    ):
        _check_interaction(definition, at, seen)


def _check_interaction(definition: Definition, at: str, seen: Inspection) -> None:
    kind = definition.interaction_type
    if kind is UNSET:
        seen.fault(f"{at}/interactionType", "is required where other interaction members are given")
        return
    if kind not in _COMPONENTS:
        seen.fault(f"{at}/interactionType", f"must be one of {_TYPES}")
        return
    for name in _LISTS:
        if getattr(definition, name) is UNSET:
            continue
        if name in _COMPONENTS[kind]:
            _check_components(definition, name, f"{at}/{name}", seen)
        else:
            seen.fault(f"{at}/{name}", f'is not allowed with the interactionType "{kind}"')


def _check_components(definition: Definition, name: str, at: str, seen: Inspection) -> None:
    known: set[str] = set()
    for index, component in enumerate(getattr(definition, name)):
        if component.id in known:
            seen.fault(f"{at}/{index}/id", "must differ from the other ids of this list")
        known.add(component.id)
        if component.description is not UNSET:
            seen.texts(component.description, f"{at}/{index}", "description")
