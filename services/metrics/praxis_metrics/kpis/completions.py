"""Completions: what people brought to an end."""

from praxis_metrics.kpis.counting import COUNTED, CUTS, GRAINS, NOBODY, READS, person_days
from praxis_metrics.kpis.kpi import Kpi

COMPLETIONS = Kpi(
    name="completions",
    version=1,
    stage="process",
    unit="completions",
    definition=(
        "Distinct (learner, activity, day) with a completed statement (ADL or Activity Streams) in the period: the "
        "same activity completed twice on a day is one completion. Numerator: those on days on which the learner was "
        f"an employee, of learners counted in the denominator. n: learners with a completion. {COUNTED}"
    ),
    compute=person_days(
        counts="completions > 0",
        value="coalesce(sum(completions) {of}, 0)",
    ),
    reads=READS,
    cuts=CUTS,
    grains=GRAINS,
    days="person_day",
    by_headcount=True,
    detail_of_nobody=NOBODY,
)
