"""What a person does about a case: pure, and what it leaves behind."""

from dataclasses import replace

import pytest

from praxis_incentives.cases import Act, Grant, Review, State
from praxis_incentives.decision import decide, still_stands
from praxis_incentives.evaluation import Dossier, evaluate, revised
from praxis_incentives.evidence import Evidence
from praxis_incentives.reviews import refusal
from tests.services.incentives.build import LEARNER, NOW, case, finding, grant, item, policy

MANAGER, CLIENT = item("1"), item("2", "project-result", "person:c-1")
BOTH = (MANAGER, replace(CLIENT, disputed=True))


def reviewed(state: State, *acts: Review) -> Grant:
    return grant("g", "1", "2", state=state, reviews=acts)


def outcomes(found: Grant, evidence: tuple[Evidence, ...] = BOTH, reward: str = "badge") -> list[str]:
    judged = policy(reward=reward)
    dossier = Dossier("p", LEARNER, judged, {1: judged}, (found,), (), evidence)
    return [each.outcome for each in evaluate(dossier, NOW, 9)]


@pytest.mark.parametrize(
    ("state", "act", "reward", "outcome"),
    [
        ("held", "released", "badge", "granted"),
        ("held", "released", "promotion-linked", "proposed"),
        ("held", "upheld", "badge", "revoked"),
        ("proposed", "approved", "promotion-linked", "granted"),
        ("proposed", "declined", "promotion-linked", "refused"),
    ],
)
def test_a_person_decides(state: State, act: Act, reward: str, outcome: str) -> None:
    found = reviewed(state, Review(act, "person:reviewer"))
    decision = decide(policy(reward=reward), case(grants=(found,), under_review=found), BOTH, NOW)
    assert decision.outcome == outcome
    assert finding(decision, "review").met is (act in ("released", "approved"))


@pytest.mark.parametrize(
    ("state", "review", "told"),
    [
        ("held", Review("approved", "person:reviewer"), "cannot be approved"),
        ("proposed", Review("released", "person:reviewer"), "cannot be released"),
        ("granted", Review("upheld", "person:reviewer"), "cannot be upheld"),
        ("held", Review("released", LEARNER), "of their own"),
        ("proposed", Review("approved", LEARNER), "of their own"),
    ],
)
def test_what_cannot_count_changes_nothing(state: State, review: Review, told: str) -> None:
    found = reviewed(state, review)
    reason = refusal(found, review, LEARNER, BOTH)
    assert reason is not None
    assert told in reason
    assert outcomes(found) == outcomes(reviewed(state))


def test_the_only_one_who_vouched_does_not_decide() -> None:
    alone = (item("1"), item("2", "project-result"))
    act = Review("released", "person:m-1")
    assert refusal(reviewed("held", act), act, LEARNER, alone) is not None
    assert refusal(reviewed("held", act), act, LEARNER, BOTH) is None


def test_the_first_act_that_counts_decides() -> None:
    acts = [Review("released", LEARNER), Review("upheld", "person:a"), Review("released", "person:b")]
    assert outcomes(reviewed("held", *acts))[0] == "revoked"


def test_what_was_released_stands_on_what_counts() -> None:
    found = reviewed("held", Review("released", "person:reviewer"))
    decision = decide(policy(), case(grants=(found,), under_review=found), BOTH, NOW)
    after = revised(found, decision)
    assert after is not None
    assert (after.state, after.reviews, after.evidence) == ("granted", (), frozenset({"1"}))
    assert still_stands(policy(), case(grants=(after,), under_review=after), BOTH)


def test_what_was_declined_is_not_proposed_again_on_the_same_evidence() -> None:
    found = reviewed("proposed", Review("declined", "person:reviewer"))
    evidence = (MANAGER, CLIENT)
    assert outcomes(found, evidence, "promotion-linked") == ["refused"]
    declined = grant("g", "1", "2", state="declined", latest="d")
    assert outcomes(declined, evidence, "promotion-linked") == []
    more = (*evidence, item("3", attester="person:m-2"), item("4", "project-result", "person:c-2"))
    assert outcomes(declined, more, "promotion-linked") == ["proposed"]
