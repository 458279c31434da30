"""The event door: judge each event, leave out what is known, append the rest in one call."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_events.clock import Clock
from praxis_events.log import EventLog
from praxis_ingest.events.judgement import judge
from praxis_ingest.events.outcomes import Accepted, Admitted, Outcome, Refused, refuse
from praxis_ingest.events.received import ReceivedEvent
from praxis_ingest.events.recent import RecentEvents
from praxis_ingest.events.seen import seen_digests
from praxis_service.auth import Principal


class EventDoor:
    """Takes CloudEvents onto the log. ``engine`` reaches ingest's live generation, where ``EventsSeen`` keeps its rows.

    An event is known by (source, id): sent again with the same content it is a duplicate and is not appended; with
    other content it is refused. Two replicas that race may still both append; consumers keep the first in the log.
    """

    def __init__(self, log: EventLog, engine: AsyncEngine, clock: Clock) -> None:
        self._log, self._engine, self._clock = log, engine, clock
        self._recent = RecentEvents()

    async def accept(
        self,
        received: Sequence[ReceivedEvent],
        principal: Principal,
        *,
        atomic: bool = False,
        traceparent: str | None = None,
    ) -> Outcome:
        """What became of each event; those accepted are durable on return. ``atomic``: nothing if one is refused.

        Raises ``LogUnavailable``: then any of them may have been appended, and all should be sent again.
        """
        now = self._clock()
        judged = [judge(each, principal, now, traceparent) for each in received]
        known = await self._known({each.event.key for each in judged if isinstance(each, Admitted)})
        outcome, fresh = settle(judged, known)
        if atomic and outcome.refused:
            return Outcome((), outcome.refused)
        if fresh:
            await self._log.append([each.record for each in fresh])
            self._recent.put((each.event.key, each.digest) for each in fresh)
        return outcome

    async def _known(self, events: set[UUID]) -> dict[UUID, bytes]:
        known = {each: digest for each in events if (digest := self._recent.get(each)) is not None}
        return known | await seen_digests(self._engine, events - known.keys())


def settle(judged: Sequence[Admitted | Refused], known: Mapping[UUID, bytes]) -> tuple[Outcome, list[Admitted]]:
    """Tell new events from duplicates and conflicts, within the request too; returns what is to be appended."""
    digests = dict(known)
    accepted: list[Accepted] = []
    refused: list[Refused] = []
    fresh: list[Admitted] = []
    for each in judged:
        if isinstance(each, Refused):
            refused.append(each)
            continue
        event = each.event
        duplicate = event.key in digests
        if digests.setdefault(event.key, each.digest) != each.digest:
            fault = each.received.attribute_fault("id", "is known, with other content")
            refused.append(refuse(each.received, HTTPStatus.CONFLICT, fault))
            continue
        accepted.append(Accepted(each.received.index, event.id, event.source, duplicate))
        if not duplicate:
            fresh.append(each)
    return Outcome(tuple(accepted), tuple(refused)), fresh
