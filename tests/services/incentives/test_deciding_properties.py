"""What holds of every decision, whatever the evidence."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from praxis_events.contracts.evidence import KINDS
from praxis_events.contracts.recognition import KnownPosition
from praxis_incentives.cases import Grant
from praxis_incentives.criteria import threshold
from praxis_incentives.decision import decide
from praxis_incentives.evaluation import SUCCESS, Dossier, evaluate, new_grant, revised
from praxis_incentives.evidence import Evidence
from praxis_incentives.ledger import ledger_body, ledger_entry
from tests.services.incentives.build import LEARNER, NOW, case, item, policy

PEOPLE = st.sampled_from(["person:m-1", "person:c-1", "person:c-2", LEARNER, None])


@st.composite
def evidence(draw: st.DrawFn, most: int = 8) -> list[Evidence]:
    count = draw(st.integers(0, most))
    return [
        item(
            str(number),
            draw(st.sampled_from(KINDS)),
            draw(PEOPLE),
            on=draw(st.integers(0, 200)),
            artefact=draw(st.sampled_from("abc")),
            in_learning_system=draw(st.integers(0, 9)) == 0,
        )
        for number in range(count)
    ]


@given(evidence(), st.randoms())
def test_the_order_of_the_evidence_changes_no_byte(items: list[Evidence], random: Random) -> None:
    known = [KnownPosition(topic="work.evidence", partition=0, next_offset=9)]
    first = ledger_body(ledger_entry(decide(policy(), case(), items, NOW), known, "t"))
    random.shuffle(items)
    assert ledger_body(ledger_entry(decide(policy(), case(), items, NOW), known, "t")) == first


@given(evidence())
def test_a_grant_rests_on_independent_evidence_of_others(items: list[Evidence]) -> None:
    decision = decide(policy(), case(), items, NOW)
    counted = [each for each in items if each.id in decision.evidence]
    assert all(LEARNER not in (each.attester, each.submitter) for each in counted)
    assert not any(each.in_learning_system for each in counted)
    if decision.outcome == "granted":
        assert len({each.actor for each in counted}) >= 2
        assert len({each.artefact for each in counted}) >= 2
        assert any(not each.by_peer for each in counted)
        assert threshold.weight(policy().criteria, counted) >= Decimal("1.4")


@given(evidence())
def test_every_item_counts_or_is_named_with_a_reason(items: list[Evidence]) -> None:
    decision = decide(policy(), case(), items, NOW)
    assert sorted([*decision.evidence, *(each.evidence for each in decision.excluded)]) == sorted(i.id for i in items)


@given(evidence(), evidence(most=3))
def test_more_evidence_never_turns_a_grant_into_less(items: list[Evidence], more: list[Evidence]) -> None:
    added = [*items, *(replace(each, id=f"more-{each.id}") for each in more)]
    if decide(policy(), case(), items, NOW).outcome == "granted":
        assert decide(policy(), case(), added, NOW).outcome == "granted"


@given(evidence(), st.randoms())
def test_in_whatever_order_it_arrives_the_same_learners_end_with_a_grant(
    items: list[Evidence],
    random: Random,
) -> None:
    granted = bool(fold(items))
    random.shuffle(items)
    assert bool(fold(items)) is granted
    assert granted is (decide(policy(), case(), items, NOW).outcome == "granted")


@given(evidence(), st.data())
def test_withdrawn_before_or_after_it_is_decided_on_leaves_the_same(items: list[Evidence], data: st.DataObject) -> None:
    gone = {each.id for each in items if data.draw(st.booleans())}
    withdrawn = [replace(each, withdrawn=each.id in gone) for each in items]
    assert bool(fold(items, afterwards=withdrawn)) is bool(fold(withdrawn))


def fold(items: Sequence[Evidence], afterwards: Sequence[Evidence] | None = None) -> tuple[Grant, ...]:
    """The grants that stand after the items arrived one by one, and then were found to be ``afterwards``."""
    grants: tuple[Grant, ...] = ()
    arrived = [tuple(items[: count + 1]) for count in range(len(items))]
    for place, seen in enumerate([*arrived, tuple(afterwards)] if afterwards is not None else arrived):
        grants = after(grants, seen, place * 10)
    return grants


def after(grants: tuple[Grant, ...], seen: tuple[Evidence, ...], place: int) -> tuple[Grant, ...]:
    dossier = Dossier("p", LEARNER, policy(), {1: policy()}, grants, (), seen)
    standing = {grant.id: grant for grant in grants}
    for decision in evaluate(dossier, NOW, place):
        grant = decision.under_review
        if grant is not None:
            changed = revised(grant, decision)
            standing = {id_: each for id_, each in standing.items() if id_ != grant.id}
            standing |= {changed.id: changed} if changed else {}
        elif decision.outcome in SUCCESS:
            standing[decision.id] = new_grant(decision)
    return tuple(standing.values())
