"""The simulated organisation through the public API: first its mark, then events in their order, then statements."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus

import httpx
import msgspec

from praxis_embedded.demo.saying import Told as Said
from praxis_embedded.demo.simulation import Simulation
from praxis_embedded.importing.events import BATCH, events_client, post_events
from praxis_embedded.importing.journal import FromTheStart
from praxis_embedded.importing.posting import ImportFailed
from praxis_embedded.importing.refused import RefusedRow
from praxis_embedded.importing.statements import Outcome, StatementImport, Told, statements_client

STATEMENTS_BATCH, CONNECTIONS = 200, 4


class AnotherThere(ImportFailed):
    """The installation has a simulated organisation already, and it is not this one."""


@dataclass(slots=True)
class Posted:
    """How many of each the server acknowledged, new to it or not; ``trouble`` says why nothing moves at the moment."""

    events: int = 0
    statements: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Doors:
    """Clients of an installation: with the headers that events go with, and statements."""

    events: httpx.AsyncClient
    statements: httpx.AsyncClient


@asynccontextmanager
async def doors(url: str, key: str, secret: str) -> AsyncIterator[Doors]:
    async with events_client(url, key, secret) as events, statements_client(url, key, secret, CONNECTIONS) as others:
        yield Doors(events, others)


async def post_simulation(simulation: Simulation, to: Doors, tell: Callable[[Posted], None]) -> Posted:
    """``tell`` is called whenever more is known. Raises ``ImportFailed``, and ``AnotherThere`` before anything is sent
    when the installation has another simulation."""
    posted = Posted()

    def trouble(why: str) -> None:
        posted.trouble = why
        tell(posted)

    for batch in _batches(simulation):
        refused = await post_events(to.events, [each.body for each in batch], trouble)
        if any(each["status"] == HTTPStatus.CONFLICT for each in refused.values()) and batch[0] is simulation.mark:
            raise AnotherThere("another simulated organisation is there already")
        if refused:
            raise ImportFailed(f"the server refused an event: {_first(refused)}")
        posted.events += len(batch)
        tell(posted)
    await _statements(simulation, to.statements, posted, tell)
    return posted


def _batches(simulation: Simulation) -> Iterator[Sequence[Said]]:
    yield [simulation.mark]
    for start in range(0, len(simulation.events), BATCH):
        yield simulation.events[start : start + BATCH]


def _first(refused: dict[int, dict[str, object]]) -> str:
    return msgspec.json.encode(next(iter(refused.values()))).decode()


async def _statements(
    simulation: Simulation, client: httpx.AsyncClient, posted: Posted, tell: Callable[[Posted], None]
) -> None:
    def read(_: int) -> Iterator[Told | RefusedRow]:
        for line, each in enumerate(simulation.statements, start=1):
            yield Told(line, each.id, msgspec.json.encode(each.body), line)

    def told(outcome: Outcome) -> None:
        posted.statements, posted.trouble = outcome.stored, outcome.trouble
        tell(posted)

    work = StatementImport(client, FromTheStart(), told, batch=STATEMENTS_BATCH, connections=CONNECTIONS)
    outcome = await work.run(read)
    if outcome.refused:
        raise ImportFailed(f"the server refused a statement: {outcome.refused[0].reason}")
