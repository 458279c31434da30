"""The barrier audit of a quarter: what was named, who takes it on until when, and what it was before and after."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Period
from praxis_metrics.lattice import Slice
from praxis_metrics.programme.audit_schemas import BarrierOut, FindingOut, Measured, SurveyOut
from praxis_metrics.programme.barriers import BARRIERS, SURVEY
from praxis_metrics.programme.cells import Shown, shown
from praxis_metrics.programme.people import persons
from praxis_metrics.programme.quarters import after, before, name_of
from praxis_metrics.programme.ranking import HIDDEN, Ranked, ranked
from praxis_people.identifiers import bounded

OPEN, ENDED = "open", ("done", "dropped")

_DUTIES = text(
    """
    SELECT barrier, a.owner_id, a.due_on, a.action, s.status, s.note
    FROM (SELECT * FROM barrier_assignments WHERE quarter = :quarter) a
    FULL JOIN (SELECT * FROM barrier_statuses WHERE quarter = :quarter) s USING (barrier)
    """
)

_SURVEYS = text("SELECT survey, invited FROM surveys WHERE quarter = :quarter ORDER BY survey")


async def barriers_of(session: AsyncSession, quarter: Period, today: date) -> list[BarrierOut]:
    """The first in rank first; then the hidden ones, and those that somebody has in hand though nobody named them."""
    earlier, now, later = [
        ranked(await shown(session, BARRIERS.name, each)) for each in (before(quarter), quarter, after(quarter))
    ]
    duties = {row.barrier: row for row in await session.execute(_DUTIES, {"quarter": name_of(quarter)})}
    owners = await persons(session, (duty.owner_id for duty in duties.values()))
    found = []
    for barrier in [*now, *sorted(duties.keys() - now.keys())]:
        duty, at = duties.get(barrier), now.get(barrier, HIDDEN)
        status = duty and (duty.status or OPEN)
        found.append(
            BarrierOut(
                barrier=barrier,
                **at._asdict(),
                top=at.top,
                suppressed=barrier in now and at.rank is None,
                owner=duty and owners.get(duty.owner_id),
                due_on=duty and duty.due_on,
                action=duty and duty.action,
                status=status,
                note=duty and duty.note,
                overdue=bool(duty and duty.due_on and duty.due_on < today and status not in ENDED),
                previous=_beside(name_of(before(quarter)), earlier.get(barrier, HIDDEN), earlier.get(barrier), at),
                next=_beside(name_of(after(quarter)), later.get(barrier, HIDDEN), at, later.get(barrier)),
            )
        )
    return found


def _beside(quarter: str, measured: Ranked, earlier: Ranked | None, later: Ranked | None) -> Measured:
    earlier, later = earlier or HIDDEN, later or HIDDEN
    return Measured(
        quarter=quarter,
        rank=measured.rank,
        score=measured.score,
        rank_change=None if earlier.rank is None or later.rank is None else later.rank - earlier.rank,
        score_change=None if earlier.score is None or later.score is None else later.score - earlier.score,
    )


async def surveys_of(session: AsyncSession, quarter: Period, cells: Mapping[Slice, Shown]) -> list[SurveyOut]:
    """With how many answered, where that is shown."""
    found = []
    for survey, invited in await session.execute(_SURVEYS, {"quarter": name_of(quarter)}):
        at = cells.get(Slice(SURVEY, bounded(survey)))
        found.append(
            SurveyOut(
                survey=survey,
                invited=invited,
                responded=at and at.n,
                response_rate=at and at.value,
                suppressed=at is not None and at.hidden,
            )
        )
    return found


def findings_of(barriers: Sequence[BarrierOut]) -> Iterator[FindingOut]:
    """What a person should look at: a barrier of the top three that nobody owns, and what is overdue."""
    for each in barriers:
        if each.top and each.owner is None:
            yield FindingOut(barrier=each.barrier, finding="no-owner")
        if each.overdue:
            yield FindingOut(barrier=each.barrier, finding="overdue")
