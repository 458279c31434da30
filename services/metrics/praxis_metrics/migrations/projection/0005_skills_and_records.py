"""What was begun, how activities are named, and who reports to whom: for skills, activities and people's records."""

from alembic import op

from praxis_metrics.activity_texts import ACTIVITY_TEXT_TABLES
from praxis_metrics.begun import BEGUN_TABLES
from praxis_metrics.said.views.people import MANAGER_GOALS
from praxis_people.reporting_lines import REPORTING_TABLES

revision = "metrics_projection_0005"
down_revision = "metrics_projection_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in (*ACTIVITY_TEXT_TABLES, *BEGUN_TABLES, *REPORTING_TABLES, MANAGER_GOALS):
        op.execute(statement)
