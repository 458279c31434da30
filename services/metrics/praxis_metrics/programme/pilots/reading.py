"""Pilots as they were registered, and what became of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import LAST_DAY, Period, local_day
from praxis_metrics.kpis.outcomes import plausible
from praxis_metrics.programme.people import Person, persons
from praxis_metrics.programme.pilots.differences import Three
from praxis_metrics.reporting_zone import UTC_ZONE, reporting_zone

FIRST_START = date(1971, 1, 1)
"""So that all the days before it that it is compared with can be asked for."""


@dataclass(frozen=True, slots=True)
class Metric:
    kpi: str
    filters: Mapping[str, str]
    direction: Literal["up", "down"]
    threshold: float
    baseline: float | None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Metric":
        filters = told.get("filters") or {}
        return cls(told["kpi"], filters, told["direction"], float(told["threshold"]), told.get("baseline"))


@dataclass(frozen=True, slots=True)
class Pilot:
    """``registered_on``: the local day on which the log took it. ``conclusion``, and ``costs`` by currency: as answers
    have them. ``extends``: the pilot that it goes on with."""

    pilot: str
    objective: str
    success: str
    owner: Person | None
    sponsor: Person | None
    registered_on: date
    period: Period
    treated: Mapping[str, str]
    comparison: Mapping[str, str]
    metrics: Sequence[Metric]
    conclusion: Mapping[str, Any] | None
    extends: str | None
    costs: Sequence[Mapping[str, Any]]

    @property
    def windows(self) -> Three:
        """Three periods of one length; the last is the pilot's own."""
        first, last = self.period
        length = last - first + timedelta(days=1)
        return Three(*(Period(first - back * length, last - back * length) for back in (2, 1, 0)))


_PILOTS = text(
    """
    SELECT p.*, c.decision, c.step, c.extension, c.reason, c.at AS concluded_at, c.event IS NOT NULL AS is_concluded,
           c.decider_id, c.step_owner_id,
           (SELECT min(x.pilot) FROM pilot_conclusions x WHERE x.extension = p.pilot) AS extends
    FROM pilots p LEFT JOIN pilot_conclusions c USING (pilot) ORDER BY p.pilot
    """
)

_PEOPLE = ("owner_id", "sponsor_id", "decider_id", "step_owner_id")

_COSTS = text(
    "SELECT pilot, currency, sum(amount ORDER BY amount) AS amount FROM costs "  # noqa: S608 - of our own
    f"WHERE pilot IS NOT NULL AND {plausible('amount')} GROUP BY 1, 2 ORDER BY 1, 2"
)


async def read_pilots(session: AsyncSession) -> list[Pilot]:
    zone = await reporting_zone(session) or UTC_ZONE
    costs: dict[str, list[dict[str, Any]]] = {}
    for row in await session.execute(_COSTS):
        costs.setdefault(row.pilot, []).append({"currency": row.currency, "amount": row.amount})
    rows = (await session.execute(_PILOTS)).all()
    people = await persons(session, (getattr(row, name) for row in rows for name in _PEOPLE))
    return [
        Pilot(
            pilot=row.pilot,
            objective=row.objective,
            success=row.success,
            owner=people.get(row.owner_id),
            sponsor=people.get(row.sponsor_id),
            registered_on=local_day(row.registered_at, zone),
            period=Period(_askable(row.starts_on), _askable(row.ends_on)),
            treated=_given(row.treated),
            comparison=_given(row.comparison),
            metrics=[Metric.of(each) for each in row.metrics],
            conclusion=_conclusion(row, people) if row.is_concluded else None,
            extends=row.extends,
            costs=costs.get(row.pilot, []),
        )
        for row in rows
    ]


def _askable(day: date) -> date:
    """Other days are mistakes: there is nothing to compare, and none before them could be named."""
    return min(max(day, FIRST_START), LAST_DAY)


def _given(told: Mapping[str, str | None]) -> dict[str, str]:
    return {kind: name for kind, name in told.items() if name is not None}


def _conclusion(row: Any, people: Mapping[int | None, Person]) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("decision", "reason", "step", "extension")}
    named = {"decided_by": people.get(row.decider_id), "step_owner": people.get(row.step_owner_id)}
    return {**told, **named, "concluded_at": row.concluded_at}
