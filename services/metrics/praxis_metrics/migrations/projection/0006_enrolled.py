"""Pathways and cohorts as slices: everything is published again with them, and enrolments are a source of their own."""

from alembic import op

from praxis_metrics.said.views.programme import ENROLLED

revision = "metrics_projection_0006"
down_revision = "metrics_projection_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(ENROLLED)
    op.execute(
        "UPDATE said SET source = 'enrolments' "
        "WHERE type IN ('programme.learner-enrolled', 'programme.learner-withdrawn')"
    )
    op.execute("DELETE FROM publications")
