"""Hidden cells that stay hidden, whatever comes late."""

from alembic import op

from praxis_metrics.settled import SETTLED_TABLE

revision = "metrics_0002"
down_revision = "metrics_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(SETTLED_TABLE)
