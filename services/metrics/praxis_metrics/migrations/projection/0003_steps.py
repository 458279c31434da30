"""The views of planned steps."""

from alembic import op

from praxis_metrics.said.views.steps import VIEWS

revision = "metrics_projection_0003"
down_revision = "metrics_projection_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in VIEWS:
        op.execute(statement)
