"""Changes to ``POST /events``, one batch after the other: of one person the events keep their order."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx
import msgspec

from praxis_embedded.importing.people.differences import Change, column_of
from praxis_embedded.importing.posting import ImportFailed, detail, post, problem
from praxis_embedded.importing.refused import RefusedRow
from praxis_events.contracts.base import canonical

BATCH = 500

_BATCHED = "application/cloudevents-batch+json"
_ANSWERED = (HTTPStatus.OK, HTTPStatus.MULTI_STATUS)


@dataclass(slots=True)
class Sent:
    """``changes`` are on the log; ``trouble`` says why nothing moves at the moment."""

    changes: list[Change] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    trouble: str = ""


@asynccontextmanager
async def events_client(url: str, key: str, secret: str) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Content-Type": _BATCHED}
    async with httpx.AsyncClient(base_url=url, auth=(key, secret), headers=headers, timeout=60, trust_env=False) as it:
        yield it


async def send(
    client: httpx.AsyncClient, source: str, changes: Sequence[Change], tell: Callable[[Sent], None], batch: int = BATCH
) -> Sent:
    """``tell`` is called whenever more is known. Raises ``ImportFailed``."""
    sent = Sent()

    def trouble(why: str) -> None:
        sent.trouble = why
        tell(sent)

    async def take(part: Sequence[Change]) -> None:
        body = msgspec.json.encode([_event(source, each) for each in part])
        answer = await post(client, "/events", body, trouble)
        refusals = problem(answer).get("refused")
        if answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and refusals is None and len(part) > 1:
            await take(part[: len(part) // 2])
            await take(part[len(part) // 2 :])
        elif answer.status_code not in _ANSWERED and not refusals:
            raise ImportFailed(f"the server answers {answer.status_code}: {detail(answer)}")
        else:
            faults = {each["index"]: _refused(part[each["index"]], each) for each in refusals or ()}
            sent.refused += faults.values()
            sent.changes += (each for index, each in enumerate(part) if index not in faults)
            tell(sent)

    for start in range(0, len(changes), batch):
        await take(changes[start : start + batch])
    return sent


def _event(source: str, change: Change) -> dict[str, Any]:
    attributes = {"specversion": "1.0", "id": change.id, "source": source, "type": change.type}
    return attributes | {"data": canonical(change.data)}


def _refused(change: Change, answered: dict[str, Any]) -> RefusedRow:
    """What the door said of an event, said of its row."""
    first = answered["errors"][0]
    _, _, path = str(first.get("pointer", "")).partition("/data/")
    column = column_of(change.columns, path.split("/")) if path else ""
    return RefusedRow(change.line, column, f"{change.type} was refused: {first['detail']}")
