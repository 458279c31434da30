"""A ledger that is as the log leads to is found sound; one byte changed anywhere in a row is found."""

from uuid import UUID

import pytest
from sqlalchemy import text

from praxis_incentives.verifying.ledger_check import Verification, verify
from tests.services.incentives.decider.test_endorsing import endorse, hire, ring
from tests.services.incentives.decider.test_exactly_once import assert_derived_again, busy
from tests.services.incentives.decider.test_folding import relay_all
from tests.services.incentives.decider.test_reviewing import REVIEWER, casework
from tests.services.incentives.deciding import Deciding

FOUND = 2
"""The ledger index of the row that is tampered with."""


async def found(decider: Deciding) -> Verification:
    return await verify(decider.log, decider.database.url, lambda _done, _all: None)


async def test_rings_managers_and_what_people_did_are_derived_again(decider: Deciding) -> None:
    decider.batch = 3
    await decider.publish()
    await hire(decider, "a", "m-1")
    await ring(decider, "a", "b", "c")
    await decider.decide()
    case = UUID((await decider.bodies())[-1]["decision"])
    await casework(decider).act(case, "upheld", REVIEWER, "Arranged.", "key")
    await endorse(decider, "e", "b", day=9)
    await hire(decider, "b", "e")
    await decider.decide()
    await assert_derived_again(decider)


@pytest.mark.parametrize(
    ("tampering", "told"),
    [
        ("UPDATE ledger SET body = set_byte(body, 40, get_byte(body, 40) # 1)", "the log say different things"),
        ("UPDATE ledger SET leaf = set_byte(leaf, 0, get_byte(leaf, 0) # 1)", "its leaf is not the hash"),
        ("DELETE FROM outbox WHERE ledger_index = 2; DELETE FROM ledger", "the ledger lacks it"),
    ],
)
async def test_one_byte_is_found(decider: Deciding, tampering: str, told: str) -> None:
    await busy(decider, people=2)
    await decider.decide()
    await relay_all(decider)
    async with decider.database.engine.begin() as connection:
        for statement in f"{tampering} WHERE ledger_index = {FOUND}".split("; "):
            await connection.execute(text(statement))
    faults = (await found(decider)).faults
    assert {each.ledger_index for each in faults} == {FOUND}
    assert any(told in each.what for each in faults)


async def test_what_is_not_on_the_log_yet_is_told(decider: Deciding) -> None:
    await busy(decider, people=1)
    await decider.decide()
    assert (await found(decider)).waiting == await decider.ledger_size()
