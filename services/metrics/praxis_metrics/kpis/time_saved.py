"""Time saved: how much less time a task took than before."""

from praxis_metrics.kpis.accepted_tasks import CUT_GRAIN, CUTS, OF_TASKS, READS, SINCE
from praxis_metrics.kpis.effects import EFFECTS, METHODS, Measure, median_of
from praxis_metrics.kpis.kpi import Kpi

MINUTES = Measure(
    name="minutes",
    of_task="worked_minutes / 60",
    of_value="value / 60",
    of_outcome="(o.before - o.after) / 60",
    told="true",
)

TIME_SAVED = Kpi(
    name="time-saved",
    version=1,
    stage="outcome",
    unit="hours per task",
    definition=(
        f"Hours that a task of the period took less than before; below 0 where it took more. {EFFECTS} Here: outcomes "
        "with the measure minutes, and the worked_minutes of tasks. opportunities multiply nothing: how often a saving "
        f"was repeated is not known to be measured. {OF_TASKS} n: the people whose tasks these are. detail.hours: the "
        "sum; detail.tasks: how many, and tasks_measured, tasks_estimated, tasks_own_history, by method."
    ),
    compute=median_of(MINUTES, totals={"hours": "total"}),
    reads=READS,
    cuts=CUTS,
    cut_grain=CUT_GRAIN,
    since=SINCE,
    of_nobody=None,
    detail_of_nobody={"hours": None, "tasks": 0, **{f"tasks_{name}": 0 for name in METHODS}},
)
