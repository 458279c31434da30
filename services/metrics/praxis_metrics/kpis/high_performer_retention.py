"""Retention of high performers: of those rated at the top, how many have not chosen to leave a year later."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period
from praxis_metrics.changes import Source
from praxis_metrics.kpis.competing import Curve, Times, curves
from praxis_metrics.kpis.departures import DEPARTURES, gone_on, was_voluntary
from praxis_metrics.kpis.kpi import Asked, Cell, Interval, Kpi, Reach
from praxis_metrics.kpis.proportions import incidence, wilson
from praxis_metrics.kpis.slicing import PERIODS, employed, sliced, unknown
from praxis_metrics.lattice import Slice
from praxis_metrics.statistics import computed

FOLLOWED_DAYS = 365
LEARNING_DAYS = 90

VOLUNTARY, INVOLUNTARY, UNKNOWN = 1, 2, 3
"""How somebody went; 0 is whoever was not seen to go."""

_COHORT = f"""
    rated AS (
        SELECT DISTINCT ON (p.first, r.learner_id) p.first, p.last, r.learner_id, l.person_id, r.closed_on AS day
        FROM periods p JOIN ratings r ON r.closed_on BETWEEN p.first AND p.last AND r.closed_on <= :through
        JOIN learners l USING (learner_id)
        WHERE r.is_top ORDER BY p.first, r.learner_id, r.closed_at
    ), cohort AS MATERIALIZED (
        SELECT r.*, {employed("r.person_id", "r.day")} AS employed, {unknown("r.person_id")} AS unmatched,
               {gone_on("r.person_id", "r.day")} AS gone_on,
               EXISTS (
                   SELECT FROM person_day d WHERE d.learner_id = r.learner_id AND d.active
                   AND d.day BETWEEN r.day - {LEARNING_DAYS} AND r.day - 1
               ) AS learner
        FROM rated r
    ), followed AS MATERIALIZED (
        SELECT *, least(gone_on, day + {FOLLOWED_DAYS}, CAST(:through AS date)) - day AS days,
               CASE WHEN gone_on IS NULL OR gone_on > least(day + {FOLLOWED_DAYS}, CAST(:through AS date)) THEN 0
                    ELSE CASE {was_voluntary("c.person_id", "c.gone_on")}
                         WHEN true THEN {VOLUNTARY} WHEN false THEN {INVOLUNTARY} ELSE {UNKNOWN} END END AS went
        FROM cohort c
    )
"""  # noqa: S608 - of our own

_CELLS = text(
    f"""
    WITH {PERIODS}, {DEPARTURES}, {_COHORT}, {sliced("followed")}
    SELECT first, last, kind, slice,
           count(*) FILTER (WHERE employed) AS n,
           count(*) FILTER (WHERE unmatched) AS unmatched,
           count(*) FILTER (WHERE employed AND went = 0 AND days < {FOLLOWED_DAYS}) AS waiting,
           array_agg(days ORDER BY days, went, learner) FILTER (WHERE employed) AS days,
           array_agg(went ORDER BY days, went, learner) FILTER (WHERE employed) AS went,
           array_agg(learner ORDER BY days, went, learner) FILTER (WHERE employed) AS learner
    FROM sliced GROUP BY first, last, kind, slice
    """  # noqa: S608 - of our own
)


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    rows = (await session.execute(_CELLS, asked.parameters)).all()
    every = [list(zip(row.days or (), row.went or (), strict=True)) for row in rows]
    at_worst = [[(days, VOLUNTARY if went == UNKNOWN else went) for days, went in sample] for sample in every]
    learners = [_among(row, sample, True) for row, sample in zip(rows, every, strict=True)]
    others = [_among(row, sample, False) for row, sample in zip(rows, every, strict=True)]
    found = [await computed(curves, samples, FOLLOWED_DAYS) for samples in (every, at_worst, learners, others)]
    split = [([days for days, _ in sample], [went == VOLUNTARY for _, went in sample]) for sample in every]
    left = await computed(incidence, split, FOLLOWED_DAYS)
    intervals = await computed(wilson, [(_stayed(sample), len(sample)) for sample in every])
    return [_cell(*each) for each in zip(rows, every, intervals, left, *found, strict=True)]


def _among(row: Row[Any], sample: Times, learner: bool) -> Times:
    return [each for each, is_learner in zip(sample, row.learner or (), strict=True) if is_learner == learner]


def _stayed(sample: Times) -> int:
    return sum(went != VOLUNTARY for _, went in sample)


def _cell(
    row: Row[Any], sample: Times, interval: Interval | None, left: float | None,
    everybody: Curve, at_worst: Curve, learners: Curve, others: Curve,
) -> Cell:  # fmt: skip
    value, went = _retention(everybody), [each for _, each in sample]
    count = sum(row.learner or ())
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=value,
        numerator=_stayed(sample),
        denominator=len(sample),
        n=row.n,
        unmatched=row.unmatched,
        interval=None if row.waiting else interval,
        detail={
            "kaplan_meier": None if left is None or value is None else 1 - left,
            "if_unknown_voluntary": _retention(at_worst),
            "involuntary": went.count(INVOLUNTARY),
            "unknown": went.count(UNKNOWN),
            "waiting": row.waiting,
            "learners": count,
            "learners_retention": _retention(learners),
            "non_learners": len(sample) - count,
            "non_learners_retention": _retention(others),
        },
    )


def _retention(curve: Curve) -> float | None:
    return None if curve.reached is None else 1 - curve.reached


HIGH_PERFORMER_RETENTION = Kpi(
    name="high-performer-retention",
    version=1,
    stage="outcome",
    unit="ratio",
    definition=(
        "Share of high performers who have not left of their own will 12 months (365 days) after they were rated so. "
        "Cohort: employees with a top rating in a review cycle that closed in the period, as of that close, and never "
        "by a later rating; of one person and cycle the last rating told holds, of several cycles in the period the "
        "first. Followed from the close to the first day not at work; leave, and being hired again without a day "
        "between, are no departure. value: 1 minus the share who left voluntarily by then, by Aalen and Johansen: "
        "involuntary departures compete, departures of which nobody knows whether they were voluntary likewise "
        "(detail.unknown), and whoever is not yet followed for 365 days is censored (detail.waiting); null until "
        "somebody was followed so long. detail.if_unknown_voluntary: the value if all the unknown were voluntary. "
        "detail.kaplan_meier: the same with other departures as mere ends of what was seen. denominator: the cohort; "
        "numerator: those of it who have not left voluntarily so far; n: the same people as the denominator; "
        "unmatched: people with a top rating who never were at work as far as the directory knows. interval: "
        "Wilson's, once all were followed. detail.learners: those of the cohort with an active day (as in "
        "monthly-active-learners) in the 90 days before the close, and then for good; detail.learners_retention and "
        "non_learners_retention set the two side by side: an association, not an effect of learning. People are "
        "where they stood on the day of the close."
    ),
    compute=_compute,
    reads={Source.PEOPLE: Reach(before=FOLLOWED_DAYS), Source.LEARNING: Reach(after=LEARNING_DAYS)},
    grains=(Grain.MONTH, Grain.QUARTER),
    cut_grain=Grain.QUARTER,
    matures=timedelta(days=FOLLOWED_DAYS),
    since="SELECT min(day) FROM said WHERE type = 'people.performance-rated' AND stands",
    of_nobody=None,
)
