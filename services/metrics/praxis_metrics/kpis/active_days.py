"""Active days: how often people learn."""

from praxis_metrics.kpis.kpi import Kpi

ACTIVE_DAYS = Kpi(
    name="active-days",
    version=1,
    stage="process",
    unit="person-days",
    definition=(
        "Person-days of the period with at least one learner-initiated statement (as in monthly-active-learners). "
        "Numerator: those on which the learner was employed, of learners counted in the denominator. Denominator: "
        "persons employed on at least one day of the period, without those who were on leave throughout. n: learners "
        "with such a day; unmatched: those of them whom the directory does not know; detail.not_employed: those whom "
        "it knows but who were not employed on such a day."
    ),
    counts="active",
    value="count(learner_id) {of}",
)
