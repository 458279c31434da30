"""Time to competency: how long it takes from a start until an assessor says that somebody can do it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period
from praxis_metrics.changes import Source
from praxis_metrics.kpis.competing import DEPARTED, REACHED, Curve, curves
from praxis_metrics.kpis.departures import gone_on
from praxis_metrics.kpis.kpi import Asked, Cell, Kpi, Reach
from praxis_metrics.kpis.slicing import PERIODS, employed, sliced
from praxis_metrics.kpis.validations import VALIDATED, VALIDATIONS
from praxis_metrics.lattice import Slice
from praxis_metrics.statistics import computed

FOLLOWED_DAYS = 730
"""Two years: whoever is not there by then is not on the way, and figures must become final some day."""

SHARE_DAYS = 180
"""Half a year, a usual probation: by then a new role is mostly filled."""

STARTS = f"""
    begun AS (
        SELECT m.person_id, l.learner_id, m.first_day AS day, m.slice AS role, CAST(null AS text) AS pathway,
               m.last_day + 1 AS moved_on
        FROM membership m LEFT JOIN learners l USING (person_id) WHERE m.kind = 'role'
        UNION ALL
        SELECT l.person_id, e.learner_id, e.day, null, e.pathway, 'infinity'
        FROM (
            SELECT DISTINCT ON (learner_id, pathway) learner_id, pathway, day FROM enrolments
            ORDER BY learner_id, pathway, at
        ) e JOIN learners l USING (learner_id)
    ), starts AS MATERIALIZED (
        SELECT p.first, p.last, b.*, coalesce({employed("b.person_id", "b.day")}, false) AS employed,
               coalesce({gone_on("b.person_id", "b.day")}, 'infinity') AS gone_on
        FROM periods p JOIN begun b ON b.day BETWEEN p.first AND p.last AND b.day <= :through
    ), watched AS (
        SELECT s.*, least(gone_on - 1, moved_on - 1, day + {FOLLOWED_DAYS}, CAST(:through AS date)) AS seen_on,
               gone_on <= least(moved_on, day + {FOLLOWED_DAYS}, CAST(:through AS date)) AS departed
        FROM starts s
    )
"""  # noqa: S608 - of our own

GOALS = """
    goals AS (
        SELECT w.*, g.skill FROM watched w JOIN role_profiles g ON g.role = w.role
        UNION ALL
        SELECT w.*, g.skill FROM watched w JOIN (
            SELECT DISTINCT ON (pathway) pathway, skills FROM pathways ORDER BY pathway, version DESC
        ) newest USING (pathway) CROSS JOIN jsonb_array_elements_text(newest.skills) AS g(skill)
    ), singles AS MATERIALIZED (
        SELECT g.*, h.day AS met_on FROM goals g LEFT JOIN held h USING (learner_id, skill)
    ), wholes AS MATERIALIZED (
        SELECT first, last, person_id, learner_id, day, role, pathway, moved_on, employed, gone_on, seen_on, departed,
               CASE WHEN bool_and(met_on IS NOT NULL) THEN max(met_on) END AS met_on
        FROM singles GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
    )
"""

TIMES = f"""
    coalesce(met_on < day, false) AS already,
    CASE WHEN met_on <= seen_on THEN {REACHED} WHEN departed THEN {DEPARTED} ELSE 0 END AS outcome,
    CASE WHEN met_on <= seen_on THEN met_on WHEN departed THEN gone_on ELSE seen_on END - day AS days
"""
"""Of a start: whether it was held already, and the days until what happened first (``competing``)."""

_FIGURES = f"first, last, person_id, learner_id, employed, kind, slice, {TIMES}"

_CELLS = text(
    f"""
    WITH {PERIODS}, {VALIDATIONS}, {STARTS}, {GOALS}, {sliced("wholes", "pathway")}, figures AS (
        SELECT {_FIGURES} FROM sliced WHERE kind <> 'role' OR role IS NOT NULL
        UNION ALL
        SELECT {_FIGURES} FROM (SELECT *, 'skill' AS kind, skill AS slice FROM singles) AS each
        WHERE employed AND 'skill' = ANY(:cuts)
    ), counted AS (
        SELECT *, employed AND NOT already AS counts FROM figures
    )
    SELECT first, last, kind, slice,
           count(*) FILTER (WHERE counts) AS denominator,
           count(*) FILTER (WHERE counts AND outcome = {REACHED}) AS numerator,
           count(*) FILTER (WHERE counts AND outcome = {DEPARTED}) AS departed,
           count(DISTINCT person_id) FILTER (WHERE counts) AS n,
           count(DISTINCT learner_id) FILTER (WHERE person_id IS NULL) AS unmatched,
           count(*) FILTER (WHERE employed AND already) AS already,
           array_agg(days ORDER BY days, outcome) FILTER (WHERE counts) AS days,
           array_agg(outcome ORDER BY days, outcome) FILTER (WHERE counts) AS outcomes
    FROM counted GROUP BY first, last, kind, slice
    """  # noqa: S608 - of our own
)


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    rows = (await session.execute(_CELLS, asked.parameters)).all()
    samples = [list(zip(row.days or (), row.outcomes or (), strict=True)) for row in rows]
    found = await computed(curves, samples, SHARE_DAYS)
    return [_cell(*each) for each in zip(rows, found, strict=True)]


def _cell(row: Row[Any], curve: Curve) -> Cell:
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=curve.median,
        numerator=row.numerator,
        denominator=row.denominator,
        n=row.n,
        unmatched=row.unmatched,
        interval=curve.interval,
        detail={
            "p75": curve.p75,
            "departed": row.departed,
            "already": row.already,
            f"reached_by_{SHARE_DAYS}": curve.reached,
            f"departed_by_{SHARE_DAYS}": curve.departed,
        },
    )


TIME_TO_COMPETENCY = Kpi(
    name="time-to-competency",
    version=1,
    stage="outcome",
    unit="days",
    definition=(
        "Median days, by Kaplan and Meier, from a start in the period until an assessor has validated what it was a "
        "start for; null with a denominator above 0 means: not reached by half of those who were watched. A start is "
        "an employee's first day in a role that has a profile, for all skills which that requires; or a first "
        "enrolment on a published pathway, for all skills of its newest version. By skill: each start for it, up to "
        "the validation of this one skill. By role: starts in that role, for its whole profile. By pathway: "
        "enrolments on it. By unit, and for everybody: both kinds of start, each up to all its skills; people are "
        f"where they stood on the day of the start. {VALIDATED} What was validated before the start is held already; "
        "starts for nothing else are left out (detail.already). Watched until departure, which ends it as an event "
        f"that competes; until the role ends; for {FOLLOWED_DAYS} days; or up to the last day read. Leaving a pathway "
        "ends nothing. denominator: starts; numerator: those reached; n: distinct people; unmatched: enrolled "
        "learners whom the directory does not know, in no figure. interval: of the median, by Brookmeyer and Crowley "
        "on log(-log); null where it has no upper end. detail.p75: days until three quarters had reached it; "
        f"detail.departed: starts that departure ended; detail.reached_by_{SHARE_DAYS} and departed_by_{SHARE_DAYS}: "
        "shares by that day with departure as a competing risk (Aalen and Johansen), null while nobody was watched "
        "so long. Slices are not tested against each other."
    ),
    compute=_compute,
    reads={
        Source.WORK: Reach(before=FOLLOWED_DAYS, after=None),
        # A changed day may move the start from the day after it.
        Source.PEOPLE: Reach(before=FOLLOWED_DAYS + 1, after=1),
        Source.PROGRAMME: Reach(before=FOLLOWED_DAYS, after=None),
        Source.ENROLMENTS: Reach(before=FOLLOWED_DAYS, after=None),
    },
    grains=(Grain.MONTH, Grain.QUARTER),
    cuts=("unit", "role", "skill", "pathway"),
    cut_grain=Grain.QUARTER,
    matures=timedelta(days=FOLLOWED_DAYS),
    since=(
        "SELECT least((SELECT min(day) FROM said WHERE type = 'programme.learner-enrolled' AND stands), "
        "(SELECT min(first_day) FROM membership JOIN role_profiles ON role = slice WHERE kind = 'role'))"
    ),
    of_nobody=None,
    less_is_better=True,
)
