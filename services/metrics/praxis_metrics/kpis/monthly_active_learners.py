"""Monthly active learners: whether people learn at all."""

from praxis_metrics.kpis.counting import COUNTED, CUTS, GRAINS, NOBODY, READS, person_days
from praxis_metrics.kpis.kpi import Kpi

MONTHLY_ACTIVE_LEARNERS = Kpi(
    name="monthly-active-learners",
    version=1,
    stage="process",
    unit="people",
    definition=(
        "Distinct learners with at least one learner-initiated statement in the period (by its timestamp, in the "
        "reporting time zone). Administrative and system-made verbs (registered, unregistered, earned, passed, failed, "
        "satisfied, waived, voided) are no activity, nor is a group's statement. Numerator: those of them who were "
        "employees on a day on which they were active, and counted in the denominator. detail.stickiness: mean of the "
        "daily active learners over all days of the period, divided by the value. With another grain it is daily, "
        f"weekly or quarterly active learners. {COUNTED}"
    ),
    compute=person_days(
        counts="active",
        value="count(DISTINCT learner_id) {of}",
        detail={"stickiness": "sum(days)::float8 / (last - first + 1) / nullif(count(DISTINCT learner_id), 0)"},
    ),
    reads=READS,
    cuts=CUTS,
    grains=GRAINS,
    days="person_day",
    by_headcount=True,
    detail_of_nobody={"stickiness": None, **NOBODY},
)
