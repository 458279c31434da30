"""Checkpoints, and the statement store: a projection of learning.statements."""

from alembic import op

revision = "ingest_p_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE checkpoints (
            projection text NOT NULL,
            topic text NOT NULL,
            partition integer NOT NULL,
            next_offset bigint NOT NULL,
            read_through timestamptz,
            stopped_at timestamptz,
            stop_reason text,
            PRIMARY KEY (projection, topic, partition)
        ) WITH (fillfactor = 50)
        """
    )
    op.execute(
        """
        CREATE TABLE statements (
            id uuid PRIMARY KEY,
            stored timestamptz NOT NULL,
            verb uuid NOT NULL,
            activity uuid,
            registration uuid,
            voids uuid,
            agents uuid[] NOT NULL,
            related_agents uuid[] NOT NULL,
            related_activities uuid[] NOT NULL,
            body bytea NOT NULL
        )
        """
    )
    op.execute("CREATE INDEX ON statements (stored, id)")
    op.execute("CREATE INDEX ON statements (verb, stored)")
    op.execute("CREATE INDEX ON statements (activity, stored) WHERE activity IS NOT NULL")
    op.execute("CREATE INDEX ON statements (registration, stored) WHERE registration IS NOT NULL")
    op.execute("CREATE INDEX ON statements (voids) WHERE voids IS NOT NULL")
    op.execute("CREATE INDEX ON statements USING gin (related_agents)")
    op.execute("CREATE INDEX ON statements USING gin (related_activities)")
    op.execute(
        """
        CREATE TABLE statement_conflicts (
            id uuid NOT NULL,
            topic text NOT NULL,
            partition integer NOT NULL,
            "offset" bigint NOT NULL,
            PRIMARY KEY (topic, partition, "offset")
        )
        """
    )
