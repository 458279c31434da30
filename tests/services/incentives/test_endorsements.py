"""Rings, repeated pairs and busy endorsers, worked by hand."""

import pytest

from praxis_events.contracts.programme import PerEndorser
from praxis_incentives.endorsements import Endorsement, Endorsements
from praxis_incentives.evidence import ArtefactKey
from praxis_incentives.exclusions import endorser_limit
from tests.services.incentives.build import day


def said(path: str, on: int, place: int, skill: str = "python", artefact: str | None = None) -> Endorsement:
    """``ab``: a endorses b."""
    about = ArtefactKey.of("github", artefact or f"{path}-{place}")
    return Endorsement(place, f"{path}-{place}", path[0], path[1], skill, about, day(on))


def rings(*path: tuple[str, int], skills: str = "") -> list[list[str]]:
    """The rings that the last of the endorsements closes."""
    every = [said(who, on, place) for place, (who, on) in enumerate(path)]
    return [[each.id[:2] for each in ring] for ring in Endorsements.of(every).rings(every[-1])]


def test_people_who_endorse_one_another_within_days_are_a_ring() -> None:
    assert rings(("ab", 0), ("ba", 3)) == [["ba", "ab"]]
    assert rings(("ab", 0), ("bc", 7), ("ca", 14)) == [["ca", "ab", "bc"]]
    assert rings(("ab", 0), ("bc", 1), ("cd", 2), ("da", 3)) == [["da", "ab", "bc", "cd"]]


def test_what_is_no_ring() -> None:
    assert rings(("ab", 0), ("bc", 1), ("cd", 2), ("de", 3), ("ea", 4)) == []
    assert rings(("ab", 0), ("bc", 7), ("ca", 15)) == []
    assert rings(("ab", 0), ("bc", 1), ("ac", 2)) == []
    assert rings(("aa", 0), ("aa", 1)) == []
    java = said("ab", 0, 0, skill="java")
    assert list(Endorsements.of([java, said("ba", 1, 1)]).rings(said("ba", 1, 1))) == []


def test_a_pair_is_a_ring_for_longer() -> None:
    assert rings(("ab", 0), ("ba", 30)) == [["ba", "ab"]]
    assert rings(("ab", 0), ("ba", 31)) == []


def test_every_ring_is_found() -> None:
    assert rings(("ab", 0), ("ba", 0), ("bc", 0), ("cb", 0), ("ca", 0)) == [["ca", "ab", "bc"]]
    assert rings(("ba", 0), ("bc", 0), ("ca", 0), ("ab", 0)) == [["ab", "ba"], ["ab", "bc", "ca"]]


def test_what_was_said_before_is_counted_once_for_each_piece_of_work() -> None:
    first, again = said("ab", 0, 0, artefact="x"), said("ab", 9, 1, artefact="x")
    other, elsewhere = said("ab", 1, 2, artefact="y"), said("ac", 2, 3, artefact="x")
    found = Endorsements.of([elsewhere, other, again, first])
    assert [found.of_pair(each) for each in (first, again, other, elsewhere)] == [0, 0, 1, 0]
    assert found.by_endorser(elsewhere) == (day(0), day(1))
    assert found.by_endorser(again) == ()


@pytest.mark.parametrize(
    ("before", "at", "counts"),
    [
        ([], 0, True),
        ([0, 1, 2], 3, True),
        ([0, 1, 2, 3], 29, False),
        ([0, 1, 2, 3], 30, True),  # the first is 30 days ago
        ([0, 1, 2, 3, 4, 5, 6], 31, True),  # what did not count uses up nothing
        ([10, 11, 12, 13], 5, False),  # told late, and within 30 days of four all the same
        ([50, 51, 52, 53], 5, True),
    ],
)
def test_an_endorser_counts_four_times_in_thirty_days(before: list[int], at: int, counts: bool) -> None:
    assert endorser_limit.within(PerEndorser(), [day(each) for each in before], day(at)) is counts
