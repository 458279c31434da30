"""The KPIs that can be observed of single people, by name."""

from praxis_metrics.programme.observing.habits import HABITS
from praxis_metrics.programme.observing.learning import LEARNING
from praxis_metrics.programme.observing.work import WORK

OBSERVED = {of.kpi: of for of in (*LEARNING, *WORK, *HABITS)}
"""The others are of times, of rare moves, or of money: no person has one by which groups could be compared."""
