"""From events on the log to decisions in the ledger, on a real log and a real database."""

from datetime import UTC, datetime, timedelta

import pytest

from praxis_events.contracts import contracts
from praxis_events.times import format_time
from praxis_events.topics import DEAD_LETTERS, DIRECTORY, EVIDENCE, PROGRAMME, REVIEWS
from praxis_incentives.decider.facts import TAKEN
from praxis_incentives.decider.projection import Decider
from praxis_incentives.identities import CREDENTIALS
from praxis_people.identifiers import SHARED
from tests.fixtures.golden import examples
from tests.services.incentives.deciding import SYSTEM, UNLINKED, Deciding

ANN = {"mbox": "mailto:ann@example.org"}
UPHELD = "praxis.review.case-upheld.v1"


def test_no_completion_reaches_the_decider() -> None:
    assert set(Decider.topics) == {DIRECTORY.name, PROGRAMME.name, EVIDENCE.name, REVIEWS.name}
    assert "learning.statements" not in Decider.topics


def test_no_group_attribute_reaches_the_decider() -> None:
    assert "people.attributes" not in Decider.topics


async def test_one_item_is_pending_and_a_second_by_another_grants(decider: Deciding) -> None:
    await decider.publish()
    first = await decider.apply_skill(1)
    assert await decider.decide() == ["pending"]
    second = await decider.apply_skill(2, "task-completed")
    assert await decider.decide() == ["granted"]
    pending, granted = await decider.bodies()
    assert pending["what_would_change_it"]
    assert granted["learner"] == "person:p-1"
    assert sorted(granted["evidence"]) == sorted([str(first.key), str(second.key)])
    assert granted["trigger"] == str(second.key)
    assert granted["grant"] == granted["decision"]
    assert granted["reward"] == {"type": "badge", "name": "Python in practice"}


async def test_the_same_event_twice_is_once(decider: Deciding) -> None:
    await decider.publish()
    event = await decider.apply_skill(1)
    await decider.append(event)
    assert await decider.decide() == ["pending"]
    await decider.append(event)
    assert await decider.decide() == []


async def test_evidence_before_its_policy_is_judged_when_that_comes_into_effect(decider: Deciding) -> None:
    await decider.apply_skill(1)
    await decider.apply_skill(2)
    assert await decider.decide() == []
    await decider.publish()
    assert await decider.decide() == ["granted"]


async def test_taken_in_one_batch_evidence_older_than_its_policy_is_judged_all_the_same(decider: Deciding) -> None:
    await decider.apply_skill(1)
    await decider.apply_skill(2)
    await decider.publish(effective_from=format_time(datetime.now(UTC) - timedelta(milliseconds=1)))
    assert await decider.decide() == ["pending", "granted"]


async def test_a_policy_is_not_judged_by_before_it_is_in_effect(decider: Deciding) -> None:
    await decider.publish(effective_from=format_time(datetime.now(UTC) + timedelta(hours=1)))
    await decider.apply_skill(1)
    assert await decider.decide() == []


async def test_a_scheduled_policy_starts_with_the_first_event_after_its_time(decider: Deciding) -> None:
    soon = datetime.now(UTC) + timedelta(milliseconds=300)
    await decider.publish(effective_from=format_time(soon))
    await decider.apply_skill(1)
    await decider.apply_skill(2)
    outcomes = await decider.decide()
    while not outcomes:
        await decider.send(SYSTEM, {"system": "jira", "kind": "work"})
        outcomes = await decider.decide()
    assert outcomes == ["granted"]


async def test_an_alias_linked_earlier_is_self_evidence(decider: Deciding) -> None:
    await decider.publish()
    await decider.link("p-1", "ann@example.org")
    await decider.apply_skill(1)
    await decider.apply_skill(2, attested_by=ANN)
    assert await decider.decide() == ["pending", "pending"]
    assert [each["reason"] for each in (await decider.bodies())[-1]["excluded"]] == ["self-attested"]


async def test_an_alias_linked_later_holds_and_unlinked_releases(decider: Deciding) -> None:
    await decider.publish()
    await decider.apply_skill(1)
    await decider.apply_skill(2, attested_by=ANN)
    assert await decider.decide() == ["pending", "granted"]
    await decider.link("p-1", "ann@example.org")
    assert await decider.decide() == ["held"]
    await decider.apply_skill(3)
    assert await decider.decide() == ["held"]
    await decider.link("p-1", "ann@example.org", UNLINKED)
    assert await decider.decide() == ["granted"]
    granted, first = (await decider.bodies())[-1], (await decider.bodies())[1]
    assert granted["grant"] == first["decision"]


async def test_a_link_rescinded_is_as_if_it_had_never_been(decider: Deciding) -> None:
    await decider.publish()
    await decider.apply_skill(1)
    await decider.apply_skill(2, attested_by=ANN)
    link = await decider.link("p-1", "ann@example.org")
    await decider.rescind(link, "people")
    assert (await decider.decide())[-1] == "granted"


@pytest.mark.parametrize("other", ["p-1", SHARED])
async def test_an_identifier_that_two_persons_claim_or_all_share_vouches_for_nobody(
    decider: Deciding, other: str
) -> None:
    await decider.publish()
    await decider.link("m-9", "ann@example.org")
    await decider.apply_skill(1)
    await decider.apply_skill(2, attested_by=ANN)
    assert (await decider.decide())[-1] == "granted"
    await decider.link(other, "ann@example.org")
    assert await decider.decide() == ["held"]


async def test_a_credential_that_is_the_learners_own_is_self_evidence(decider: Deciding) -> None:
    await decider.publish()
    account = {"account": {"homePage": CREDENTIALS, "name": "work"}}
    await decider.apply_skill(1, "task-completed", attested_by=None)
    await decider.send("praxis.people.identity-linked.v1", {"person_id": "p-1", "identifiers": [account]})
    assert (await decider.decide())[-1] == "refused"


async def test_a_link_moves_evidence_to_the_person(decider: Deciding) -> None:
    await decider.publish()
    await decider.apply_skill(1, learner=ANN)
    await decider.apply_skill(2)
    assert await decider.decide() == ["pending", "pending"]
    await decider.link("p-1", "ann@example.org")
    assert await decider.decide() == ["granted"]
    assert (await decider.bodies())[-1]["learner"] == "person:p-1"


async def test_unlinked_evidence_holds_what_rests_on_it_and_is_not_spent_twice(decider: Deciding) -> None:
    await decider.publish()
    await decider.link("p-1", "ann@example.org")
    await decider.apply_skill(1, learner=ANN)
    await decider.apply_skill(2, learner=ANN)
    assert await decider.decide() == ["pending", "granted"]
    await decider.link("p-1", "ann@example.org", UNLINKED)
    assert await decider.decide() == ["held"]
    assert [each["reason"] for each in (await decider.bodies())[-1]["excluded"]] == ["other-learner", "other-learner"]


async def test_two_grants_that_turn_out_to_be_one_persons_are_held_beyond_the_cap(decider: Deciding) -> None:
    await decider.publish()
    for number in (1, 2):
        await decider.apply_skill(number)
        await decider.apply_skill(number + 2, learner=ANN)
    assert sorted(await decider.decide()) == ["granted", "granted", "pending", "pending"]
    await decider.link("p-1", "ann@example.org")
    assert await decider.decide() == ["held"]


async def test_rescinded_evidence_revokes(decider: Deciding) -> None:
    await decider.publish()
    await decider.apply_skill(1)
    event = await decider.apply_skill(2)
    await decider.decide()
    await decider.rescind(event)
    assert await decider.decide() == ["revoked"]
    _, granted, revoked = await decider.bodies()
    assert (revoked["grant"], revoked["earlier"]) == (granted["decision"], [granted["decision"]])
    assert [each["reason"] for each in revoked["excluded"]] == ["withdrawn"]
    await decider.apply_skill(3)
    assert await decider.decide() == ["granted"]


async def test_evidence_rescinded_before_it_arrives_never_counts(decider: Deciding) -> None:
    await decider.publish()
    event = await decider.apply_skill(1)
    decider.sent.clear()
    await decider.rescind(event)
    await decider.apply_skill(2)
    assert await decider.decide() == ["pending", "refused", "pending"]


@pytest.mark.parametrize("where", ["artefact", "task"])
async def test_what_lies_in_a_learning_system_is_no_evidence(decider: Deciding, where: str) -> None:
    await decider.publish()
    await decider.send(SYSTEM, {"system": "Moodle", "kind": "learning"})
    await decider.apply_skill(1)
    await decider.apply_skill(2, "task-completed", **{where: {"system": "moodle ", "id": "quiz-1"}})
    assert await decider.decide() == ["pending", "pending"]


async def test_a_system_registered_as_learning_later_holds_until_that_is_put_right(decider: Deciding) -> None:
    await decider.publish()
    await decider.apply_skill(1)
    await decider.apply_skill(2)
    await decider.decide()
    registered = await decider.send(SYSTEM, {"system": "github", "kind": "learning"})
    assert await decider.decide() == ["held"]
    await decider.rescind(registered, "programme")
    assert await decider.decide() == ["granted"]


async def test_a_later_version_judges_new_cases_only(decider: Deciding) -> None:
    await decider.publish()
    await decider.apply_skill(1)
    await decider.apply_skill(2)
    await decider.apply_skill(3, learner=ANN)
    await decider.decide()
    await decider.publish(version=2, min_items=5, threshold=4)
    assert await decider.decide() == ["pending"]
    last = (await decider.bodies())[-1]
    assert (last["learner"], last["policy_version"]) == ("mbox:ann@example.org", 2)


async def test_a_version_withdrawn_gives_way_to_the_one_before(decider: Deciding) -> None:
    await decider.publish()
    second = await decider.publish(version=2, threshold=9)
    await decider.apply_skill(1)
    await decider.apply_skill(2)
    assert await decider.decide() == ["pending", "pending"]
    await decider.rescind(second, "programme")
    assert await decider.decide() == ["granted"]


async def test_a_version_number_is_used_once(decider: Deciding) -> None:
    await decider.publish()
    await decider.publish(threshold=9)
    await decider.apply_skill(1)
    await decider.apply_skill(2)
    assert await decider.decide() == ["pending", "granted"]


async def test_promotion_is_proposed(decider: Deciding) -> None:
    await decider.publish(reward="promotion-linked")
    await decider.apply_skill(1)
    await decider.apply_skill(2)
    assert await decider.decide() == ["pending", "proposed"]


async def test_many_learners_are_judged_when_a_policy_starts(
    decider: Deciding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("praxis_incentives.decider.projection.CHUNK", 2)
    for number in range(1, 8):
        await decider.apply_skill(number, learner={"person_id": f"p-{number}"})
    await decider.publish()
    assert await decider.decide() == ["pending"] * 7
    assert [body["ledger_index"] for body in await decider.bodies()] == list(range(7))


async def test_what_a_decider_cannot_take_stands_in_nobodys_way(decider: Deciding) -> None:
    await decider.publish()
    await decider.apply_skill(1, learner={"account": {"homePage": "https://x.example/" + "a" * 900, "name": "é" * 500}})
    assert await decider.decide() == ["pending"]


async def test_what_no_decision_depends_on_passes_by(decider: Deciding) -> None:
    released = [
        contract.type
        for contract in contracts()
        if contract.topic is DIRECTORY or (contract.topic in (EVIDENCE, PROGRAMME) and contract.model not in TAKEN)
    ]
    assert len(released) > 50
    for type_ in released:
        for example in examples(type_):
            await decider.send(type_, example)
    await decider.publish()
    await decider.apply_skill(1, learner={"person_id": "somebody-else"})
    await decider.apply_skill(2, learner={"person_id": "somebody-else"})
    assert await decider.decide() == ["pending", "granted"]
    assert set((await decider.log.end_positions([DEAD_LETTERS.name])).values()) == {0}


async def test_a_copy_leads_to_no_decision_whatever_has_changed_since(decider: Deciding) -> None:
    # p-9's case is not judged when the grant that rests on what is now their evidence is withdrawn, but with the next
    # fact about them; a copy of an old one is none.
    await decider.publish()
    link = await decider.link("p-1", "ann@example.org")
    first = await decider.apply_skill(1, learner=ANN)
    await decider.apply_skill(2, learner=ANN)
    assert await decider.decide() == ["pending", "granted"]
    await decider.link("p-1", "ann@example.org", UNLINKED)
    moved = await decider.link("p-9", "ann@example.org")
    assert await decider.decide() == ["held"]
    held = (await decider.bodies())[-1]["decision"]
    upheld = await decider.send(UPHELD, {"decision": held, "by": {"person_id": "hr"}, "reason": "another person's"})
    assert await decider.decide() == ["revoked"]
    for event in (first, link, moved, upheld):
        await decider.append(event)
    assert await decider.decide() == []
    await decider.apply_skill(3, learner=ANN)
    assert await decider.decide() == ["granted"]
    assert (await decider.bodies())[-1]["learner"] == "person:p-9"
