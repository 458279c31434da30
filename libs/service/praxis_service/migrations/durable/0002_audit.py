"""The audit log: appended to, and never changed but by an erasure, which says so."""

from alembic import op

revision = "access_0002"
down_revision = "access_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE audit (
            entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            at timestamptz NOT NULL,
            actor text NOT NULL,
            act text NOT NULL,
            object text,
            person text
        )
        """
    )
    op.execute("CREATE INDEX ON audit (actor, entry)")
    op.execute("CREATE INDEX ON audit (person, entry) WHERE person IS NOT NULL")
    op.execute(
        """
        CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF TG_OP = 'UPDATE' AND current_setting('praxis.erasing', true) = 'on' THEN
                RETURN NEW;
            END IF;
            RAISE EXCEPTION 'the audit log only grows' USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    op.execute(
        "CREATE TRIGGER only_grows BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_only_grows()"
    )
    op.execute(
        "CREATE TRIGGER only_grows_whole BEFORE TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
    )
