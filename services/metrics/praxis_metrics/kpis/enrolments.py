"""Enrolments: what people were put on, by themselves or by others."""

from praxis_metrics.kpis.counting import COUNTED, CUTS, GRAINS, NOBODY, READS, person_days
from praxis_metrics.kpis.kpi import Kpi

ENROLMENTS = Kpi(
    name="enrolments",
    version=1,
    stage="process",
    unit="enrolments",
    definition=(
        "Distinct (learner, activity, day) with a statement of enrolment (registered of ADL or TLA, or enrolled onto "
        "a learning plan) in the period; a later withdrawal does not take it back. Numerator: those on days on which "
        f"the learner was an employee, of learners counted in the denominator. n: learners enrolled. {COUNTED}"
    ),
    compute=person_days(
        counts="enrolments > 0",
        value="coalesce(sum(enrolments) {of}, 0)",
    ),
    reads=READS,
    cuts=CUTS,
    grains=GRAINS,
    days="person_day",
    by_headcount=True,
    detail_of_nobody=NOBODY,
)
