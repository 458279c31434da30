"""The tables of what was said. Other code reads the views (``said.views``), not these."""

SAID_TABLES = (
    # Every id that was taken, also by what is not kept here: of several copies the first in the log has it.
    "CREATE TABLE said_seen (event uuid PRIMARY KEY)",
    # by: the area of the rescission (evidence, work, programme, people); it may come before what it takes back.
    "CREATE TABLE said_rescinded (event uuid NOT NULL, by text NOT NULL, PRIMARY KEY (event, by))",
    # type: work.task-accepted; place and appended_at: where it counts in the log, and since when; at: its own time, and
    # day the local day of that. source, first_day to last_day: the figures that it may change (praxis_metrics.changes).
    """
    CREATE TABLE said (
        event uuid PRIMARY KEY,
        type text NOT NULL,
        place bigint NOT NULL,
        at timestamptz NOT NULL,
        day date NOT NULL,
        data jsonb NOT NULL,
        stands boolean NOT NULL,
        appended_at timestamptz NOT NULL,
        source text NOT NULL,
        first_day date NOT NULL,
        last_day date NOT NULL
    )
    """,
    "CREATE INDEX ON said (type, day) WHERE stands",
    # Who is named in it, and as what: by an identifier, whose learner may change, or as a person.
    """
    CREATE TABLE said_people (
        event uuid NOT NULL,
        role text NOT NULL,
        actor_id bigint,
        learner_id bigint,
        CHECK (num_nonnulls(actor_id, learner_id) = 1)
    )
    """,
    "CREATE INDEX ON said_people (event, role)",
    "CREATE INDEX ON said_people (actor_id) WHERE actor_id IS NOT NULL",
    "CREATE INDEX ON said_people (learner_id) WHERE learner_id IS NOT NULL",
)
