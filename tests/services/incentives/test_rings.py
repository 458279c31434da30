"""What a ring of endorsements, a busy endorser and a manager of another time mean for a decision. Pure."""

from dataclasses import replace

import pytest

from praxis_incentives.cases import Act, Grant, Review
from praxis_incentives.decision import Decision, decide
from praxis_incentives.evaluation import Dossier, evaluate, new_grant, revised
from praxis_incentives.evidence import Endorsed, Evidence
from tests.services.incentives.build import LEARNER, NOW, case, day, finding, grant, item, policy, reasons

MANAGER = item("1")
RING = Endorsed(in_ring=True)
PEERS = [item(each, "peer-endorsement", f"person:c-{each}", endorsed=RING) for each in ("2", "3")]
CASE = (MANAGER, *PEERS)


def judged(evidence: tuple[Evidence, ...], *grants: Grant, reward: str = "badge") -> list[Decision]:
    asked = policy(reward=reward)
    return evaluate(Dossier("p", LEARNER, asked, {1: asked}, grants, (), evidence), NOW, 9)


def reviewed(act: Act, held: Grant) -> Grant:
    return replace(held, reviews=(Review(act, "person:reviewer"),))


def test_what_only_a_ring_would_complete_is_held_and_not_refused() -> None:
    decision = decide(policy(), case(), CASE, NOW)
    assert (decision.outcome, decision.evidence, decision.ring) == ("held", ("1", "2", "3"), ("2", "3"))
    assert finding(decision, "threshold").actual == 1.0
    assert not finding(decision, "endorsement_ring").met
    assert decision.what_would_change_it == ("A person releases or upholds this case and says why.",)


def test_what_would_not_be_granted_anyway_is_pending_and_names_them() -> None:
    decision = decide(policy(), case(), PEERS, NOW)
    assert (decision.outcome, decision.ring) == ("pending", ())
    assert reasons(decision) == {"2": "endorsement-ring", "3": "endorsement-ring"}
    decision = decide(policy(min_items=4), case(), CASE, NOW)
    assert (decision.outcome, decision.evidence) == ("pending", ("1",))


@pytest.mark.parametrize(
    ("act", "reward", "outcomes"),
    [
        ("released", "badge", ["granted"]),
        ("released", "promotion-linked", ["proposed"]),
        ("upheld", "badge", ["refused"]),
    ],
)
def test_a_person_releases_or_upholds(act: Act, reward: str, outcomes: list[str]) -> None:
    held = new_grant(judged(CASE, reward=reward)[0])
    assert (held.state, held.given) == ("held", False)
    assert [each.outcome for each in judged(CASE, reviewed(act, held), reward=reward)] == outcomes


def test_what_was_released_stands_on_the_ring() -> None:
    held = new_grant(judged(CASE)[0])
    [decision] = judged(CASE, reviewed("released", held))
    released = revised(held, decision)
    assert released is not None
    assert (decision.ring, released.evidence, released.given) == (("2", "3"), frozenset({"1", "2", "3"}), True)
    assert judged(CASE, released) == []


def test_what_was_upheld_is_not_held_again_and_the_rest_is_free() -> None:
    held = new_grant(judged(CASE)[0])
    [decision] = judged(CASE, reviewed("upheld", held))
    upheld = revised(held, decision)
    assert upheld is not None
    assert (upheld.state, upheld.evidence) == ("declined", frozenset({"2", "3"}))
    [pending] = judged(CASE, upheld)
    assert (pending.outcome, pending.evidence, reasons(pending)) == (
        "pending",
        ("1",),
        {"2": "declined", "3": "declined"},
    )
    [granted] = judged((*CASE, item("4", "project-result", "person:d-1")), upheld)
    assert (granted.outcome, granted.evidence) == ("granted", ("1", "4"))


def test_a_ring_that_closes_later_holds_what_was_granted_on_it() -> None:
    given = grant("g", "1", "2", "3")
    [decision] = judged(CASE, given)
    held = revised(given, decision)
    assert held is not None
    assert (decision.outcome, decision.ring, held.given) == ("held", ("2", "3"), True)
    assert [each.outcome for each in judged(CASE, reviewed("upheld", held))] == ["revoked"]
    apart = tuple(replace(each, endorsed=Endorsed()) for each in CASE)
    assert [each.outcome for each in judged(apart, held)] == ["granted"]


def test_a_grant_that_does_not_rest_on_the_ring_stands() -> None:
    given = grant("g", "1", "4")
    assert [each.outcome for each in judged((*CASE, item("4", "project-result", "person:d-1")), given)] == ["refused"]


def test_what_comes_while_a_case_waits_joins_it() -> None:
    held = new_grant(judged(CASE)[0])
    more = (*CASE, item("4", "project-result", "person:d-1"))
    assert [each.outcome for each in judged(more, held)] == ["held"]


def test_more_evidence_from_outside_leaves_a_ring_without_weight_to_a_person() -> None:
    later = (*PEERS, item("4", on=200), item("5", "project-result", "person:d-1", on=201))
    decision = decide(policy(), case(), later, NOW)
    assert (decision.outcome, decision.evidence) == ("granted", ("4", "5"))


def test_withdrawn_evidence_revokes_though_there_is_a_ring() -> None:
    evidence = (replace(MANAGER, withdrawn=True), *PEERS)
    assert [each.outcome for each in judged(evidence, grant("g", "1", "2", "3"))] == ["revoked"]


def test_repeated_pairs_weigh_half_as_much_each_time_and_one_team_weighs_less() -> None:
    def weight(*endorsed: Endorsed) -> float:
        peers = [
            item(str(number), "peer-endorsement", f"person:c-{number}", endorsed=each)
            for number, each in enumerate(endorsed, 2)
        ]
        return float(finding(decide(policy(), case(), [MANAGER, *peers], NOW), "threshold").actual)

    assert weight(Endorsed(), Endorsed(of_pair=1)) == 1.45
    assert weight(Endorsed(of_pair=2)) == 1.075
    assert weight(Endorsed(same_team=True), Endorsed(same_team=True, of_pair=1)) == 1.3
    assert weight(Endorsed(), Endorsed(), Endorsed()) == 1.5


def test_an_endorser_who_said_it_of_many_does_not_count() -> None:
    busy = Endorsed(by_endorser=(day(50), day(51), day(52), day(53)))
    decision = decide(policy(), case(), [MANAGER, item("2", "peer-endorsement", "person:c-1", endorsed=busy)], NOW)
    assert reasons(decision) == {"2": "endorser-limit"}


def test_only_the_manager_of_that_time_verifies() -> None:
    other = item("1", not_their_manager=True)
    assert reasons(decide(policy(), case(), [other], NOW)) == {"1": "not-their-manager"}
    client = item("2", "project-result", "person:c-1")
    assert [each.outcome for each in judged((other, client), grant("g", "1", "2"))] == ["held"]
