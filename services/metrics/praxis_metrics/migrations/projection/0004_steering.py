"""The views of barrier audits, and of how the programme is steered."""

from alembic import op

from praxis_metrics.said.views import audits, governance

revision = "metrics_projection_0004"
down_revision = "metrics_projection_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in (*audits.VIEWS, *governance.VIEWS):
        op.execute(statement)
