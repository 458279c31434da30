"""Whatever anybody completes, nothing is decided otherwise: no byte of any decision depends on a learning statement."""

from itertools import count
from random import Random
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_events.log import NewRecord, Record
from praxis_events.statement_records import statement_record
from praxis_events.topics import STATEMENTS
from praxis_incentives.decider.facts import read_fact
from praxis_incentives.decider.projection import Decider
from tests.services.incentives.decider.test_endorsing import endorse
from tests.services.incentives.decider.test_exactly_once import assert_derived_again
from tests.services.incentives.deciding import Deciding

VERBS = ["completed", "passed", "mastered", "failed", "scored", "voided"]
_numbers = count(1)


def completion(person: str, verb: str, course: str) -> NewRecord:
    id_ = UUID(int=next(_numbers))
    statement = {
        "id": str(id_),
        "actor": {"mbox": f"mailto:{person}@example.org"},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"id": f"https://lms.example/courses/{course}"},
        "result": {"completion": True, "success": True, "score": {"scaled": 1}},
    }
    return statement_record(id_, msgspec.json.encode(statement), "2026-03-01T00:00:00Z", "lms", id_assigned=False)


@given(st.sampled_from(["p-1", "p-2"]), st.sampled_from(VERBS), st.text("abc", min_size=1))
def test_no_statement_is_a_fact(person: str, verb: str, course: str) -> None:
    made = completion(person, verb, course)
    record = Record(made.topic, made.partition, 0, made.key, made.value, made.headers, 1_774_000_000_000)
    assert read_fact(record) is None
    assert STATEMENTS.name not in Decider.topics


@pytest.mark.parametrize("seed", range(2))
async def test_completions_in_any_order_change_no_byte(decider: Deciding, seed: int) -> None:
    """Mixed into a history by chance, while it is decided; then derived again by who knows none of them."""
    chance = Random(seed)
    await decider.publish()
    for number in range(1, 15):
        await decider.log.append([completion(f"p-{chance.randrange(3)}", chance.choice(VERBS), "a") for _ in range(5)])
        learner = f"p-{chance.randrange(3)}"
        if chance.random() < 0.5:
            await endorse(decider, f"p-{chance.randrange(3)}", learner, number)
        else:
            await decider.apply_skill(number, "project-result", learner={"person_id": learner})
        if chance.random() < 0.3:
            await decider.link(learner, f"{learner}@example.org")
            await decider.decide()
    await decider.decide()
    await decider.log.append([completion(f"p-{number % 3}", "completed", "b") for number in range(50)])
    assert await decider.decide() == []
    await assert_derived_again(decider)
