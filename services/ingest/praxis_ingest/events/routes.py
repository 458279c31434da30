"""``POST /events``."""

from typing import Any

from fastapi import APIRouter, Request, Response

from praxis_ingest.events import examples
from praxis_ingest.events.answers import EventsAnswer, answer
from praxis_ingest.events.door import EventDoor
from praxis_ingest.events.modes import read_events
from praxis_ingest.events.outcomes import published
from praxis_ingest.sources.feeds import Feeds
from praxis_service.access.access import Access
from praxis_service.body import read_body
from praxis_service.openapi import PROBLEM, PROBLEM_TYPE, problems
from praxis_service.problem import BadRequest, FieldError
from praxis_service.settings import Settings
from praxis_service.telemetry import trace_of

PATH = "/events"

_DESCRIPTION = """
Takes CloudEvents 1.0 in structured, binary or batched mode. Valid events are accepted, durable once answered; the
others are listed with pointers (207). When none is accepted the answer is a problem, with the status that all refused
events share, else 400. An event is known by (source, id): sent again with the same content it is a duplicate and
counts once; with other content it is refused (409). After a 503 send the same events again.

The credential needs the scope `events/write`, or `events/write:` and the beginning of a type, for each event;
`attributes/write`, and no other will do, for `praxis.people.attributes-declared`; and `act-as` for an event that names
a person who vouches (`attested_by`).
"""


def events_router(door: EventDoor, feeds: Feeds, access: Access, settings: Settings) -> APIRouter:
    """Serves ``door``, and notes in ``feeds`` what came of it; bodies and batches are limited by ``settings``."""
    router = APIRouter(tags=["events"])

    async def post_events(request: Request) -> Response:
        principal = await feeds.entered(access, request, PATH)
        with feeds.watching(principal.key, PATH):
            atomic = _atomic(request)
            body = await read_body(request, settings.max_body_bytes)
            received = read_events(request.headers.raw, body, settings.max_batch)
        outcome = await door.accept(received, principal, atomic=atomic, traceparent=trace_of(request))
        feeds.events(principal.key, outcome, PATH)
        for policy in published(received, outcome):
            await access.audit.note(principal.key, "policy-published", policy)
        status, found = answer(outcome)
        return Response(found.model_dump_json(exclude_unset=True), status, media_type="application/json")

    router.add_api_route(
        PATH,
        post_events,
        methods=["POST"],
        summary="Send events",
        description=_DESCRIPTION,
        response_model=None,
        responses=_RESPONSES,
        openapi_extra={"requestBody": examples.REQUEST_BODY, "parameters": [_ATOMIC]},
    )
    return router


def _atomic(request: Request) -> bool:
    given = request.query_params.multi_items()
    for name, value in given:
        if name != "atomic":
            raise BadRequest(f"Unknown query parameter {name!r}.", [FieldError("is unknown", parameter=name)])
        if value not in ("true", "false") or len(given) > 1:
            raise BadRequest("Bad query parameter 'atomic'.", [FieldError("must be true or false", parameter=name)])
    return ("atomic", "true") in given


_ATOMIC = {
    "name": "atomic",
    "in": "query",
    "description": "All or nothing: when one event is refused, none is accepted.",
    "schema": {"type": "boolean", "default": False},
}
_RESPONSES: dict[int | str, dict[str, Any]] = {
    200: {
        "model": EventsAnswer,
        "description": "All accepted",
        "content": {"application/json": {"example": examples.ALL_ACCEPTED}},
    },
    207: {
        "model": EventsAnswer,
        "description": "Some accepted, some refused",
        "content": {"application/json": {"example": examples.SOME_REFUSED}},
    },
    400: {
        "description": "The request cannot be read, or none of its events was accepted",
        "content": {PROBLEM_TYPE: {"schema": PROBLEM, "example": examples.NONE_ACCEPTED}},
    },
    **problems(409, 415),
}
