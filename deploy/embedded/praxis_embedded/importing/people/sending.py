"""Changes to ``POST /events``, one batch after the other: of one person the events keep their order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from praxis_embedded.importing.events import BATCH, post_events
from praxis_embedded.importing.people.differences import Change, column_of
from praxis_embedded.importing.refused import RefusedRow
from praxis_events.contracts.base import canonical


@dataclass(slots=True)
class Sent:
    """``changes`` are on the log; ``trouble`` says why nothing moves at the moment."""

    changes: list[Change] = field(default_factory=list)
    refused: list[RefusedRow] = field(default_factory=list)
    trouble: str = ""


async def send(
    client: httpx.AsyncClient, source: str, changes: Sequence[Change], tell: Callable[[Sent], None], batch: int = BATCH
) -> Sent:
    """``tell`` is called whenever more is known. Raises ``ImportFailed``."""
    sent = Sent()

    def trouble(why: str) -> None:
        sent.trouble = why
        tell(sent)

    for start in range(0, len(changes), batch):
        part = changes[start : start + batch]
        refused = await post_events(client, [_event(source, each) for each in part], trouble)
        sent.refused += (_refused(part[place], each) for place, each in refused.items())
        sent.changes += (each for place, each in enumerate(part) if place not in refused)
        tell(sent)
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
