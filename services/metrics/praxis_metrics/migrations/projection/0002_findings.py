"""What the programme asks beyond KPIs."""

from alembic import op

from praxis_metrics.findings import FINDING_TABLES

revision = "metrics_projection_0002"
down_revision = "metrics_projection_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in FINDING_TABLES:
        op.execute(statement)
