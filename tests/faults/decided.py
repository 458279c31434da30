"""The ledger, against the log: on it byte for byte, made once, and what anybody finds who judges the log again."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from praxis_events.contracts.recognition import DecisionData
from praxis_events.log import EventLog
from praxis_incentives.decider.folding import Folding
from praxis_incentives.verifying.ledger_check import verify
from praxis_service.database import open_service
from praxis_service.migrations import migrate
from tests.faults.found import Found
from tests.faults.world import World
from tests.fixtures.installation import running
from tests.services.incentives.deciding import Deciding

_GRANTS = "SELECT * FROM grants ORDER BY decision"
_CASES = "SELECT * FROM cases ORDER BY policy, learner"


async def assert_decided_once(world: World, log: EventLog, found: Found) -> None:
    async with _decider(world, log, "praxis") as live:
        written = await live.raw_bodies()
        _assert_made_once([DecisionData.model_validate_json(body) for body in written])
        await _assert_on_the_log(live, written, found)
        grants, cases = await live.query(_GRANTS), await live.query(_CASES)
    await _assert_derived_again(world, log, written)
    await _assert_folded_again(world, log, written, grants, cases)


@asynccontextmanager
async def _decider(world: World, log: EventLog, database: str) -> AsyncIterator[Deciding]:
    await world.postgres.ensure_database(database)
    url = world.postgres.url(database)
    await migrate(url, "incentives", "praxis_incentives")
    service = await open_service(url, "incentives")
    try:
        yield Deciding(log, service)
    finally:
        await service.close()


def _assert_made_once(decisions: Sequence[DecisionData]) -> None:
    """Places are dense, and no event made anybody's case, or a grant that they had, be judged twice."""
    assert [each.ledger_index for each in decisions] == list(range(len(decisions)))
    assert len({each.decision for each in decisions}) == len(decisions) > 0
    judged: dict[tuple[str | None, ...], list[DecisionData]] = {}
    for each in decisions:
        grant = each.grant if each.grant != each.decision else None
        judged.setdefault((each.learner, each.policy, each.trigger, grant), []).append(each)
    assert [some for some in judged.values() if len(some) > 1] == []


async def _assert_on_the_log(live: Deciding, written: Sequence[bytes], found: Found) -> None:
    """Each row, in order; a copy that a lost acknowledgement led to is the same. The outbox knows where."""
    bodies: dict[str, bytes] = {}
    for each in found.decisions:
        assert bodies.setdefault(each.event.id, each.event.data) == each.event.data
    assert list(bodies.values()) == written
    assert list(bodies) == [msgspec.json.decode(body)["decision"] for body in written]
    at = {each.record.offset: each.event.data for each in found.decisions}
    outbox = await live.query("SELECT log_offset FROM outbox ORDER BY ledger_index")
    assert [at[row.log_offset] for row in outbox] == written


async def _assert_derived_again(world: World, log: EventLog, written: Sequence[bytes]) -> None:
    """From the positions that each decision names, in a decider that knows nothing else."""
    found = await verify(log, world.postgres.url("praxis"), lambda _done, _all: None)
    assert (found.faults, found.waiting, found.compared) == ([], 0, len(written))


async def _assert_folded_again(
    world: World, log: EventLog, written: Sequence[bytes], grants: Sequence[Any], cases: Sequence[Any]
) -> None:
    """A decider that takes over the log's decisions and goes on to its end has nothing to add."""
    async with _decider(world, log, "folded") as fresh:
        await Folding(log, fresh.database.sessions, "folded").to_end()
        async with running([fresh.runner()]):
            await fresh.until_caught_up()
        assert await fresh.raw_bodies() == written
        assert await fresh.query(_GRANTS) == grants
        assert await fresh.query(_CASES) == cases
