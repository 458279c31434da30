"""Identifiers that were seen, and who claims which."""

from alembic import op

from praxis_people.directory import IDENTITY_TABLES

revision = "ingest_p_0003"
down_revision = "ingest_p_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in IDENTITY_TABLES:
        op.execute(statement)
    op.execute(
        """
        CREATE TABLE identifiers_seen (
            key text PRIMARY KEY,
            hash text,
            other_hash text,
            statements bigint NOT NULL,
            first_seen timestamptz NOT NULL,
            last_seen timestamptz NOT NULL
        ) WITH (fillfactor = 70)
        """
    )
    op.execute("CREATE TABLE identifiers_contested (key text PRIMARY KEY)")
    op.execute("CREATE TABLE identifiers_in_events (key text, event uuid, PRIMARY KEY (key, event))")
