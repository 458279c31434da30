"""CloudEvents to ``POST /events``, a batch in one request."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Any

import httpx
import msgspec

from praxis_embedded.importing.posting import ImportFailed, detail, post, problem

BATCH = 500

_BATCHED = "application/cloudevents-batch+json"
_ANSWERED = (HTTPStatus.OK, HTTPStatus.MULTI_STATUS)


@asynccontextmanager
async def events_client(url: str, key: str, secret: str) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"Content-Type": _BATCHED}
    async with httpx.AsyncClient(base_url=url, auth=(key, secret), headers=headers, timeout=60, trust_env=False) as it:
        yield it


async def post_events(
    client: httpx.AsyncClient, events: Sequence[Mapping[str, Any]], trouble: Callable[[str], None]
) -> dict[int, dict[str, Any]]:
    """What the door refused, as it said so, by place in ``events``; the others are on the log.

    A batch that is too large for the door goes in halves. ``trouble`` is told why nothing moves. Raises
    ``ImportFailed``.
    """
    answer = await post(client, "/events", msgspec.json.encode(events), trouble)
    refusals = problem(answer).get("refused")
    if answer.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and refusals is None and len(events) > 1:
        half = len(events) // 2
        first = await post_events(client, events[:half], trouble)
        second = await post_events(client, events[half:], trouble)
        return first | {half + place: refused for place, refused in second.items()}
    if answer.status_code not in _ANSWERED and not refusals:
        raise ImportFailed(f"the server answers {answer.status_code}: {detail(answer)}")
    return {each["index"]: each for each in refusals or ()}
