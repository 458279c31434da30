"""Which decisions one evaluation leads to."""

from typing import Any

from praxis_incentives.cases import Grant
from praxis_incentives.evaluation import Dossier, evaluate
from praxis_incentives.evidence import Evidence
from praxis_incentives.policies import Policy
from tests.services.incentives.build import LEARNER, NOW, grant, item, policy

MANAGER, TASK = item("1"), item("2", "task-completed", "person:c-1")
GONE = item("2", "task-completed", "person:c-1", withdrawn=True)


def dossier(*evidence: Evidence, current: Policy | None = None, grants: tuple[Grant, ...] = (), **more: Any) -> Dossier:
    given: dict[str, Any] = {"versions": {1: policy()}, "elsewhere": ()} | more
    current = current or policy()
    return Dossier(current.id, LEARNER, current, grants=grants, evidence=evidence, **given)


def outcomes(asked: Dossier) -> list[tuple[str, int]]:
    return [(each.outcome, each.ledger_index) for each in evaluate(asked, NOW, place=4)]


def test_a_new_case_takes_the_next_place() -> None:
    assert outcomes(dossier(MANAGER)) == [("pending", 4)]


def test_a_standing_grant_with_nothing_new_leads_to_no_decision() -> None:
    assert outcomes(dossier(MANAGER, TASK, grants=(grant("g", "1", "2"),))) == []


def test_a_later_version_does_not_judge_what_an_earlier_one_granted() -> None:
    stricter = policy(2, min_items=9, threshold=8)
    assert outcomes(dossier(MANAGER, TASK, current=stricter, grants=(grant("g", "1", "2"),))) == []


def test_a_grant_is_judged_again_by_the_version_that_gave_it() -> None:
    laxer = policy(2, weights={"manager-verification": 1.0}, threshold=1.0)
    decisions = evaluate(dossier(MANAGER, GONE, current=laxer, grants=(grant("g", "1", "2"),)), NOW, 4)
    assert [(each.outcome, each.policy.version) for each in decisions] == [("revoked", 1)]


def test_a_revocation_speaks_for_what_is_left() -> None:
    assert outcomes(dossier(MANAGER, GONE, grants=(grant("g", "1", "2"),))) == [("revoked", 4)]


def test_what_is_left_after_a_revocation_may_do_under_the_version_in_effect() -> None:
    laxer = policy(2, threshold=1.1)
    left = (MANAGER, GONE, item("3", "peer-endorsement", "person:c-2"))
    decisions = evaluate(dossier(*left, current=laxer, grants=(grant("g", "1", "2"),)), NOW, 4)
    assert [(each.outcome, each.policy.version, each.ledger_index) for each in decisions] == [
        ("revoked", 1, 4),
        ("granted", 2, 5),
    ]
    assert decisions[1].earlier == ()


def test_more_evidence_after_a_grant_is_refused_by_the_cap() -> None:
    assert outcomes(dossier(MANAGER, TASK, item("3"), grants=(grant("g", "1", "2"),))) == [("refused", 4)]


def test_evidence_that_somebody_elses_grant_rests_on_is_not_spent_again() -> None:
    decisions = evaluate(dossier(MANAGER, TASK, item("3"), elsewhere=(grant("g", "1", "2"),)), NOW, 0)
    assert [each.outcome for each in decisions] == ["pending"]
    assert decisions[0].evidence == ("3",)
    assert decisions[0].earlier == ("g",)


def test_without_a_version_in_effect_only_grants_are_judged() -> None:
    none = Dossier("python-in-practice", LEARNER, None, {1: policy()}, (grant("g", "1", "2"),), (), (MANAGER, GONE))
    assert [each.outcome for each in evaluate(none, NOW, 0)] == ["revoked"]
