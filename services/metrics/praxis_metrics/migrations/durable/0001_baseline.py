"""The durable schema. It holds nothing yet but the generation pointer, which every service has."""

revision = "metrics_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing to create."""
