"""``programme.design``: what the programme asks for, plans and hears. Owners everywhere: without one it is refused."""

from praxis_events.contracts.programme.barriers import (
    BarrierAssigned,
    BarrierReported,
    BarrierUpdated,
    FeedbackGiven,
    SurveySent,
)
from praxis_events.contracts.programme.governance import (
    GoalSet,
    OverrideSet,
    PlaybookPublished,
    ProgrammeRescinded,
    ReportPublished,
    ReportPublishedV1,
    StandardSet,
)
from praxis_events.contracts.programme.habits import HabitDesigned, ProtectedHoursBooked, ProtectedHoursCancelled
from praxis_events.contracts.programme.leadership import (
    ExperimentShared,
    LeaderActed,
    LearningLeadAppointed,
    ManagerGoalSet,
)
from praxis_events.contracts.programme.pathways import (
    CostRecorded,
    LearnerEnrolled,
    LearnerWithdrawn,
    PathwayPublished,
    PathwayWithdrawn,
)
from praxis_events.contracts.programme.pilots import PilotConcluded, PilotRegistered, StepConcluded, StepPlanned
from praxis_events.contracts.programme.policies import (
    AssessorAppointed,
    Criteria,
    PerEndorser,
    PerPerson,
    PolicyPublished,
    Reward,
    SystemRegistered,
    Weights,
)
from praxis_events.contracts.programme.skills import ActivityMapped, PlanPublished, RoleProfiled, SkillDefined

__all__ = [
    "ActivityMapped",
    "AssessorAppointed",
    "BarrierAssigned",
    "BarrierReported",
    "BarrierUpdated",
    "CostRecorded",
    "Criteria",
    "ExperimentShared",
    "FeedbackGiven",
    "GoalSet",
    "HabitDesigned",
    "LeaderActed",
    "LearnerEnrolled",
    "LearnerWithdrawn",
    "LearningLeadAppointed",
    "ManagerGoalSet",
    "OverrideSet",
    "PathwayPublished",
    "PathwayWithdrawn",
    "PerEndorser",
    "PerPerson",
    "PilotConcluded",
    "PilotRegistered",
    "PlanPublished",
    "PlaybookPublished",
    "PolicyPublished",
    "ProgrammeRescinded",
    "ProtectedHoursBooked",
    "ProtectedHoursCancelled",
    "ReportPublished",
    "ReportPublishedV1",
    "Reward",
    "RoleProfiled",
    "SkillDefined",
    "StandardSet",
    "StepConcluded",
    "StepPlanned",
    "SurveySent",
    "SystemRegistered",
    "Weights",
]
