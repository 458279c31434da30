"""Every KPI by name: one file each, with its published definition and how it is computed."""

from praxis_metrics.kpis.active_days import ACTIVE_DAYS
from praxis_metrics.kpis.application_rate import APPLICATION_RATE
from praxis_metrics.kpis.completions import COMPLETIONS
from praxis_metrics.kpis.cross_skill_mobility import CROSS_SKILL_MOBILITY
from praxis_metrics.kpis.enrolments import ENROLMENTS
from praxis_metrics.kpis.error_reduction import ERROR_REDUCTION
from praxis_metrics.kpis.feedback_interval import FEEDBACK_INTERVAL
from praxis_metrics.kpis.high_performer_retention import HIGH_PERFORMER_RETENTION
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.kpis.learning_hours import LEARNING_HOURS
from praxis_metrics.kpis.micro_habits import MICRO_HABITS
from praxis_metrics.kpis.monthly_active_learners import MONTHLY_ACTIVE_LEARNERS
from praxis_metrics.kpis.participation import PARTICIPATION
from praxis_metrics.kpis.peer_coaching import PEER_COACHING
from praxis_metrics.kpis.productivity import PRODUCTIVITY
from praxis_metrics.kpis.promotion_association import PROMOTION_ASSOCIATION
from praxis_metrics.kpis.protected_hours import PROTECTED_HOURS
from praxis_metrics.kpis.return_on_investment import RETURN_ON_INVESTMENT
from praxis_metrics.kpis.revenue_influenced import REVENUE_INFLUENCED
from praxis_metrics.kpis.review_citation import REVIEW_CITATION
from praxis_metrics.kpis.revision_cycles import REVISION_CYCLES
from praxis_metrics.kpis.tasks_with_new_skills import TASKS_WITH_NEW_SKILLS
from praxis_metrics.kpis.time_saved import TIME_SAVED
from praxis_metrics.kpis.time_to_competency import TIME_TO_COMPETENCY
from praxis_metrics.kpis.visible_leader_participation import VISIBLE_LEADER_PARTICIPATION

KPIS: dict[str, Kpi] = {
    kpi.name: kpi
    for kpi in (
        MONTHLY_ACTIVE_LEARNERS,
        LEARNING_HOURS,
        APPLICATION_RATE,
        TASKS_WITH_NEW_SKILLS,
        TIME_SAVED,
        ERROR_REDUCTION,
        REVENUE_INFLUENCED,
        PRODUCTIVITY,
        REVISION_CYCLES,
        TIME_TO_COMPETENCY,
        CROSS_SKILL_MOBILITY,
        HIGH_PERFORMER_RETENTION,
        PARTICIPATION,
        PEER_COACHING,
        VISIBLE_LEADER_PARTICIPATION,
        MICRO_HABITS,
        PROTECTED_HOURS,
        REVIEW_CITATION,
        PROMOTION_ASSOCIATION,
        FEEDBACK_INTERVAL,
        RETURN_ON_INVESTMENT,
        ACTIVE_DAYS,
        ENROLMENTS,
        COMPLETIONS,
    )
}
"""In the order of the programme's questions: do people learn, do they use it, does it help; then the process."""
