"""Who reports to whom, for what a manager is shown."""

from alembic import op

from praxis_people.reporting_lines import REPORTING_TABLES

revision = "incentives_p_0003"
down_revision = "incentives_p_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in REPORTING_TABLES:
        op.execute(statement)
