"""Feed health: refusals are on no log, so no rebuild could make it again."""

from alembic import op

revision = "ingest_0002"
down_revision = "ingest_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE feeds (
            credential text NOT NULL,
            source text NOT NULL,
            accepted bigint NOT NULL,
            duplicates bigint NOT NULL,
            refused bigint NOT NULL,
            last_event_at timestamptz,
            last_refusal_at timestamptz,
            refusals jsonb NOT NULL,
            PRIMARY KEY (credential, source)
        )
        """
    )
