"""What ``POST /events`` answers: 200, 207, or a problem when nothing was accepted."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from praxis_ingest.events.outcomes import Outcome, Refused
from praxis_service.problem import BadRequest, Conflict, Forbidden, Problem, TooLarge


class Fault(BaseModel):
    """``pointer``: a JSON Pointer from the root of the request's body; ``header``: in binary mode."""

    detail: str
    pointer: str | None = None
    header: str | None = None


class AcceptedEvent(BaseModel):
    index: int
    id: str
    source: str
    duplicate: bool


class RefusedEvent(BaseModel):
    index: int
    id: str | None = None
    source: str | None = None
    status: int
    errors: list[Fault]


class EventsAnswer(BaseModel):
    """``index`` is the event's place in the request; a duplicate was on the log before and was not appended again."""

    accepted: list[AcceptedEvent]
    refused: list[RefusedEvent]


_PROBLEMS: dict[int, type[Problem]] = {each.status: each for each in (BadRequest, Forbidden, Conflict, TooLarge)}


def answer(outcome: Outcome) -> tuple[HTTPStatus, EventsAnswer]:
    """Raises the problem of the status that all refused events share, else ``BadRequest``, when none was accepted."""
    if outcome.refused and not outcome.accepted:
        raise _problem(outcome.refused)
    accepted = [
        AcceptedEvent(index=each.index, id=each.id, source=each.source, duplicate=each.duplicate)
        for each in outcome.accepted
    ]
    refused = [RefusedEvent.model_validate(_as_dict(each)) for each in outcome.refused]
    status = HTTPStatus.MULTI_STATUS if refused else HTTPStatus.OK
    return status, EventsAnswer(accepted=accepted, refused=refused)


def _problem(refused: Sequence[Refused]) -> Problem:
    statuses = {each.status for each in refused}
    kind = _PROBLEMS[statuses.pop()] if len(statuses) == 1 else BadRequest
    errors = [error for each in refused for error in each.errors]
    return kind(
        f"Nothing was accepted: events refused: {len(refused)}.", errors, refused=[_as_dict(each) for each in refused]
    )


def _as_dict(refused: Refused) -> dict[str, Any]:
    identity = {"id": refused.id, "source": refused.source}
    return {
        "index": refused.index,
        **{name: value for name, value in identity.items() if value is not None},
        "status": int(refused.status),
        "errors": [error.as_dict() for error in refused.errors],
    }
