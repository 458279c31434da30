"""What a comparison's answer is made of. Pure."""

from praxis_metrics.findings import Looked
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.competing import REACHED, Curve
from praxis_metrics.kpis.time_to_competency import FOLLOWED_DAYS
from praxis_metrics.programme.figures import few, interval_of, rounded
from praxis_metrics.programme.observing import OBSERVED
from praxis_metrics.programme.pathways.cohorts import Pathway
from praxis_metrics.programme.pathways.outcomes import WINDOW_DAYS, Cohort, is_of_times
from praxis_metrics.programme.pathways.ranks import SIGNIFICANT, Tested, Tests
from praxis_metrics.programme.pathways.schemas import CohortOut, EffectOut, OutcomeOut, Result, TestOut

_TIME = (
    "days from the enrolment until an assessor has validated all skills of the pathway, by Kaplan and Meier; without "
    "those who could do it all before"
)


def result_of(tests: Tests | None) -> tuple[Result, str]:
    """With its reason."""
    if tests is None:
        return "inconclusive", "fewer than two cohorts have an outcome that can be shown"
    p = f"p = {tests.whole.p_value:.3g}"
    if tests.whole.p_value < SIGNIFICANT:
        return "differ", f"{p}, below {SIGNIFICANT:g}"
    return "no difference found", f"{p}, not below {SIGNIFICANT:g}, which does not show that they are alike"


def outcome_of(pathway: Pathway) -> OutcomeOut:
    kpi, is_timed = KPIS[pathway.outcome], is_of_times(pathway)
    words = OBSERVED[kpi.name].words if kpi.name in OBSERVED else "none: it is not made of what single people have"
    return OutcomeOut(
        kpi=kpi.name,
        definition_version=kpi.version,
        unit=kpi.unit,
        figure=_TIME if is_timed else words,
        window_days=FOLLOWED_DAYS if is_timed else WINDOW_DAYS,
    )


def tested_of(test: Tested) -> TestOut:
    return TestOut(
        cohorts=list(test.groups),
        method=test.method,
        statistic=rounded(test.statistic),
        p_value=rounded(test.p_value),
        adjusted_p_value=rounded(test.adjusted),
        effect=None if test.effect is None else EffectOut(name=test.effect.name, value=rounded(test.effect.value)),
    )


def cohort_of(cohort: Cohort, curve: Curve, pathway: Pathway, looked: Looked) -> CohortOut:
    """Of a hidden one there is its name."""
    members = () if cohort.is_hidden else cohort.members
    days = [member.enrolled_on for member in members]
    done = [member.modules for member in members]
    can_tell_modules = bool(done) and few(sum(map(bool, done)), looked.threshold) is not None
    is_timed = is_of_times(pathway)
    return CohortOut(
        cohort=cohort.name,
        people=len(members) if members else None,
        first_enrolled_on=min(days, default=None),
        last_enrolled_on=max(days, default=None),
        final_on=cohort.final_on if members else None,
        randomised=all(member.is_randomised for member in members) if members else None,
        withdrawn=few(sum(member.has_withdrawn for member in members), looked.threshold) if members else None,
        completed=few(sum(each == pathway.modules for each in done), looked.threshold) if members else None,
        modules=rounded(sum(done) / len(done) / pathway.modules) if can_tell_modules else None,
        n=cohort.outcomes or None,
        median=rounded(curve.median),
        interval=interval_of(curve.interval),
        p75=rounded(curve.p75),
        reached=few(sum(time.outcome == REACHED for time in cohort.times), looked.threshold) if is_timed else None,
        suppressed=cohort.is_suppressed,
        reasons=cohort.reasons,
    )
