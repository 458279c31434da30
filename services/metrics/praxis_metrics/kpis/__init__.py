"""Every KPI by name: one file each, with its published definition and what it adds up."""

from praxis_metrics.kpis.active_days import ACTIVE_DAYS
from praxis_metrics.kpis.application_rate import APPLICATION_RATE
from praxis_metrics.kpis.completions import COMPLETIONS
from praxis_metrics.kpis.enrolments import ENROLMENTS
from praxis_metrics.kpis.feedback_interval import FEEDBACK_INTERVAL
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.kpis.learning_hours import LEARNING_HOURS
from praxis_metrics.kpis.micro_habits import MICRO_HABITS
from praxis_metrics.kpis.monthly_active_learners import MONTHLY_ACTIVE_LEARNERS
from praxis_metrics.kpis.participation import PARTICIPATION
from praxis_metrics.kpis.peer_coaching import PEER_COACHING
from praxis_metrics.kpis.protected_hours import PROTECTED_HOURS
from praxis_metrics.kpis.visible_leader_participation import VISIBLE_LEADER_PARTICIPATION

KPIS: dict[str, Kpi] = {
    kpi.name: kpi
    for kpi in (
        MONTHLY_ACTIVE_LEARNERS,
        LEARNING_HOURS,
        APPLICATION_RATE,
        PARTICIPATION,
        PEER_COACHING,
        VISIBLE_LEADER_PARTICIPATION,
        MICRO_HABITS,
        PROTECTED_HOURS,
        FEEDBACK_INTERVAL,
        ACTIVE_DAYS,
        ENROLMENTS,
        COMPLETIONS,
    )
}
