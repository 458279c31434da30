"""Who was whose manager; endorsements in the order of the log; cases held before anything was given; appeals."""

from alembic import op

revision = "incentives_p_0004"
down_revision = "incentives_p_0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    # Of what was taken before, the order in the log is not known here: a rebuild finds it.
    "ALTER TABLE evidence ADD COLUMN place bigint NOT NULL DEFAULT 0",
    "ALTER TABLE evidence ALTER COLUMN place DROP DEFAULT",
    "ALTER TABLE grants ADD COLUMN ring uuid[] NOT NULL DEFAULT '{}'",
    "ALTER TABLE grants ADD COLUMN given boolean NOT NULL DEFAULT true",
    "ALTER TABLE grants ADD COLUMN declined boolean NOT NULL DEFAULT false",
    "ALTER TABLE reviews ADD COLUMN early boolean NOT NULL DEFAULT false",
    "CREATE INDEX ON reviews (decision) WHERE early",
    """
    CREATE TABLE appeals (
        event uuid PRIMARY KEY,
        decision uuid NOT NULL UNIQUE,
        policy text NOT NULL,
        version integer NOT NULL,
        learner text NOT NULL
    )
    """,
    "CREATE INDEX ON appeals USING hash (learner)",
    """
    CREATE TABLE manager_changes (
        event uuid PRIMARY KEY,
        place bigint NOT NULL,
        person_id text NOT NULL,
        change text NOT NULL,
        manager_id text,
        effective_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ON manager_changes USING hash (person_id)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
