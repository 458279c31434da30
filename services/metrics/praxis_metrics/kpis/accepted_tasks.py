"""SQL that KPIs of accepted tasks share: the tasks of everybody that somebody else accepted."""

from praxis_metrics.calendar import Grain
from praxis_metrics.changes import Source
from praxis_metrics.kpis.kpi import Reach
from praxis_metrics.kpis.slicing import ENROLLED, ENROLLED_READS, PERIODS, employed, sliced

FINISHED = """
    finished AS MATERIALIZED (
        SELECT DISTINCT ON (t.learner_id, t.task_system, t.task_id)
               t.learner_id, t.event, t.at, t.day, t.task_system, t.task_id, t.rounds, t.worked_minutes, t.errors,
               t.opportunities, t.skills
        FROM tasks_accepted t
        WHERE t.accepter_id IS DISTINCT FROM t.learner_id AND t.day <= (SELECT max(last) FROM periods)
          AND NOT EXISTS (SELECT FROM systems y WHERE y.system = t.task_system AND y.kind = 'learning')
        ORDER BY t.learner_id, t.task_system, t.task_id, t.at, t.event
    )
"""
"""The common table of each learner's tasks, once: as first accepted. A task that is opened again is not work anew, and
a later acceptance never changes what was published of an earlier one."""

OF_TASKS = (
    "A task counts for a person once, on the day of its first acceptance; not one that the person accepted, nor one in "
    "a learning system. Of everybody, whether they learn or not; in the figures only of people who were employees on "
    "that day. unmatched: the people of such tasks whom the directory does not know."
)
"""The end of every definition here."""

READS = {Source.WORK: Reach(after=None), Source.PEOPLE: Reach(), Source.PROGRAMME: Reach(after=None), **ENROLLED_READS}
"""``after``: of two acceptances the first counts, whichever is told first; a system may turn out to teach."""

SINCE = (
    "SELECT min(day) FROM said WHERE stands "
    "AND type IN ('work.task-accepted', 'work.outcome-measured', 'evidence.skill-applied')"
)

CUTS, CUT_GRAIN = ("unit", "role", *ENROLLED), Grain.QUARTER


def by_cell(figure: str, columns: str) -> str:
    """The query of the cells of tasks that have this figure (SQL of a finished task ``f``). ``columns``: of each cell,
    over ``figure``, with ``{of}`` to take those that count; ``people`` and ``figures`` are theirs, in one order."""
    of = "FILTER (WHERE employed)"
    return f"""
    WITH {PERIODS}, {FINISHED}, found AS MATERIALIZED (
        SELECT p.first, p.last, f.learner_id, f.day, {figure} AS figure, r.person_id,
               coalesce({employed("r.person_id", "f.day")}, false) AS employed
        FROM periods p JOIN finished f ON f.day BETWEEN p.first AND p.last JOIN learners r USING (learner_id)
        WHERE {figure} IS NOT NULL
    ), {sliced("found")}
    SELECT first, last, kind, slice, {columns.format(of=of)}, count(*) {of} AS tasks,
           count(DISTINCT learner_id) {of} AS n,
           count(DISTINCT learner_id) FILTER (WHERE person_id IS NULL) AS unmatched,
           array_agg(learner_id ORDER BY learner_id, figure) {of} AS people,
           array_agg(figure ORDER BY learner_id, figure) {of} AS figures
    FROM sliced GROUP BY first, last, kind, slice
    """  # noqa: S608 - of our own
