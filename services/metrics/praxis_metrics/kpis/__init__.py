"""Every KPI by name: one file each, with its published definition and what it adds up."""

from praxis_metrics.kpis.active_days import ACTIVE_DAYS
from praxis_metrics.kpis.application_rate import APPLICATION_RATE
from praxis_metrics.kpis.completions import COMPLETIONS
from praxis_metrics.kpis.cross_skill_mobility import CROSS_SKILL_MOBILITY
from praxis_metrics.kpis.enrolments import ENROLMENTS
from praxis_metrics.kpis.error_reduction import ERROR_REDUCTION
from praxis_metrics.kpis.high_performer_retention import HIGH_PERFORMER_RETENTION
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.kpis.learning_hours import LEARNING_HOURS
from praxis_metrics.kpis.monthly_active_learners import MONTHLY_ACTIVE_LEARNERS
from praxis_metrics.kpis.productivity import PRODUCTIVITY
from praxis_metrics.kpis.promotion_association import PROMOTION_ASSOCIATION
from praxis_metrics.kpis.return_on_investment import RETURN_ON_INVESTMENT
from praxis_metrics.kpis.revenue_influenced import REVENUE_INFLUENCED
from praxis_metrics.kpis.review_citation import REVIEW_CITATION
from praxis_metrics.kpis.revision_cycles import REVISION_CYCLES
from praxis_metrics.kpis.tasks_with_new_skills import TASKS_WITH_NEW_SKILLS
from praxis_metrics.kpis.time_saved import TIME_SAVED
from praxis_metrics.kpis.time_to_competency import TIME_TO_COMPETENCY

KPIS: dict[str, Kpi] = {
    kpi.name: kpi
    for kpi in (
        MONTHLY_ACTIVE_LEARNERS,
        LEARNING_HOURS,
        ACTIVE_DAYS,
        ENROLMENTS,
        COMPLETIONS,
        APPLICATION_RATE,
        TASKS_WITH_NEW_SKILLS,
        TIME_SAVED,
        ERROR_REDUCTION,
        REVENUE_INFLUENCED,
        PRODUCTIVITY,
        REVISION_CYCLES,
        RETURN_ON_INVESTMENT,
        TIME_TO_COMPETENCY,
        CROSS_SKILL_MOBILITY,
        HIGH_PERFORMER_RETENTION,
        REVIEW_CITATION,
        PROMOTION_ASSOCIATION,
    )
}
