"""A session ends with the secret that began it, and is removed when it has expired; logins under way are no rows."""

from alembic import op

revision = "access_0004"
down_revision = "access_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE sessions ADD secret bytea")
    op.execute("CREATE INDEX ON sessions (expires_at)")
    op.execute("DROP TABLE logins")
