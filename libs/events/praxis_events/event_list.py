"""The list of events for people, made from the contracts: ``python -m praxis_events.event_list > FILE``."""

import sys
from collections.abc import Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from praxis_events import contracts as _registered  # noqa: F401 - registers every contract
from praxis_events.contracts.base import Contract, EventData, contracts
from praxis_events.topics import TOPICS

_HEAD = """# Events

Every type that travels on the log, by topic, with the fields of its `data`; `?` marks those that may be left out.
Generated from the contracts (`make docs`); [asyncapi.json](asyncapi.json) has the same for machines. Times are ISO 8601
with a zone, days `YYYY-MM-DD`. A person is `{"person_id": …}` or an xAPI Agent. A `rescinded` event undoes an
earlier one of its kind, whenever it arrives.
"""


def text() -> str:
    """Markdown, the same bytes for the same contracts."""
    return _HEAD + "".join(_topics())


def _topics() -> Iterator[str]:
    for topic in TOPICS:
        carried = sorted((each for each in contracts() if each.topic is topic), key=lambda each: each.type)
        if carried:
            yield f"\n## {topic.name}\n\n| type | data | |\n|---|---|---|\n"
            yield from map(_row, carried)


def _row(contract: Contract) -> str:
    said = " ".join(contract.said.replace("``", "`").split())
    return f"| {contract.type} | {', '.join(_fields(contract.model))} | {said} |\n"


def _fields(model: type[EventData]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        yield f"{field.alias or name}{'' if field.is_required() else '?'}{_choices(field)}"


def _choices(field: FieldInfo) -> str:
    choices = list(_literals(field.annotation))
    return f" ({', '.join(choices)})" if 1 < len(choices) < 12 else ""


def _literals(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from map(str, get_args(annotation))
    elif get_origin(annotation) in (Union, UnionType, Annotated):
        for each in get_args(annotation):
            yield from _literals(each)


if __name__ == "__main__":
    sys.stdout.write(text())
