"""The last step: a worker that publishes again what has changed of each KPI, and of what the programme asks."""

import asyncio
import logging
from collections.abc import Collection
from datetime import date, timedelta
from time import monotonic
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.clock import Clock, system_clock
from praxis_events.runner import TRANSIENT
from praxis_metrics import due, instruments
from praxis_metrics.calendar import local_day
from praxis_metrics.findings import Finding, find
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.programme import FINDINGS, VOICES
from praxis_metrics.publishing import publish
from praxis_metrics.watermark import watermark

logger = logging.getLogger(__name__)

IDLE_SECONDS = 0.3
REST = 1.0
"""It rests as long as it worked: while statements pour in, months are added up again and again."""

FINDING_RESTS = 10.0
"""A finding is computed wholly at each change: it rests ten times as long as it took."""

LASTING = ("21", "22", "42")
"""Classes of SQLSTATE that trying again does not cure: what a query asks for, and data (PostgreSQL, Appendix A)."""

BACKOFF_FIRST, BACKOFF_MOST = timedelta(seconds=1), timedelta(minutes=5)


class Publisher:
    """Runs until ``stop``. Any number may run side by side: a KPI that another has in hand is skipped.

    ``kpis`` are all that there are, of which this one publishes ``only`` KPIs or only findings: these take seconds, for
    which no KPI should wait.
    """

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        zone: ZoneInfo,
        threshold: int,
        lateness: timedelta,
        clock: Clock = system_clock,
        kpis: Collection[Kpi | Finding] = (*KPIS.values(), *VOICES, *FINDINGS),
        finding_rests: float = FINDING_RESTS,
        only: type[Kpi] | type[Finding] | None = None,
    ) -> None:
        self._sessions, self._zone, self._threshold, self._lateness, self._clock = (
            sessions,
            zone,
            threshold,
            lateness,
            clock,
        )
        self._kpis, self._stopping = {kpi.name: kpi for kpi in kpis}, asyncio.Event()
        self._finding_rests, self._only = finding_rests, only or (Kpi, Finding)
        self._failed: dict[str, tuple[int, float]] = {}
        self._resting: dict[str, float] = {}

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        while not self._stopping.is_set():
            began = monotonic()
            try:
                await self.step()
            except TRANSIENT as error:
                instruments.RETRIES.inc()
                logger.warning("the publisher waits: %s", type(error).__name__)
            await self._sleep(max(IDLE_SECONDS, REST * (monotonic() - began)))

    async def step(self) -> int:
        """Publish what is due of every KPI and finding; returns how many periods, or findings, were computed."""
        async with self._sessions.begin() as session:
            now = self._clock()
            today = await self._today(session)
            await due.begin(session, self._kpis.values(), self._threshold, today, now)
            await due.spread(session, self._kpis.values())
            waiting = list(await session.scalars(text("SELECT DISTINCT kpi FROM due ORDER BY kpi")))
        done = 0
        for name in waiting:
            if self._is_mine(name) and not self._stopping.is_set() and self._may_try(name):
                done += await self._publish(self._kpis[name])
        return done

    async def _today(self, session: AsyncSession) -> date:
        """The day up to which the log has been read; before that is known, the clock's."""
        return local_day(await watermark(session) or self._clock(), self._zone)

    async def _publish(self, kpi: Kpi | Finding) -> int:
        """One KPI that cannot be computed holds up no other: its watermark stops, and it is tried again, ever later."""
        began = monotonic()
        try:
            async with self._sessions.begin() as session:
                await session.execute(text("SET LOCAL synchronous_commit TO off"))
                today = await self._today(session)
                if isinstance(kpi, Finding):
                    done = await find(session, kpi, today, self._threshold)
                else:
                    done = await publish(session, kpi, today, self._threshold, self._lateness)
        except TRANSIENT as error:
            if not _is_lasting(error):
                raise
            self._note_failure(kpi, error)
            return 0
        except Exception as error:
            self._note_failure(kpi, error)
            return 0
        self._failed.pop(kpi.name, None)
        if isinstance(kpi, Finding):
            self._resting[kpi.name] = monotonic() + self._finding_rests * (monotonic() - began)
        return done

    def _is_mine(self, name: str) -> bool:
        return isinstance(self._kpis.get(name), self._only)

    def _note_failure(self, kpi: Kpi | Finding, error: Exception) -> None:
        times = self._failed.get(kpi.name, (0, 0.0))[0] + 1
        delay = min(BACKOFF_FIRST * 2 ** (times - 1), BACKOFF_MOST).total_seconds()
        self._failed[kpi.name] = (times, monotonic() + delay)
        instruments.KPI_FAILURES.labels(kpi.name).inc()
        logger.error("%s cannot be published, and is tried again in %.0f s", kpi.name, delay, exc_info=error)

    def _may_try(self, name: str) -> bool:
        rested = monotonic() >= self._resting.get(name, 0.0)
        return rested and (name not in self._failed or monotonic() >= self._failed[name][1])

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return


def _is_lasting(error: BaseException) -> bool:
    return str(getattr(getattr(error, "orig", None), "sqlstate", "")).startswith(LASTING)
