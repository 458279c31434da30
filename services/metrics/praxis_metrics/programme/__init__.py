"""What the programme asks beyond KPIs: goals, pathways, pilots, audits, reports, skills, activities, governance."""

from praxis_metrics.findings import Finding

FINDINGS: tuple[Finding, ...] = ()
"""Those that are computed when something changes; the others are read from published cells when asked."""
