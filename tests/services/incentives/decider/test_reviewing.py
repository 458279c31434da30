"""Acts of people through the log: each is decided on once, and a rebuilt ledger has them too."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from praxis_events.clock import system_clock
from praxis_events.contracts.base import PersonRef
from praxis_incentives.casework.acting import Casework
from praxis_service.problem import Conflict, NotFound
from tests.services.incentives.deciding import Deciding

ALIAS = {"mbox": "mailto:ann@example.org"}
REVIEWER = PersonRef(person_id="reviewer")


def casework(decider: Deciding) -> Casework:
    return Casework(decider.database.sessions, decider.log, system_clock)


async def held(decider: Deciding, **policy: Any) -> UUID:
    """A grant whose second voucher turns out to be the learner."""
    await decider.publish(**policy)
    await decider.apply_skill(1)
    await decider.apply_skill(2, "project-result", attested_by=ALIAS)
    await decider.decide()
    await decider.link("p-1", "ann@example.org")
    assert await decider.decide() == ["held"]
    return UUID((await decider.bodies())[-1]["decision"])


async def test_a_released_case_is_granted_once(decider: Deciding) -> None:
    case = await held(decider)
    first = await casework(decider).act(case, "released", REVIEWER, "I asked both.", "key")
    again = await casework(decider).act(case, "released", REVIEWER, "I asked both.", "key")
    assert first.key == again.key
    assert await decider.decide() == ["granted"]
    last = (await decider.bodies())[-1]
    assert last["trigger"] == str(first.key)
    assert {"topic": "recognition.reviews", "partition": 0, "next_offset": 1} in last["known"]
    assert "reviewer" not in (await decider.raw_bodies())[-1].decode()
    assert await casework(decider).waiting("held", None, 10) == []


async def test_an_upheld_case_is_revoked(decider: Deciding) -> None:
    case = await held(decider)
    await casework(decider).act(case, "upheld", REVIEWER, "It was her own alias.", "key")
    assert await decider.decide() == ["revoked"]


async def test_a_proposal_is_given_only_when_somebody_approves(decider: Deciding) -> None:
    await decider.publish(reward="promotion-linked")
    await decider.apply_skill(1)
    await decider.apply_skill(2, "project-result")
    assert (await decider.decide())[-1] == "proposed"
    [case] = await casework(decider).waiting("proposed", None, 10)
    with pytest.raises(Conflict, match="of their own"):
        await casework(decider).act(case, "approved", PersonRef(person_id="p-1"), "I want it.", "key")
    await casework(decider).act(case, "approved", REVIEWER, "Seen.", "key")
    assert await decider.decide() == ["granted"]
    with pytest.raises(Conflict, match="newer decision"):
        await casework(decider).act(case, "declined", REVIEWER, "On second thoughts.", "key")
    with pytest.raises(NotFound):
        await casework(decider).act(uuid4(), "approved", REVIEWER, "Seen.", "key")


async def test_a_reviewer_who_turns_out_to_be_the_learner_before_it_is_judged_changes_nothing(
    decider: Deciding,
) -> None:
    case = await held(decider)
    other = PersonRef.model_validate({"mbox": "mailto:other@example.org"})
    await casework(decider).act(case, "released", other, "Fine.", "key")
    await decider.link("p-1", "other@example.org")
    assert "granted" not in await decider.decide()
    assert (await decider.bodies())[-1]["outcome"] == "held"
