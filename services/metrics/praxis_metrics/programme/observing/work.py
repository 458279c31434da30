"""How people's work is observed: what they used of what they learned, and their tasks."""

from praxis_metrics.kpis.accepted_tasks import FINISHED
from praxis_metrics.kpis.application_rate import IN_TIME, PAIRS
from praxis_metrics.kpis.effects import Measure, effects
from praxis_metrics.kpis.error_reduction import ERRORS
from praxis_metrics.kpis.review_citation import REVIEWS
from praxis_metrics.kpis.slicing import employed
from praxis_metrics.kpis.tasks_with_new_skills import TOLD
from praxis_metrics.kpis.time_saved import MINUTES
from praxis_metrics.programme.observing.observed import Observed

_OF_SKILL = "(CAST(:skill AS text) IS NULL OR skill = :skill)"
_MEDIAN = "array_agg(o.figure ORDER BY o.figure)"


def _of_employees(rows: str, columns: str, where: str = "true") -> str:
    """``observations``: of ``rows``, which name a learner and a day, those of employees on that day."""
    return f"""
    observations AS MATERIALIZED (
        SELECT l.person_id, r.day, {columns} FROM {rows} r JOIN learners l USING (learner_id)
        JOIN (SELECT DISTINCT person_id FROM windows) asked USING (person_id)
        WHERE {employed("l.person_id", "r.day")} AND {where}
    )
    """  # noqa: S608 - of our own


def _effect(kpi: str, what: str, measure: Measure) -> Observed:
    tables = f"{FINISHED}, {effects(measure)}, {_of_employees('effects', 'r.difference AS figure')}"
    return Observed(kpi, f"the median of what tasks took less than before, in {what}", tables, _MEDIAN)


_PAIRS = f"""
    {PAIRS}, observations AS (
        SELECT person_id, day, coalesce({IN_TIME}, false) AS is_used FROM pairs
        WHERE employed AND is_mature AND {_OF_SKILL}
    )
"""  # noqa: S608 - of our own

_SKILLED = _of_employees("told", "r.task_system, r.task_id, r.is_done", f"r.is_eligible AND {_OF_SKILL}")

_REVIEWED = f"{REVIEWS}, observations AS (SELECT person_id, day, accepted FROM held WHERE employed)"  # noqa: S608

WORK = (
    Observed(
        kpi="application-rate",
        words="of the pairs of a person and a skill learned in the period, the share used within 30 days",
        tables=_PAIRS,
        figure="count(*) FILTER (WHERE o.is_used)",
        denominator="count(*)",
        by_skill=True,
    ),
    Observed(
        kpi="tasks-with-new-skills",
        words="of each person's tasks that became eligible for a skill in the period, the share done so in 90 days",
        tables=f"{TOLD}, {_SKILLED}",
        figure="count(DISTINCT (o.task_system, o.task_id)) FILTER (WHERE o.is_done)",
        denominator="count(DISTINCT (o.task_system, o.task_id))",
        by_skill=True,
    ),
    Observed(
        kpi="productivity",
        words="accepted tasks per hour worked on them",
        tables=f"{FINISHED}, {_of_employees('finished', 'r.worked_minutes', 'r.worked_minutes IS NOT NULL')}",
        figure="count(*)",
        denominator="sum(o.worked_minutes) / 60",
    ),
    Observed(
        kpi="revision-cycles",
        words="the median of the rounds that tasks took until they were accepted",
        tables=f"{FINISHED}, {_of_employees('finished', 'r.rounds::float8 AS figure', 'r.rounds IS NOT NULL')}",
        figure=_MEDIAN,
    ),
    _effect("time-saved", "hours", MINUTES),
    _effect("error-reduction", "errors per 1,000 opportunities", ERRORS),
    Observed(
        kpi="review-citation",
        words="of people's reviews, the share that cite accepted evidence",
        tables=_REVIEWED,
        figure="count(*) FILTER (WHERE o.accepted)",
        denominator="count(*)",
    ),
)
