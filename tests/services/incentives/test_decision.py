"""What is decided in the cases that people ask about."""

from typing import Any

import pytest

from praxis_events.contracts.evidence import Kind
from praxis_incentives.decision import MOST_EXCLUDED, decide, still_stands
from praxis_incentives.evidence import VOUCHED, Evidence
from tests.services.incentives.build import LEARNER, NOW, case, finding, grant, item, policy, reasons

MANAGER = item("1")
TASK = item("2", "task-completed", "person:c-1", on=65)


def test_one_item_is_pending_and_says_what_is_missing() -> None:
    decision = decide(policy(), case(), [MANAGER], NOW)
    assert decision.outcome == "pending"
    assert decision.evidence == ("1",)
    unmet = {each.criterion for each in decision.findings if not each.met}
    assert unmet == {"threshold", "min_items", "min_actors", "min_artefacts"}
    assert decision.what_would_change_it == (
        "Evidence worth 0.4 more, not from peers alone.",
        "1 more item of evidence.",
        "Evidence vouched for by 1 other person.",
        "Evidence about 1 other piece of work.",
    )


def test_a_second_item_by_somebody_else_about_other_work_grants() -> None:
    decision = decide(policy(), case(), [MANAGER, TASK], NOW)
    assert decision.outcome == "granted"
    assert decision.evidence == ("1", "2")
    assert all(each.met for each in decision.findings)
    assert decision.what_would_change_it == ()


@pytest.mark.parametrize("count", [2, 3, 30])
def test_peers_alone_never_suffice(count: int) -> None:
    peers = [item(str(number), "peer-endorsement", f"person:c-{number}") for number in range(count)]
    decision = decide(policy(), case(), peers, NOW)
    assert decision.outcome == "pending"
    assert not finding(decision, "threshold").met
    assert not finding(decision, "min_non_peer").met


def test_the_same_artefact_twice_is_one_piece_of_work() -> None:
    decision = decide(policy(), case(), [item("1", artefact="x"), item("2", attester="person:m-2", artefact="x")], NOW)
    assert decision.outcome == "pending"
    assert not finding(decision, "min_artefacts").met


def test_the_same_actor_twice_is_one_who_vouches() -> None:
    decision = decide(policy(), case(), [MANAGER, item("2", on=65)], NOW)
    assert decision.outcome == "pending"
    assert not finding(decision, "min_actors").met


def test_a_word_repeated_on_the_same_work_weighs_once() -> None:
    repeated = [item("1", artefact="x"), item("2", artefact="x"), item("3", "peer-endorsement", "person:c-1")]
    decision = decide(policy(), case(), repeated, NOW)
    assert decision.outcome == "pending"
    assert finding(decision, "threshold").actual == 1.3
    assert reasons(decision) == {"2": "repeated"}


@pytest.mark.parametrize("who", ["attester", "submitter"])
def test_the_learners_own_evidence_does_not_count(who: str) -> None:
    own = item("2", "task-completed", on=65, **{"attester": "person:c-1", who: LEARNER})
    decision = decide(policy(), case(), [MANAGER, own], NOW)
    assert decision.outcome == "pending"
    assert reasons(decision) == {"2": "self-attested"}


def test_only_own_evidence_is_refused_and_says_what_would_change_it() -> None:
    decision = decide(policy(), case(), [item("1", attester=LEARNER), item("2", attester=LEARNER)], NOW)
    assert decision.outcome == "refused"
    assert decision.evidence == ()
    assert "Evidence that somebody else vouches for." in decision.what_would_change_it


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"withdrawn": True}, "withdrawn"),
        ({"skill": "cobol"}, "other-skill"),
        ({"learner": "person:p-2"}, "other-learner"),
        ({"in_learning_system": True}, "learning-system"),
        ({"disputed": True}, "disputed-identity"),
        ({"attester": None}, "no-attester"),
        ({"kind": "task-completed", "attester": None, "submitter": None}, "no-attester"),
        ({"kind": "project-result"}, "other-kind"),
    ],
)
def test_what_does_not_count(changes: dict[str, Any], reason: str) -> None:
    asked = policy(weights={"project-result": 0})
    decision = decide(asked, case(), [MANAGER, item("2", **({"attester": "person:c-1"} | changes))], NOW)
    assert decision.outcome == "pending"
    assert reasons(decision) == {"2": reason}


@pytest.mark.parametrize("kind", sorted(VOUCHED))
def test_somebodys_word_needs_somebody(kind: Kind) -> None:
    assert reasons(decide(policy(), case(), [item("1", kind, attester=None)], NOW)) == {"1": "no-attester"}


def test_items_stand_together_only_within_the_window() -> None:
    apart = [item("1", on=0), item("2", attester="person:m-2", on=91)]
    decision = decide(policy(), case(), apart, NOW)
    assert decision.outcome == "pending"
    assert decision.evidence == ("2",)
    assert reasons(decision) == {"1": "outside-window"}
    assert decide(policy(window_days=91), case(), apart, NOW).outcome == "granted"


def test_any_window_will_do_and_the_earliest_is_taken() -> None:
    scattered = [
        item("1", on=0),
        item("2", attester="person:m-2", on=80),
        item("3", attester="person:m-3", on=100),
        item("4", attester="person:m-4", on=400),
    ]
    assert decide(policy(), case(), scattered, NOW).evidence == ("1", "2")


def test_the_cap_of_a_person_refuses_until_a_day() -> None:
    capped = case(grants=(grant("g", "a", "b"),), in_use=frozenset({"a", "b"}))
    decision = decide(policy(), capped, [MANAGER, TASK], NOW)
    assert decision.outcome == "refused"
    assert decision.what_would_change_it == ("From 2027-03-12 on, new evidence can lead to another one.",)
    assert decide(policy(per_person={"times": 2}), capped, [MANAGER, TASK], NOW).outcome == "granted"


def test_evidence_is_spent_once() -> None:
    decision = decide(policy(per_person={"times": 2}), case(in_use=frozenset({"1"})), [MANAGER, TASK], NOW)
    assert decision.outcome == "pending"
    assert reasons(decision) == {"1": "already-counted"}


def test_promotion_is_only_proposed() -> None:
    decision = decide(policy(reward="promotion-linked"), case(), [MANAGER, TASK], NOW)
    assert decision.outcome == "proposed"
    assert "approves or declines" in decision.what_would_change_it[0]


GRANT = grant("g", "1", "2")
REVIEW = case(grants=(GRANT,), under_review=GRANT, place=5)


def test_a_grant_whose_ground_is_whole_needs_no_decision() -> None:
    assert still_stands(policy(), REVIEW, [MANAGER, TASK, item("3", attester=LEARNER)])


def test_withdrawn_evidence_revokes_with_an_explanation() -> None:
    withdrawn = item("2", "task-completed", "person:c-1", withdrawn=True)
    assert not still_stands(policy(), REVIEW, [MANAGER, withdrawn])
    decision = decide(policy(), REVIEW, [MANAGER, withdrawn], NOW)
    assert decision.outcome == "revoked"
    assert reasons(decision) == {"2": "withdrawn"}
    assert decision.what_would_change_it


def test_a_grant_stands_on_other_evidence_when_there_is_enough() -> None:
    decision = decide(policy(), REVIEW, [item("1", withdrawn=True), item("3"), TASK], NOW)
    assert (decision.outcome, decision.evidence, decision.under_review) == ("granted", ("3", "2"), GRANT)


@pytest.mark.parametrize(
    "lost",
    [
        item("2", "task-completed", LEARNER),
        item("2", "task-completed", "person:c-1", learner="mbox:old@example.org"),
        item("2", "task-completed", "person:c-1", disputed=True),
        item("2", "task-completed", "person:c-1", in_learning_system=True),
    ],
    ids=["alias linked", "identifier unlinked", "identity disputed", "system registered"],
)
def test_what_comes_to_light_later_holds_for_a_person(lost: Evidence) -> None:
    decision = decide(policy(), REVIEW, [MANAGER, lost], NOW)
    assert decision.outcome == "held"
    assert decision.what_would_change_it == ("A person releases or upholds this case and says why.",)


def test_more_evidence_does_not_release_what_is_held() -> None:
    held = grant("g", "1", "2", state="held")
    review = case(grants=(held,), under_review=held)
    enough = [MANAGER, item("2", "task-completed", LEARNER), item("3", "project-result", "person:c-2")]
    assert decide(policy(), review, enough, NOW).outcome == "held"


def test_a_link_undone_releases_what_it_held() -> None:
    held = grant("g", "1", "2", state="held")
    review = case(grants=(held,), under_review=held)
    assert not still_stands(policy(), review, [MANAGER, TASK])
    assert decide(policy(), review, [MANAGER, TASK], NOW).outcome == "granted"


def test_two_grants_that_turn_out_to_be_one_persons_are_held_beyond_the_cap() -> None:
    second = grant("h", "1", "2", ledger_index=7)
    review = case(grants=(grant("g", "a", "b"), second), under_review=second)
    assert not still_stands(policy(), review, [MANAGER, TASK])
    assert decide(policy(), review, [MANAGER, TASK], NOW).outcome == "held"


def test_a_long_history_does_not_swell_the_decision() -> None:
    history = [item(f"{number:04}", attester=LEARNER, on=number) for number in range(MOST_EXCLUDED + 50)]
    decision = decide(policy(), case(), history, NOW)
    assert [each.evidence for each in decision.excluded] == [each.id for each in history[50:]]
