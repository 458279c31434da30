"""Checkpoints; what the decider knows; the ledger and its outbox, which commit with them."""

from alembic import op

from praxis_people.directory import IDENTITY_TABLES

revision = "incentives_p_0001"
down_revision = None
branch_labels = None
depends_on = None

CHECKPOINTS = """
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

KNOWN = (
    """
    CREATE TABLE log_time (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE evidence (
        event uuid PRIMARY KEY,
        source text NOT NULL,
        id text NOT NULL,
        learner text NOT NULL,
        attester text,
        submitter text,
        skill text NOT NULL,
        kind text NOT NULL,
        artefact_system text NOT NULL,
        artefact_id text NOT NULL,
        artefact_url text,
        systems text[] NOT NULL,
        occurred_at timestamptz NOT NULL
    )
    """,
    "CREATE INDEX ON evidence USING hash (learner)",
    "CREATE INDEX ON evidence USING hash (attester)",
    "CREATE INDEX ON evidence USING hash (submitter)",
    "CREATE INDEX ON evidence USING hash (skill)",
    "CREATE INDEX ON evidence USING gin (systems)",
    "CREATE TABLE evidence_rescinded (event uuid PRIMARY KEY)",
    """
    CREATE TABLE subjects (
        key text NOT NULL,
        subject text NOT NULL,
        PRIMARY KEY (key, subject)
    )
    """,
    """
    CREATE TABLE policies (
        policy text NOT NULL,
        version integer NOT NULL,
        event uuid NOT NULL,
        data bytea NOT NULL,
        skills text[] NOT NULL,
        effective_from timestamptz NOT NULL,
        in_effect boolean NOT NULL DEFAULT false,
        PRIMARY KEY (policy, version)
    )
    """,
    "CREATE INDEX ON policies (event)",
    "CREATE INDEX ON policies (effective_from) WHERE NOT in_effect",
    "CREATE INDEX ON policies USING gin (skills)",
    """
    CREATE TABLE systems (
        event uuid PRIMARY KEY,
        system text NOT NULL,
        kind text NOT NULL,
        "offset" bigint NOT NULL
    )
    """,
    "CREATE INDEX ON systems USING hash (system)",
    "CREATE TABLE programme_rescinded (event uuid PRIMARY KEY)",
    """
    CREATE TABLE reviews (
        event uuid PRIMARY KEY,
        decision uuid NOT NULL,
        act text NOT NULL,
        by text NOT NULL,
        reason text NOT NULL,
        "offset" bigint NOT NULL
    )
    """,
    "CREATE INDEX ON reviews (decision)",
)

DECIDED = (
    """
    CREATE TABLE cases (
        policy text NOT NULL,
        learner text NOT NULL,
        inputs bytea NOT NULL,
        PRIMARY KEY (policy, learner)
    )
    """,
    """
    CREATE TABLE grants (
        decision uuid PRIMARY KEY,
        ledger_index bigint NOT NULL,
        policy text NOT NULL,
        version integer NOT NULL,
        learner text NOT NULL,
        at timestamptz NOT NULL,
        evidence uuid[] NOT NULL,
        state text NOT NULL,
        latest uuid NOT NULL
    )
    """,
    "CREATE INDEX ON grants USING hash (learner)",
    "CREATE INDEX ON grants (latest)",
    "CREATE INDEX ON grants USING gin (evidence)",
    """
    CREATE TABLE ledger (
        ledger_index bigint PRIMARY KEY,
        decision uuid NOT NULL UNIQUE,
        policy text NOT NULL,
        learner text NOT NULL,
        outcome text NOT NULL,
        decided_at timestamptz NOT NULL,
        body bytea NOT NULL,
        leaf bytea NOT NULL
    )
    """,
    "CREATE INDEX ON ledger (learner, ledger_index)",
    "CREATE INDEX ON ledger (policy, ledger_index)",
    "CREATE INDEX ON ledger (outcome, ledger_index)",
    """
    CREATE TABLE outbox (
        ledger_index bigint PRIMARY KEY REFERENCES ledger,
        log_offset bigint
    )
    """,
    "CREATE INDEX ON outbox (ledger_index) WHERE log_offset IS NULL",
)


def upgrade() -> None:
    for statement in (CHECKPOINTS, *IDENTITY_TABLES, *KNOWN, *DECIDED):
        op.execute(statement)
