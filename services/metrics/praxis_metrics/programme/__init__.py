"""What the programme asks beyond KPIs: goals, pathways, pilots, audits, reports, skills, activities, governance."""

from praxis_metrics.findings import Finding
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.programme.activities import ACTIVITIES
from praxis_metrics.programme.barriers import BARRIERS
from praxis_metrics.programme.feedback import FEEDBACK
from praxis_metrics.programme.pathways.finding import PATHWAY_COMPARISONS
from praxis_metrics.programme.pilots.finding import PILOTS
from praxis_metrics.programme.skills import SKILLS
from praxis_metrics.programme.suggestions import SUGGESTIONS

FINDINGS: tuple[Finding, ...] = (
    PILOTS,
    PATHWAY_COMPARISONS,
    SKILLS,
    ACTIVITIES,
    SUGGESTIONS,
)
"""Those that are computed when something changes; the others are read from published cells when asked."""

VOICES: tuple[Kpi, ...] = (BARRIERS, FEEDBACK)
"""What people say, published as cells as KPIs are, and no KPI: ``/audits`` and ``/triangulation`` read them."""
