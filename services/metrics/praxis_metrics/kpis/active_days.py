"""Active days: how often people learn."""

from praxis_metrics.kpis.counting import COUNTED, CUTS, GRAINS, NOBODY, READS, person_days
from praxis_metrics.kpis.kpi import Kpi

ACTIVE_DAYS = Kpi(
    name="active-days",
    version=1,
    stage="process",
    unit="person-days",
    definition=(
        "Person-days of the period with at least one learner-initiated statement (as in monthly-active-learners). "
        "Numerator: those on which the learner was an employee, of learners counted in the denominator. n: learners "
        f"with such a day. {COUNTED}"
    ),
    compute=person_days(
        counts="active",
        value="coalesce(sum(days) {of}, 0)",
    ),
    reads=READS,
    cuts=CUTS,
    grains=GRAINS,
    days="person_day",
    by_headcount=True,
    detail_of_nobody=NOBODY,
)
