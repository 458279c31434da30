"""What became of each event of a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from praxis_events.envelope import Event
from praxis_events.log import NewRecord
from praxis_ingest.events.received import ReceivedEvent
from praxis_service.problem import FieldError

POLICY_PUBLISHED = "praxis.programme.policy-published.v"


@dataclass(frozen=True, slots=True)
class Admitted:
    """An event that may be appended; ``digest`` is of its type and data."""

    received: ReceivedEvent
    event: Event
    record: NewRecord
    digest: bytes


@dataclass(frozen=True, slots=True)
class Accepted:
    """On the log; ``duplicate``: it was there before."""

    index: int
    id: str
    source: str
    duplicate: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """Not on the log. ``id`` and ``source`` as sent, where they could be read."""

    index: int
    status: HTTPStatus
    errors: tuple[FieldError, ...]
    id: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    accepted: tuple[Accepted, ...]
    refused: tuple[Refused, ...]


def refuse(received: ReceivedEvent, status: HTTPStatus, *errors: FieldError) -> Refused:
    return Refused(received.index, status, errors, received.text("id"), received.text("source"))


def published(received: Sequence[ReceivedEvent], outcome: Outcome) -> list[str]:
    """The policies of which a version came onto the log."""
    fresh = {each.index for each in outcome.accepted if not each.duplicate}
    return [
        str(each.data["policy"])
        for each in received
        if each.index in fresh and str(each.attributes["type"]).startswith(POLICY_PUBLISHED)
    ]
