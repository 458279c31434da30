"""Error reduction: how many fewer errors a task had than before, of as many opportunities."""

from praxis_metrics.kpis.accepted_tasks import CUT_GRAIN, CUTS, OF_TASKS, READS, SINCE
from praxis_metrics.kpis.effects import EFFECTS, METHODS, Measure, median_of
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.kpis.outcomes import plausible

ERRORS = Measure(
    name="errors",
    of_task="errors * 1000 / opportunities::float8",
    of_value="value * 1000",
    of_outcome="(o.before - o.after) * 1000 / o.opportunities",
    told=f"{plausible('o.opportunities', 1)} AND greatest(o.before, o.after) <= o.opportunities",
)

ERROR_REDUCTION = Kpi(
    name="error-reduction",
    version=1,
    stage="outcome",
    unit="errors per 1,000 opportunities",
    definition=(
        "Errors of every 1,000 opportunities that a task of the period had less than before; below 0 where it had "
        f"more. {EFFECTS} Here: outcomes with the measure errors and at least as many opportunities, and tasks with "
        "both; a measured outcome is in errors for each of what it says per. Where errors are rare the median is 0, "
        f"though fewer were made: it is of the usual task. {OF_TASKS} n: the people whose tasks these are. "
        "detail.tasks: how many, and tasks_measured, tasks_estimated, tasks_own_history, by method."
    ),
    compute=median_of(ERRORS, totals={}),
    reads=READS,
    cuts=CUTS,
    cut_grain=CUT_GRAIN,
    since=SINCE,
    of_nobody=None,
    detail_of_nobody={"tasks": 0, **{f"tasks_{name}": 0 for name in METHODS}},
)
