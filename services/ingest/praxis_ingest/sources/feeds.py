"""What came in, by credential and source, counted in this process until it is written down."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any

from fastapi import Request

from praxis_events.clock import Clock
from praxis_events.log import RecordTooLarge
from praxis_ingest.events.attributes import is_source
from praxis_ingest.events.outcomes import Outcome, Refused
from praxis_ingest.sources.reasons import MOST_FAULTS, reason_of, reasons_of
from praxis_service.access.access import Access
from praxis_service.access.principal import Principal
from praxis_service.access.table import OutOfScope
from praxis_service.problem import Problem, as_problem

MOST_SOURCES = 1_000
"""Of one credential, that one process tells apart: the rest of a sender who makes up sources is ``OTHERS``."""

OTHERS = "urn:praxis:other-sources"

MOST_REFUSALS = 10
"""That are kept of a feed, the last ones."""

Key = tuple[str, str]
"""Credential and source."""


@dataclass(slots=True)
class Tally:
    """Since it was last written down. ``refusals``: the last ones, newest first, as they are shown."""

    accepted: int = 0
    duplicates: int = 0
    refused: int = 0
    last_event_at: datetime | None = None
    last_refusal_at: datetime | None = None
    refusals: list[dict[str, Any]] = field(default_factory=list)

    def take(self, accepted: int, duplicates: int, now: datetime) -> None:
        self.accepted += accepted
        self.duplicates += duplicates
        self.last_event_at = now

    def refuse(self, status: int, errors: list[dict[str, str]], now: datetime) -> None:
        self.refused += 1
        self.last_refusal_at = now
        self.refusals = [{"at": now.isoformat(), "status": status, "errors": errors}, *self.refusals][:MOST_REFUSALS]

    def add(self, later: "Tally") -> None:
        self.accepted += later.accepted
        self.duplicates += later.duplicates
        self.refused += later.refused
        self.last_event_at = later.last_event_at or self.last_event_at
        self.last_refusal_at = later.last_refusal_at or self.last_refusal_at
        self.refusals = [*later.refusals, *self.refusals][:MOST_REFUSALS]


class Feeds:
    """The doors note here what they took and what they refused; ``drain`` hands it over to be written down."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tallies: dict[Key, Tally] = {}
        self._sources: dict[str, set[str]] = {}

    async def entered(self, access: Access, request: Request, source: str) -> Principal:
        """Who is calling, when they may. That a credential lacks the scope of the door is a refusal like any other."""
        try:
            return await access.authenticate(request)
        except OutOfScope as error:
            self.refused(error.who, source, error)
            raise

    def accepted(self, credential: str, source: str, count: int, duplicates: int = 0) -> None:
        """``count`` without the ``duplicates``."""
        self._tally(credential, source).take(count, duplicates, self._clock())

    @contextmanager
    def watching(self, credential: str, source: str) -> Iterator[None]:
        """A request that is refused as a whole meanwhile is one refusal. An outage is none: nobody knows what came."""
        try:
            yield
        except (Problem, RecordTooLarge) as error:
            problem = error if isinstance(error, Problem) else as_problem(error)
            self.refused(credential, source, problem)
            raise

    def refused(self, credential: str, source: str, problem: Problem) -> None:
        if problem.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            self._tally(credential, source).refuse(int(problem.status), reasons_of(problem), self._clock())

    def events(self, credential: str, outcome: Outcome, unknown: str) -> None:
        """What became of a request's events, each counted under its own source; ``unknown``: under which those are that
        have none."""
        for each in outcome.accepted:
            self.accepted(credential, each.source, int(not each.duplicate), int(each.duplicate))
        for refused in outcome.refused:
            source = refused.source if refused.source and is_source(refused.source) else unknown
            self._tally(credential, source).refuse(int(refused.status), _errors(refused), self._clock())

    def drain(self) -> dict[Key, Tally]:
        """What was noted since the last time."""
        drained, self._tallies = self._tallies, {}
        return drained

    def restore(self, drained: Iterable[tuple[Key, Tally]]) -> None:
        """It could not be written down: it is for the next time."""
        later, self._tallies = self._tallies, dict(drained)
        for key, tally in later.items():
            self._tallies.setdefault(key, Tally()).add(tally)

    def _tally(self, credential: str, source: str) -> Tally:
        found = self._tallies.get((credential, source))
        if found is None:
            sources = self._sources.setdefault(credential, set())
            if source not in sources and len(sources) >= MOST_SOURCES:
                source = OTHERS
            sources.add(source)
            found = self._tallies.setdefault((credential, source), Tally())
        return found


def _errors(refused: Refused) -> list[dict[str, str]]:
    return [reason_of(error) for error in refused.errors[:MOST_FAULTS]]
