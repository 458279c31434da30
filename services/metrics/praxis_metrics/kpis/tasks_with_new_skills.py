"""Tasks done with new skills: of the tasks in which a skill could be used, those in which it was."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period
from praxis_metrics.changes import Source
from praxis_metrics.kpis.kpi import Asked, Cell, Interval, Kpi, Reach
from praxis_metrics.kpis.proportions import wilson
from praxis_metrics.kpis.slicing import ENROLLED, ENROLLED_READS, PERIODS, employed, sliced
from praxis_metrics.lattice import Slice
from praxis_metrics.statistics import computed

WINDOW_DAYS = 90
"""Most tasks are done within a quarter; without an end, old periods would never be final."""

_TASK = "learner_id, task_system, task_id, skill"

# Tasks that were eligible, and tasks shown by evidence, whether or not they had been called eligible.
TOLD = f"""
    shown AS MATERIALIZED (
        SELECT {_TASK}, at, day FROM accepted_evidence WHERE task_id IS NOT NULL
    ), eligible AS MATERIALIZED (
        SELECT DISTINCT ON ({_TASK}) {_TASK}, at, day FROM tasks_eligible t
        WHERE NOT EXISTS (SELECT FROM systems y WHERE y.system = t.task_system AND y.kind = 'learning')
        ORDER BY {_TASK}, at
    ), told AS MATERIALIZED (
        SELECT {_TASK}, day, true AS is_eligible, EXISTS (
                   SELECT FROM shown s
                   WHERE (s.learner_id, s.task_system, s.task_id, s.skill) =
                         (e.learner_id, e.task_system, e.task_id, e.skill)
                     AND s.at BETWEEN e.at AND e.at + interval '{WINDOW_DAYS * 24} hours'
               ) AS is_done
        FROM eligible e
        UNION ALL
        SELECT {_TASK}, min(day), false, true FROM shown GROUP BY {_TASK}
    )
"""  # noqa: S608 - of our own

_CELLS = text(
    f"""
    WITH {PERIODS}, {TOLD}, found AS MATERIALIZED (
        SELECT p.first, p.last, t.*, r.person_id, coalesce({employed("r.person_id", "t.day")}, false) AS employed
        FROM periods p JOIN told t ON t.day BETWEEN p.first AND p.last JOIN learners r USING (learner_id)
    ), {sliced("found", "skill")}
    SELECT first, last, kind, slice,
           count(DISTINCT (task_system, task_id)) FILTER (WHERE employed AND is_eligible) AS eligible,
           count(DISTINCT (task_system, task_id)) FILTER (WHERE employed AND is_eligible AND is_done) AS used,
           count(DISTINCT (task_system, task_id)) FILTER (WHERE employed AND NOT is_eligible) AS tasks,
           count(DISTINCT learner_id) FILTER (WHERE employed) AS n,
           count(DISTINCT learner_id) FILTER (WHERE person_id IS NULL) AS unmatched
    FROM sliced GROUP BY first, last, kind, slice
    """  # noqa: S608 - of our own
)


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    rows = (await session.execute(_CELLS, asked.parameters)).all()
    intervals = await computed(wilson, [(row.used, row.eligible) for row in rows])
    return [_cell(*each) for each in zip(rows, intervals, strict=True)]


def _cell(row: Row[Any], interval: Interval | None) -> Cell:
    return Cell(
        period=Period(row.first, row.last),
        slice=Slice(row.kind, row.slice),
        value=row.used / row.eligible if row.eligible else None,
        numerator=row.used if row.eligible else row.tasks,
        denominator=row.eligible or None,
        n=row.n,
        unmatched=row.unmatched,
        interval=interval,
        detail={"tasks": row.tasks},
    )


TASKS_WITH_NEW_SKILLS = Kpi(
    name="tasks-with-new-skills",
    version=1,
    stage="outcome",
    unit="ratio",
    definition=(
        f"Of the tasks in which employees could use a skill, the share in which they did within {WINDOW_DAYS} days. "
        "Denominator: distinct tasks that became eligible for a skill in the period (task-eligible; of one person, "
        "task and skill the first time), not in a learning system. Numerator: those of them with accepted evidence of "
        f"the skill by the same person, naming the task, from then on and up to {WINDOW_DAYS} times 24 hours later. "
        "Accepted: as in application-rate. Where nothing was said to be eligible there is no rate: the numerator is "
        "then the count detail.tasks. detail.tasks: distinct tasks with accepted evidence first told of the person, "
        "task and skill in the period, eligible or not. Employees only, by the day of which each is told. n: the "
        "people who had such tasks; unmatched: those whom the directory does not know, in no figure. Interval: "
        "Wilson's, as if tasks were independent."
    ),
    compute=_compute,
    reads={
        Source.WORK: Reach(before=WINDOW_DAYS + 1, after=None),
        Source.PEOPLE: Reach(),
        Source.PROGRAMME: Reach(after=None),
        **ENROLLED_READS,
    },
    cuts=("unit", "role", "skill", *ENROLLED),
    cut_grain=Grain.QUARTER,
    matures=timedelta(days=WINDOW_DAYS),
    since=("SELECT min(day) FROM said WHERE stands AND type IN ('work.task-eligible', 'evidence.skill-applied')"),
    of_nobody=None,
    detail_of_nobody={"tasks": 0},
)
