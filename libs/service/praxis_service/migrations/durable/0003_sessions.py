"""Browser sessions, and logins that are under way at the provider."""

from alembic import op

revision = "access_0003"
down_revision = "access_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE sessions (
            hash bytea PRIMARY KEY,
            key text NOT NULL,
            scopes text[],
            person jsonb,
            expires_at timestamptz NOT NULL
        )
        """
    )
    op.execute(
        """
        CREATE TABLE logins (
            hash bytea PRIMARY KEY,
            state text NOT NULL,
            nonce text NOT NULL,
            verifier text NOT NULL,
            return_to text NOT NULL,
            expires_at timestamptz NOT NULL
        )
        """
    )
