"""Each criterion by itself: met exactly from its bound on, and saying what is missing below it."""

from datetime import timedelta
from typing import Any

import pytest

from praxis_events.contracts.evidence import Kind
from praxis_incentives.criteria import (
    CRITERIA,
    actors,
    artefacts,
    in_plain_words,
    items,
    non_peer,
    per_person,
    threshold,
    window,
)
from praxis_incentives.evidence import Evidence
from tests.services.incentives.build import NOW, criteria, day, grant, item, standing


def of_kinds(*kinds: Kind) -> list[Evidence]:
    return [item(str(number), kind) for number, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("kinds", "asked", "weight", "met"),
    [
        ((), {}, 0, False),
        (("manager-verification",), {}, 1.0, False),
        (("task-completed", "project-result"), {}, 1.4, True),
        (("task-completed", "task-completed"), {}, 1.2, False),
        (("manager-verification", "peer-endorsement"), {}, 1.3, False),
        (("manager-verification", "peer-endorsement", "peer-endorsement"), {}, 1.5, True),
        (("project-result", "peer-endorsement", "peer-endorsement", "peer-endorsement"), {}, 1.3, False),
        (("peer-endorsement",) * 20, {}, 0.5, False),
        (("peer-endorsement",) * 2, {"max_peer_weight": 0.2}, 0.2, False),
        (("task-completed", "project-result", "peer-endorsement"), {"threshold": 1.7}, 1.7, True),
        (
            ("task-completed",) * 3,
            {"weights": {"task-completed": 0.1}, "threshold": 0.3, "max_peer_weight": 0},
            0.3,
            True,
        ),
    ],
)
def test_threshold(kinds: tuple[Kind, ...], asked: dict[str, Any], weight: float, met: bool) -> None:
    found = threshold.judge(criteria(**asked), standing(*of_kinds(*kinds)))
    assert (found.actual, found.met) == (weight, met)
    assert (found.remedy is None) is met


def test_threshold_says_how_much_is_missing() -> None:
    found = threshold.judge(criteria(), standing(item("1")))
    assert found.explanation == "The evidence is worth 1; 1.4 is asked."
    assert found.remedy == "Evidence worth 0.4 more, not from peers alone."


@pytest.mark.parametrize(("count", "missing"), [(0, "3 more items"), (2, "1 more item "), (3, None), (4, None)])
def test_min_items(count: int, missing: str | None) -> None:
    found = items.judge(criteria(min_items=3), standing(*(item(str(number)) for number in range(count))))
    assert (found.actual, found.required, found.met) == (count, 3, missing is None)
    assert found.remedy is None if missing is None else missing in str(found.remedy)


@pytest.mark.parametrize(
    ("attesters", "distinct"),
    [(["person:a"], 1), (["person:a", "person:a"], 1), (["person:a", "person:b"], 2), (["person:a", "mbox:b@x"], 2)],
)
def test_min_actors(attesters: list[str], distinct: int) -> None:
    given = [item(str(number), attester=each) for number, each in enumerate(attesters)]
    found = actors.judge(criteria(), standing(*given))
    assert (found.actual, found.met) == (distinct, distinct >= 2)


def test_what_a_system_reports_by_itself_has_that_system_as_its_actor() -> None:
    reported = item("1", "task-completed", attester=None, submitter="account:urn:praxis:credential|ci")
    assert actors.judge(criteria(), standing(reported, item("2"))).actual == 2
    assert (
        actors.judge(criteria(), standing(reported, item("3", "project-result", None, reported.submitter))).actual == 1
    )


@pytest.mark.parametrize(
    ("names", "distinct"),
    [(["#1"], 1), (["#1", "#1"], 1), (["acme/App#1", " ACME/app#1"], 1), (["#1", "#2"], 2)],
)
def test_min_artefacts(names: list[str], distinct: int) -> None:
    given = [item(str(number), artefact=each) for number, each in enumerate(names)]
    found = artefacts.judge(criteria(), standing(*given))
    assert (found.actual, found.met) == (distinct, distinct >= 2)


@pytest.mark.parametrize(
    ("kinds", "met"),
    [
        ((), False),
        (("peer-endorsement",) * 5, False),
        (("peer-endorsement", "task-completed"), True),
        (("assessor-validation",), True),
    ],
)
def test_min_non_peer(kinds: tuple[Kind, ...], met: bool) -> None:
    found = non_peer.judge(criteria(), standing(*of_kinds(*kinds)))
    assert found.met is met
    assert (found.remedy is None) is met


@pytest.mark.parametrize(("last", "met"), [(0, True), (90, True), (91, False)])
def test_window(last: int, met: bool) -> None:
    found = window.judge(criteria(), standing(item("1", on=0), item("2", on=last)))
    assert (found.actual, found.met) == (last, met)


@pytest.mark.parametrize(
    ("ages", "asked", "met"),
    [
        ([], {}, True),
        ([1], {}, False),
        ([365], {}, True),
        ([364], {}, False),
        ([1], {"times": 2, "days": 30}, True),
        ([1, 2], {"times": 2, "days": 30}, False),
        ([1, 40], {"times": 2, "days": 30}, True),
    ],
)
def test_per_person(ages: list[int], asked: dict[str, int], met: bool) -> None:
    before = tuple(grant(str(age), at=NOW - timedelta(days=age)) for age in ages)
    found = per_person.judge(criteria(per_person=asked), standing(item("1"), before=before))
    assert found.met is met


def test_per_person_says_from_when_on() -> None:
    before = (grant("a", at=day(0)), grant("b", at=day(5)), grant("c", at=day(9)))
    asked = criteria(per_person={"times": 2, "days": 30})
    assert per_person.judge(asked, standing(before=before, at=day(10))).remedy == (
        "From 2026-02-05 on, new evidence can lead to another one."
    )


def test_every_criterion_is_told_in_plain_words() -> None:
    told = in_plain_words(criteria())
    assert len(told) == len(CRITERIA)
    assert told[0] == (
        "Evidence worth at least 1.4: a completed task 0.6, a project result 0.8, a peer's endorsement 0.3, "
        "a manager's verification 1, an assessor's validation 1; a peer of the same team 0.2, "
        "half as much each time that one peer endorses again, and one peer's word at most 4 times within 30 days; "
        "all peers together at most 0.5."
    )
