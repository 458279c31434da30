"""Whatever is wrong with an event, of whatever type, its refusal points at the field."""

import copy
from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from praxis_events.contracts import contracts
from praxis_ingest.events.judgement import TOPICS, judge
from praxis_ingest.events.outcomes import Refused
from praxis_ingest.events.received import ReceivedEvent
from tests.fixtures.golden import examples
from tests.services.ingest.events.samples import ADMIN, SOURCE

Path = tuple[str | int, ...]

LATER = datetime(2030, 1, 1, tzinfo=UTC)
TAKEN = [each.type for each in contracts() if each.topic in TOPICS]
JUNK = [None, True, 7, -1.5, "", "x", "\x00", "2026-02-30", [], [None], {}, {"a": 1}]


def places(value: Any, at: Path = ()) -> list[Path]:
    """Every place inside ``value``."""
    inside = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    return [place for name, each in inside for place in ((*at, name), *places(each, (*at, name)))]


def holder(value: Any, at: Path) -> Any:
    for step in at[:-1]:
        value = value[step]
    return value


@st.composite
def broken(draw: st.DrawFn) -> tuple[dict[str, Any], Path]:
    """An event that would pass, in which one place has changed, is gone, or is too many; and that place."""
    type_ = draw(st.sampled_from(TAKEN))
    data = copy.deepcopy(draw(st.sampled_from(examples(type_))))
    sent = {"specversion": "1.0", "id": "1", "source": SOURCE, "type": type_, "data": data}
    at = draw(st.sampled_from(places(sent)))
    found, change = holder(sent, at), draw(st.sampled_from(["other", "gone", "one more"]))
    if change == "one more" and isinstance(found, dict):
        at = (*at[:-1], "SURPRISE")
    if change == "gone":
        del found[at[-1]]
    else:
        found[at[-1]] = draw(st.sampled_from(JUNK))
    return sent, at


def steps(pointer: str) -> list[str]:
    return [each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/")[1:]]


def points_beside(pointer: str, at: Path) -> bool:
    """At the place, at what holds it, or at something in either: a rule may be about two fields of one object."""
    before, changed = steps(pointer)[1:-1], list(map(str, at))
    shared = min(len(before), len(changed))
    return before[:shared] == changed[:shared]


def stands_in(pointer: str, sent: dict[str, Any]) -> bool:
    """Whether the event has what the pointer names, or lacks it in an object that it has."""
    value: Any = [sent]
    for step in steps(pointer)[:-1]:
        value = value[int(step)] if isinstance(value, list) else value[step]
    return isinstance(value, dict | list)


@settings(max_examples=400, deadline=None)
@given(broken())
def test_a_refusal_points_at_what_is_wrong(changed: tuple[dict[str, Any], Path]) -> None:
    sent, at = changed
    attributes = {name: value for name, value in sent.items() if name != "data"}
    found = judge(ReceivedEvent(0, attributes, sent.get("data", msgspec.UNSET), (0,)), ADMIN, LATER, None)
    if isinstance(found, Refused):
        pointers = [error.pointer or "" for error in found.errors]
        assert pointers
        assert all(each.startswith("/0/") and stands_in(each, sent) for each in pointers), pointers
        assert any(points_beside(each, at) for each in pointers), (pointers, at)


def test_the_unbroken_pass() -> None:
    for type_ in TAKEN:
        for data in examples(type_):
            attributes = {"specversion": "1.0", "id": "1", "source": SOURCE, "type": type_}
            assert not isinstance(judge(ReceivedEvent(0, attributes, data, (0,)), ADMIN, LATER, None), Refused), type_
