"""What changed in a task: baseline less after, by evidence or by the person's own history. KPIs share it by measure."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Period
from praxis_metrics.kpis.accepted_tasks import FINISHED
from praxis_metrics.kpis.bootstrapping import medians
from praxis_metrics.kpis.kpi import Asked, Cell, Interval
from praxis_metrics.kpis.outcomes import ABOUT, FACTOR, IS_ESTIMATE, IS_SOUND, outcomes_of, plausible
from praxis_metrics.kpis.slicing import PERIODS, employed, sliced
from praxis_metrics.lattice import Slice
from praxis_metrics.statistics import computed

HISTORY_QUARTERS = 4
"""A year has every season in it."""

LEAST_TASKS = 3
"""The median of fewer is whichever one was odd."""

METHODS = ("measured", "estimated", "own_history")

EFFECTS = (
    "Each gives a difference, baseline less after, by one of three methods, which detail counts apart. measured: "
    "an outcome of accepted evidence with before and after, and a source that is no estimate; times its "
    "attribution where that is told. estimated: the same with a confidence, or with a source called self, self- "
    "estimate, self-report, self-reported or estimate: times confidence and attribution, and left out where "
    "either is missing (Phillips's conservative adjustment). own_history: an accepted task, or a person's "
    f"measured outcome that says per what, against the median of the same person's in the {HISTORY_QUARTERS} "
    f"calendar quarters before; of tasks with the same system and skills, at least {LEAST_TASKS}; of outcomes with "
    "the same per and source, at least one. That isolates nothing but the person: other causes are compared away "
    "only beside other slices. Of one task of one person (of evidence without a task, of its artefact) the first "
    "statement counts; at one moment measured, then estimated. A unit's measured outcomes are nobody's tasks and "
    "do not count. Value: the median; interval: bootstrap, drawing people with all their tasks."
)
"""The middle of the definitions here."""


@dataclass(frozen=True, slots=True)
class Measure:
    """``name``: of outcomes. The others are SQL: of a finished task (null where it tells nothing), of the ``value`` of
    a measured outcome, and of ``before`` less ``after``; ``told``: which of these are taken."""

    name: str
    of_task: str
    of_value: str
    of_outcome: str
    told: str


# A CASE, as most tasks name no skills and a subquery for each takes most of the time.
_SKILLS = """
    CASE WHEN jsonb_typeof(skills) = 'array' THEN ARRAY(SELECT jsonb_array_elements_text(skills) ORDER BY 1)
         ELSE CAST('{}' AS text[]) END
"""


def effects(measure: Measure) -> str:
    """The common table ``effects``, after ``FINISHED``: each difference once, with its day and method."""
    return f"""
    observed AS MATERIALIZED (
        SELECT learner_id, event, at, day, ARRAY['task', task_system, task_id] AS about,
               ARRAY['task', task_system] || {_SKILLS} AS kind, {measure.of_task} AS figure, {LEAST_TASKS} AS least
        FROM finished WHERE {measure.of_task} IS NOT NULL
        UNION ALL
        SELECT * FROM (
            SELECT DISTINCT ON (learner_id, per, source, from_at)
                   learner_id, event, from_at, day, ARRAY['measured', per, source, from_at::text],
                   ARRAY['measured', per, source], {measure.of_value}, 1
            FROM outcomes_measured
            WHERE lower(measure) = '{measure.name}' AND learner_id IS NOT NULL AND per IS NOT NULL
              AND day <= (SELECT max(last) FROM periods) AND {plausible("value")}
            ORDER BY learner_id, per, source, from_at, event
        ) measured
    ), baselines AS MATERIALIZED (
        SELECT learner_id, kind, quarter, percentile_cont(0.5) WITHIN GROUP (ORDER BY figure) AS baseline,
               count(*) AS observations
        FROM observed CROSS JOIN LATERAL (
            SELECT CAST(date_trunc('quarter', day::timestamp) + ahead * interval '3 months' AS date) AS quarter
            FROM generate_series(1, {HISTORY_QUARTERS}) AS ahead
        ) later
        GROUP BY learner_id, kind, quarter
    ), effects AS MATERIALIZED (
        SELECT DISTINCT ON (learner_id, about) learner_id, about, day, method, difference
        FROM (
            SELECT o.learner_id, o.event, o.at, o.day, o.about, 'own_history' AS method, 3 AS rank,
                   b.baseline - o.figure AS difference
            FROM observed o
            JOIN baselines b ON b.learner_id = o.learner_id AND b.kind = o.kind AND b.observations >= o.least
                            AND b.quarter = CAST(date_trunc('quarter', o.day::timestamp) AS date)
            UNION ALL
            SELECT e.learner_id, e.event, e.at, e.day, {ABOUT}, CASE WHEN {IS_ESTIMATE} THEN 'estimated'
                   ELSE 'measured' END, CASE WHEN {IS_ESTIMATE} THEN 2 ELSE 1 END, {measure.of_outcome} * {FACTOR}
            FROM {outcomes_of("accepted_evidence")}
            WHERE lower(o.measure) = '{measure.name}' AND {plausible("o.before")} AND {plausible("o.after")}
              AND {IS_SOUND} AND {measure.told} AND e.day <= (SELECT max(last) FROM periods)
        ) told
        ORDER BY learner_id, about, at, rank, difference, event
    )
    """  # noqa: S608 - of our own


def _cells(measure: Measure) -> str:
    counts = "".join(f", count(*) FILTER (WHERE employed AND method = '{name}') AS {name}" for name in METHODS)
    return f"""
    WITH {PERIODS}, {FINISHED}, {effects(measure)}, found AS MATERIALIZED (
        SELECT p.first, p.last, e.*, r.person_id, coalesce({employed("r.person_id", "e.day")}, false) AS employed
        FROM periods p JOIN effects e ON e.day BETWEEN p.first AND p.last JOIN learners r USING (learner_id)
    ), {sliced("found")}
    SELECT first, last, kind, slice,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY difference) FILTER (WHERE employed) AS value,
           sum(difference ORDER BY difference) FILTER (WHERE employed) AS total,
           count(*) FILTER (WHERE employed) AS tasks,
           count(DISTINCT learner_id) FILTER (WHERE employed) AS n,
           count(DISTINCT learner_id) FILTER (WHERE person_id IS NULL) AS unmatched,
           array_agg(learner_id ORDER BY learner_id, difference) FILTER (WHERE employed) AS people,
           array_agg(difference ORDER BY learner_id, difference) FILTER (WHERE employed) AS figures{counts}
    FROM sliced GROUP BY first, last, kind, slice
    """  # noqa: S608 - of our own


def median_of(measure: Measure, totals: Mapping[str, str]) -> Callable[[AsyncSession, Asked], Awaitable[list[Cell]]]:
    """``totals``: further details by name, each a column of ``_cells``."""
    query = text(_cells(measure))
    details = {**totals, "tasks": "tasks", **{f"tasks_{name}": name for name in METHODS}}

    async def compute(session: AsyncSession, asked: Asked) -> list[Cell]:
        rows = (await session.execute(query, asked.parameters)).all()
        intervals = await computed(medians, [(row.people or (), row.figures or ()) for row in rows])
        return [_cell(row, interval, details) for row, interval in zip(rows, intervals, strict=True)]

    return compute


def _cell(row: Row[Any], interval: Interval | None, details: Mapping[str, str]) -> Cell:
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=row.value,
        numerator=None,
        denominator=None,
        n=row.n,
        unmatched=row.unmatched,
        interval=interval,
        detail={name: getattr(row, column) for name, column in details.items()},
    )
