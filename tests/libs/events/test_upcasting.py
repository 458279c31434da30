"""Old versions become the newest; newer than known pauses. The family is invented."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from praxis_events.contracts import base, contracts
from praxis_events.contracts.base import EventData, contract
from praxis_events.envelope import Event
from praxis_events.topics import EVIDENCE
from praxis_events.upcasting import UPCASTERS, UnknownVersion, Upcaster, newest


class ShelfFilledV1(EventData):
    shelf: str
    books: int


class ShelfFilledV2(EventData):
    """Counts became titles."""

    shelf: str
    titles: list[str]


class ShelfFilledV3(EventData):
    room: str
    shelf: str
    titles: list[str]


def v1_to_v2(data: dict[str, Any]) -> dict[str, Any]:
    return {"shelf": data["shelf"], "titles": ["untitled"] * data["books"]}


def v2_to_v3(data: dict[str, Any]) -> dict[str, Any]:
    return {"room": "reading", **data}


VERSIONS: list[type[EventData]] = [ShelfFilledV1, ShelfFilledV2, ShelfFilledV3]
STEPS: dict[str, Upcaster] = {"praxis.test.shelf-filled.v1": v1_to_v2, "praxis.test.shelf-filled.v2": v2_to_v3}


@pytest.fixture(autouse=True)
def family(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Versions 1 to 3 in a copy of the registry."""
    with monkeypatch.context() as scope:
        scope.setattr(base, "_contracts", dict(base._contracts))
        for version, model in enumerate(VERSIONS, start=1):
            contract(f"praxis.test.shelf-filled.v{version}", EVIDENCE)(model)
        yield


def shelf_filled(version: int, data: dict[str, Any]) -> Event:
    type_ = f"praxis.test.shelf-filled.v{version}"
    return Event(id="1", source="library", type=type_, data=json.dumps(data).encode())


def test_the_oldest_version_takes_every_step() -> None:
    found = newest(shelf_filled(1, {"shelf": "a", "books": 2}), STEPS)
    expected = ShelfFilledV3(room="reading", shelf="a", titles=["untitled", "untitled"])
    assert found == ("praxis.test.shelf-filled.v3", expected)


def test_a_middle_version_takes_the_steps_after_it() -> None:
    found = newest(shelf_filled(2, {"shelf": "a", "titles": ["Emma"]}), STEPS)
    assert found == ("praxis.test.shelf-filled.v3", ShelfFilledV3(room="reading", shelf="a", titles=["Emma"]))


def test_the_newest_version_is_as_it_was_sent() -> None:
    data = {"room": "attic", "shelf": "a", "titles": []}
    assert newest(shelf_filled(3, data), STEPS) == ("praxis.test.shelf-filled.v3", ShelfFilledV3(**data))


def test_a_version_newer_than_known_is_told_apart_from_bad_data() -> None:
    with pytest.raises(UnknownVersion, match=r"shelf-filled\.v4 is newer than v3"):
        newest(shelf_filled(4, {"anything": True}), STEPS)


@pytest.mark.parametrize("type_", ["praxis.test.shelf-emptied.v1", "praxis.test.shelf-filled", "com.example.thing"])
def test_another_family_is_of_no_interest(type_: str) -> None:
    assert newest(Event(id="1", source="library", type=type_, data=b"{}"), STEPS) is None


@pytest.mark.parametrize("data", [b'{"shelf": "a"}', b'{"shelf": "a", "titles": [], "room": 1}', b"[]", b"\xff"])
def test_data_that_breaks_its_contract_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        newest(Event(id="1", source="library", type="praxis.test.shelf-filled.v3", data=data), STEPS)


def test_an_old_version_that_is_not_json_is_a_value_error() -> None:
    with pytest.raises(ValueError, match=r".+"):
        newest(Event(id="1", source="library", type="praxis.test.shelf-filled.v1", data=b"\xff"), STEPS)


def test_a_type_is_registered_once() -> None:
    with pytest.raises(ValueError, match="registered twice"):
        contract("praxis.test.shelf-filled.v1", EVIDENCE)(ShelfFilledV1)


def test_every_old_version_has_an_upcaster() -> None:
    released = [each for each in contracts() if not each.family.startswith("praxis.test.")]
    newest_of = {each.family: max(o.version for o in released if o.family == each.family) for each in released}
    old = {each.type for each in released if each.version < newest_of[each.family]}
    assert set(UPCASTERS) == old
