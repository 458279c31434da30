"""What identity providers keep by SCIM: no event carries all of it, so no rebuild could make it again."""

from alembic import op

revision = "ingest_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE scim_resources (
            id uuid PRIMARY KEY,
            kind text NOT NULL,
            name text,
            external_id text,
            person_id text,
            manager text,
            body jsonb NOT NULL,
            told jsonb NOT NULL,
            version bigint NOT NULL DEFAULT 1,
            created timestamptz NOT NULL,
            modified timestamptz NOT NULL
        )
        """
    )
    op.execute("CREATE UNIQUE INDEX scim_user_names ON scim_resources (name) WHERE kind = 'User'")
    op.execute("CREATE INDEX ON scim_resources (kind, created, id)")
    op.execute("CREATE INDEX ON scim_resources (kind, name)")
    op.execute("CREATE INDEX ON scim_resources (external_id) WHERE external_id IS NOT NULL")
    op.execute("CREATE INDEX ON scim_resources (person_id) WHERE person_id IS NOT NULL")
    op.execute("CREATE INDEX ON scim_resources (manager) WHERE manager IS NOT NULL")
