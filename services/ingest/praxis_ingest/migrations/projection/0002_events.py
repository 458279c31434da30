"""The events that are on the log already."""

from alembic import op

revision = "ingest_p_0002"
down_revision = "ingest_p_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE events_seen (
            event uuid PRIMARY KEY,
            digest bytea NOT NULL,
            type text NOT NULL,
            topic text NOT NULL,
            partition integer NOT NULL,
            "offset" bigint NOT NULL
        )
        """
    )
