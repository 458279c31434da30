"""Enrolments: what people were put on, by themselves or by others."""

from praxis_metrics.kpis.kpi import Kpi

ENROLMENTS = Kpi(
    name="enrolments",
    version=1,
    stage="process",
    unit="enrolments",
    definition=(
        "Distinct (learner, activity, day) with a statement of enrolment (registered of ADL or TLA, or enrolled onto "
        "a learning plan) in the period; a later withdrawal does not take it back. Numerator: those on days on which "
        "the learner was employed, of learners counted in the denominator. Denominator: persons employed on at least "
        "one day of the period, without those who were on leave throughout. n: learners enrolled; unmatched: those of "
        "them whom the directory does not know; detail.not_employed: those whom it knows but who were not employed on "
        "such a day."
    ),
    counts="enrolments > 0",
    value="coalesce(sum(enrolments) {of}, 0)",
)
