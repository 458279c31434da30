"""A decision bears the trace that it was made in."""

from alembic import op

revision = "incentives_p_0002"
down_revision = "incentives_p_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE outbox ADD COLUMN traceparent text")
