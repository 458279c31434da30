"""Facts, identities, where people stood and what was said, as projected; dirty keys; the read models made of them."""

from alembic import op

from praxis_metrics.cells import CELL_TABLES
from praxis_metrics.due import DUE_TABLES
from praxis_metrics.said.tables import SAID_TABLES
from praxis_metrics.said.views import SAID_VIEWS
from praxis_people.directory import IDENTITY_TABLES

revision = "metrics_projection_0001"
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

# Long texts once, small numbers in the facts. Dictionaries only grow.
DICTIONARIES = (
    """
    CREATE TABLE verbs (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        iri text NOT NULL UNIQUE,
        activity boolean NOT NULL,
        terminal boolean NOT NULL,
        completed boolean NOT NULL,
        enrolled boolean NOT NULL
    )
    """,
    """
    CREATE TABLE activities (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        iri text NOT NULL UNIQUE
    )
    """,
    # shared: statements of more than one learner carry it, so that it tells no sessions apart.
    """
    CREATE TABLE registrations (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        registration uuid NOT NULL UNIQUE,
        shared boolean NOT NULL DEFAULT false
    )
    """,
    """
    CREATE TABLE registration_courses (
        registration_id bigint NOT NULL,
        actor_id bigint NOT NULL,
        course_id bigint NOT NULL,
        PRIMARY KEY (registration_id, actor_id, course_id)
    )
    """,
)

# A learner is a person of the directory or, where no single person claims it, an identifier (its home) itself.
LEARNERS = (
    """
    CREATE TABLE learners (
        learner_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        person_id text UNIQUE,
        home text UNIQUE,
        CHECK (num_nonnulls(person_id, home) = 1)
    )
    """,
    """
    CREATE TABLE actors (
        actor_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        key text NOT NULL UNIQUE,
        home text NOT NULL,
        learner_id bigint NOT NULL
    )
    """,
    "CREATE INDEX ON actors (learner_id)",
    "CREATE INDEX ON actors (home)",
    # The hashes of every mail address that acted, so that an actor known by hash only is found to be the same.
    "CREATE TABLE mail_hashes (hash text NOT NULL, mbox text NOT NULL, PRIMARY KEY (hash, mbox))",
)

DIRECTORY = (
    "CREATE TABLE directory_seen (event uuid PRIMARY KEY)",
    # Those that say where people stand, while they are not rescinded. person_id is null for what defines a unit.
    """
    CREATE TABLE directory_events (
        event uuid PRIMARY KEY,
        place bigint NOT NULL,
        person_id text,
        type text NOT NULL,
        effective_at timestamptz NOT NULL,
        data jsonb NOT NULL
    )
    """,
    "CREATE INDEX ON directory_events (person_id)",
    # Local days, both included; last_day is infinity while it lasts.
    """
    CREATE TABLE employment (
        person_id text NOT NULL,
        first_day date NOT NULL,
        last_day date NOT NULL,
        on_leave boolean NOT NULL,
        employee boolean NOT NULL
    )
    """,
    "CREATE INDEX ON employment (person_id, first_day, last_day)",
    # On each of a person's days at work: its unit and those above it, its role, its managers upwards. Days likewise; of
    # one person and slice they neither overlap nor touch.
    """
    CREATE TABLE membership (
        person_id text NOT NULL,
        kind text NOT NULL,
        slice text NOT NULL,
        first_day date NOT NULL,
        last_day date NOT NULL,
        PRIMARY KEY (kind, slice, first_day, last_day, person_id)
    )
    """,
    "CREATE INDEX ON membership (person_id, first_day, last_day)",
    # A person's own working days, by ISO 8601's numbers (12345), and time zone, '' where it is the reporting one.
    """
    CREATE TABLE schedule (
        person_id text NOT NULL,
        time_zone text NOT NULL,
        working_days text NOT NULL,
        first_day date NOT NULL,
        last_day date NOT NULL,
        PRIMARY KEY (person_id, first_day)
    )
    """,
)

FACTS = (
    # The first copy in the log took the id; actor and time, of facts only, lead a void to what it voids.
    """
    CREATE TABLE statement_seen (
        statement_id uuid PRIMARY KEY,
        actor_id bigint,
        event_time timestamptz
    )
    """,
    "CREATE TABLE voided (target uuid PRIMARY KEY)",
    # course_id 0: neither context nor object names an activity. activity_id is null when the object is none.
    """
    CREATE TABLE facts (
        event_time timestamptz NOT NULL,
        actor_id bigint NOT NULL,
        course_id bigint NOT NULL,
        activity_id bigint,
        registration_id bigint,
        verb_id integer NOT NULL,
        duration_ms integer,
        statement_id uuid NOT NULL,
        fingerprint uuid
    ) PARTITION BY RANGE (event_time)
    """,
    "CREATE INDEX ON facts (actor_id, course_id, event_time)",
    "CREATE TABLE facts_other PARTITION OF facts DEFAULT",
    """
    CREATE VIEW effective_facts AS
    SELECT f.actor_id, f.event_time, f.course_id, f.activity_id, f.registration_id, f.verb_id, f.duration_ms
    FROM facts f
    WHERE NOT EXISTS (SELECT FROM voided WHERE target = f.statement_id)
      AND (f.fingerprint IS NULL OR NOT EXISTS (
          SELECT FROM facts twin
          WHERE twin.actor_id = f.actor_id AND twin.event_time = f.event_time
            AND twin.fingerprint = f.fingerprint AND twin.statement_id < f.statement_id
            AND NOT EXISTS (SELECT FROM voided WHERE target = twin.statement_id)
      ))
    """,
)

# Appended with a checkpoint, taken by a refresher; appended_at is the log's time of what made it so.
DIRTY = (
    """
    CREATE TABLE dirty_groups (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        actor_id bigint NOT NULL,
        course_id bigint NOT NULL,
        registration_id bigint,
        day date,
        appended_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE dirty_learners (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        learner_id bigint NOT NULL,
        appended_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE dirty_statements (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        statement_id uuid NOT NULL,
        appended_at timestamptz NOT NULL
    )
    """,
    """
    CREATE TABLE dirty_registrations (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        registration_id bigint NOT NULL,
        appended_at timestamptz NOT NULL
    )
    """,
)

# Days whose published cells are to be computed again; taken by the publisher.
CHANGES = """
CREATE TABLE changes (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    appended_at timestamptz NOT NULL
)
"""

READ_MODELS = (
    # One row: the zone in which all days here are cut.
    "CREATE TABLE reporting_zone (name text NOT NULL, one boolean PRIMARY KEY DEFAULT true CHECK (one))",
    # Of one group: registration_id is 0 in a learner's course, course_id is 0 in a registration.
    """
    CREATE TABLE sessions (
        learner_id bigint NOT NULL,
        registration_id bigint NOT NULL,
        course_id bigint NOT NULL,
        started_at timestamptz NOT NULL,
        ended_at timestamptz NOT NULL,
        measured boolean NOT NULL,
        PRIMARY KEY (learner_id, registration_id, course_id, started_at, ended_at, measured)
    )
    """,
    "CREATE INDEX ON sessions (learner_id, started_at)",
    # Times in microseconds; measured and estimated do not overlap.
    """
    CREATE TABLE person_day (
        learner_id bigint NOT NULL,
        day date NOT NULL,
        active boolean NOT NULL,
        enrolments integer NOT NULL,
        completions integer NOT NULL,
        measured bigint NOT NULL,
        estimated bigint NOT NULL,
        PRIMARY KEY (learner_id, day)
    )
    """,
    "CREATE INDEX ON person_day (day)",
    # What one learner completed on one local day; at: the first time.
    """
    CREATE TABLE completed (
        learner_id bigint NOT NULL,
        day date NOT NULL,
        activity_id bigint NOT NULL,
        at timestamptz NOT NULL,
        PRIMARY KEY (learner_id, day, activity_id)
    )
    """,
    "CREATE INDEX ON completed (day)",
)


def upgrade() -> None:
    for statement in (
        CHECKPOINTS, *DICTIONARIES, *LEARNERS, *IDENTITY_TABLES, *DIRECTORY, *FACTS, *DIRTY, CHANGES,
        *READ_MODELS, *SAID_TABLES, *SAID_VIEWS, *CELL_TABLES, *DUE_TABLES,
    ):  # fmt: skip
        op.execute(statement)
