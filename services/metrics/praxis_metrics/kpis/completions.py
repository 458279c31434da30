"""Completions: what people brought to an end."""

from praxis_metrics.kpis.kpi import Kpi

COMPLETIONS = Kpi(
    name="completions",
    version=1,
    stage="process",
    unit="completions",
    definition=(
        "Distinct (learner, activity, day) with a completed statement (ADL or Activity Streams) in the period: the "
        "same activity completed twice on a day is one completion. Numerator: those on days on which the learner was "
        "employed, of learners counted in the denominator. Denominator: persons employed on at least one day of the "
        "period, without those who were on leave throughout. n: learners with a completion; unmatched: those of them "
        "whom the directory does not know; detail.not_employed: those whom it knows but who were not employed on such "
        "a day."
    ),
    counts="completions > 0",
    value="coalesce(sum(completions) {of}, 0)",
)
