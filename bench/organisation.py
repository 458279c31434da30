"""An organisation's read models, made by SQL: 10,000 people over three years. What is measured on them is publishing
and asking; how facts come in is measured elsewhere (``bench.metrics``).

Everybody has learned something on each working day; every twentieth of these days has a completion and every fifth a
session. There are 300,000 accepted tasks, 60,000 pieces of evidence and as many tasks that were eligible, and the rest
of what KPIs read in proportion. Facts, one row for each statement, are of the last month only: no figure is published
from facts, and whether that is so is measured with one number of them and with four times as many.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import asyncpg

from praxis_metrics.watermark import READ

PEOPLE, DEPARTMENTS, DIVISIONS, ROLES = 10_000, 100, 10, 20
FIRST, LAST = date(2023, 4, 1), date(2026, 3, 31)
READ_THROUGH = datetime(2026, 4, 1, 6, tzinfo=UTC)
STATEMENTS = 5
"""Of a person on each working day of the last month."""

_DAYS = f"generate_series(date '{FIRST}', date '{LAST}', interval '1 day')"
_SPAN = (LAST - FIRST).days

WHO = (
    "INSERT INTO reporting_zone (name) VALUES ('UTC')",
    f"INSERT INTO learners (person_id) SELECT 'person-' || n FROM generate_series(1, {PEOPLE}) n ORDER BY n",
    "INSERT INTO actors (key, home, learner_id) "
    "SELECT 'mbox:mailto:' || person_id || '@example.org', 'mbox:mailto:' || person_id || '@example.org', learner_id "
    "FROM learners ORDER BY learner_id",
    # A twentieth are contractors, a tenth left after two years, a fiftieth were on leave for a quarter.
    f"""
    INSERT INTO employment (person_id, first_day, last_day, on_leave, employee)
    SELECT 'person-' || n, first_day, last_day, on_leave, n % 20 <> 7
    FROM generate_series(1, {PEOPLE}) n CROSS JOIN LATERAL (
        SELECT date '{FIRST}', CASE WHEN n % 10 = 3 THEN date '2025-03-31' ELSE 'infinity' END, false
        WHERE n % 50 <> 1
        UNION ALL SELECT date '{FIRST}', date '2024-03-31', false WHERE n % 50 = 1
        UNION ALL SELECT date '2024-04-01', date '2024-06-30', true WHERE n % 50 = 1
        UNION ALL SELECT date '2024-07-01', date 'infinity', false WHERE n % 50 = 1
    ) AS spans(first_day, last_day, on_leave)
    """,
    """
    INSERT INTO schedule (person_id, time_zone, working_days, first_day, last_day)
    SELECT person_id, '', '12345', min(first_day), max(last_day) FROM employment GROUP BY person_id
    """,
    # A department and its division, a role, and two managers upwards; roles change once.
    f"""
    INSERT INTO membership (person_id, kind, slice, first_day, last_day)
    SELECT e.person_id, kind, slice, greatest(since, e.first_day), least(until, e.last_day)
    FROM (SELECT person_id, min(first_day) AS first_day, max(last_day) AS last_day FROM employment GROUP BY 1) e
    CROSS JOIN LATERAL (SELECT CAST(substr(e.person_id, 8) AS integer) AS n) AS person
    CROSS JOIN LATERAL (VALUES
        ('unit', 'department-' || n % {DEPARTMENTS}, date '{FIRST}', date 'infinity'),
        ('unit', 'division-' || n % {DIVISIONS}, date '{FIRST}', date 'infinity'),
        ('role', 'role-' || n % {ROLES}, date '{FIRST}', date '2024-12-31'),
        ('role', 'role-' || (n + n % 3) % {ROLES}, date '2025-01-01', date 'infinity'),
        ('manager', 'person-' || {DEPARTMENTS} + n % {DEPARTMENTS}, date '{FIRST}', date 'infinity'),
        ('manager', 'person-1', date '{FIRST}', date 'infinity')
    ) AS at(kind, slice, since, until)
    WHERE e.person_id <> slice AND since <= e.last_day AND until >= e.first_day
    """,
    f"""
    INSERT INTO directory_events (event, place, person_id, type, effective_at, data)
    SELECT gen_random_uuid(), d, NULL, 'praxis.people.unit-defined.v1', timestamptz '{FIRST} 00:00Z',
           jsonb_build_object('unit', 'department-' || d, 'name', 'Department ' || d, 'parent',
                              'division-' || d % {DIVISIONS}, 'effective_at', '{FIRST}T00:00:00Z')
    FROM generate_series(0, {DEPARTMENTS - 1}) d
    """,
    """
    INSERT INTO directory_events (event, place, person_id, type, effective_at, data)
    SELECT gen_random_uuid(), 1000 + row_number() OVER (), person_id, 'praxis.people.hired.v1',
           first_day, jsonb_build_object('person', jsonb_build_object('person_id', person_id))
    FROM (SELECT person_id, min(first_day) AS first_day FROM employment GROUP BY 1) hired
    """,
    """
    INSERT INTO directory_events (event, place, person_id, type, effective_at, data)
    SELECT gen_random_uuid(), 100000 + row_number() OVER (), person_id, 'praxis.people.left.v1', last_day,
           jsonb_build_object('person', jsonb_build_object('person_id', person_id), 'voluntary', true)
    FROM (SELECT person_id, max(last_day) AS last_day FROM employment GROUP BY 1) gone WHERE last_day < 'infinity'
    """,
)

WHAT = (
    "INSERT INTO activities (iri) SELECT 'https://learn.example.org/activities/' || n FROM generate_series(1, 2000) n",
    """
    INSERT INTO verbs (iri, activity, terminal, completed, enrolled)
    VALUES ('https://w3id.org/xapi/video/verbs/played', true, false, false, false),
           ('http://adlnet.gov/expapi/verbs/completed', true, true, true, false)
    """,
)

LEARNED = (
    # Indexes are made afterwards: of millions of rows at once, and not row by row.
    "ALTER TABLE person_day DROP CONSTRAINT person_day_pkey",
    "ALTER TABLE sessions DROP CONSTRAINT sessions_pkey",
    "DROP INDEX person_day_day_idx, sessions_learner_id_started_at_idx",
    f"""
    INSERT INTO person_day (learner_id, day, active, enrolments, completions, measured, estimated)
    SELECT n, day, true, CAST(k % 25 = 0 AS integer), CAST(k % 20 = 0 AS integer),
           CASE WHEN k % 5 = 0 THEN 900000000 ELSE 0 END, CASE WHEN k % 5 = 0 THEN 0 ELSE 600000000 END
    FROM {_DAYS} AS day CROSS JOIN generate_series(1, {PEOPLE}) AS n
    CROSS JOIN LATERAL (SELECT n + CAST(extract(doy FROM day) AS integer) AS k) AS of
    WHERE extract(isodow FROM day) < 6 AND (n % 10 <> 3 OR day < '2025-04-01')
    """,
    "ALTER TABLE person_day ADD PRIMARY KEY (learner_id, day)",
    "CREATE INDEX ON person_day (day)",
    """
    INSERT INTO completed (learner_id, day, activity_id, at)
    SELECT learner_id, day, 1 + (learner_id * 7 + extract(doy FROM day)) % 2000, day + time '10:00'
    FROM person_day WHERE completions > 0
    """,
    """
    INSERT INTO sessions (learner_id, registration_id, course_id, started_at, ended_at, measured)
    SELECT learner_id, 0, 1 + learner_id % 2000, day + time '10:00', day + time '10:15', true
    FROM person_day WHERE measured > 0
    """,
    "ALTER TABLE sessions ADD PRIMARY KEY (learner_id, registration_id, course_id, started_at, ended_at, measured)",
    "CREATE INDEX ON sessions (learner_id, started_at)",
)


def _said(
    type_: str, source: str, count: int, people: Sequence[tuple[str, str]], data: str, *, spread: int = 61
) -> list[str]:
    """``count`` events over all days; ``people``: each role with SQL of the learner, of the event's number ``n``."""
    named = ", ".join(f"('{role}', CAST({learner} AS bigint))" for role, learner in people)
    event = f"CAST(md5('{type_}' || n) AS uuid)"
    day = f"date '{FIRST}' + (n * {spread}) % {_SPAN}"
    return [
        f"""
        INSERT INTO said (event, type, place, at, day, data, stands, appended_at, source, first_day, last_day)
        SELECT {event}, '{type_}', n, {day} + time '12:00', {day}, {data}, true, '2026-03-31T00:00:00Z', '{source}',
               {day}, {day}
        FROM generate_series(1, {count}) n
        """,
        f"""
        INSERT INTO said_people (event, role, learner_id)
        SELECT {event}, role, learner_id FROM generate_series(1, {count}) n
        CROSS JOIN LATERAL (VALUES {named}) AS named(role, learner_id)
        """,
    ]


_WHO = f"1 + (n * 31) % {PEOPLE}"
_LEAD = f"{DEPARTMENTS} + n % {DEPARTMENTS}"
_TASK = "'task', jsonb_build_object('system', 'jira', 'id', 'task-' || n)"

SAID = (
    *_said(
        "programme.activity-mapped", "programme", 400, [("confirmed_by", "1")],
        "jsonb_build_object('activity', 'https://learn.example.org/activities/' || n, 'skills', "
        "jsonb_build_array(jsonb_build_object('skill', 'skill-' || n % 50)))",
    ),
    *_said(
        "programme.role-profiled", "programme", ROLES, [("owner", "1")],
        "jsonb_build_object('role', 'role-' || n % 20, 'family', 'family-' || n % 4, 'required', "
        "jsonb_build_array(jsonb_build_object('skill', 'skill-' || n % 50)))",
    ),
    *_said(
        "programme.assessor-appointed", "programme", 100, [("person", _LEAD)],
        "jsonb_build_object('skills', jsonb_build_array('skill-' || n % 50, 'skill-' || (n + 1) % 50), "
        "'from', '2023-01-01T00:00:00Z')",
    ),
    *_said(
        "programme.pathway-published", "programme", 10, [("owner", "1")],
        "jsonb_build_object('pathway', 'pathway-' || n, 'version', 1, 'name', 'A pathway', 'activities', '[]'::jsonb, "
        "'skills', jsonb_build_array('skill-' || n, 'skill-' || n + 10), 'outcome', 'time-saved')",
    ),
    *_said(
        "programme.learner-enrolled", "programme", 10_000, [("learner", _WHO)],
        "jsonb_build_object('pathway', 'pathway-' || 1 + n % 10, 'cohort', 'cohort-' || n % 40, 'assigned', 'chosen')",
    ),
    *_said(
        "programme.habit-designed", "programme", 3, [("owner", "1")],
        "jsonb_build_object('habit', 'habit-' || n, 'kind', (ARRAY['sprint', 'capture', 'share'])[n], "
        "'time', '10:00', 'trigger', 'tea', 'reward', 'rest')", spread=1,
    ),
    *_said(
        "programme.cost-recorded", "programme", 60, [("owner", "1")],
        "jsonb_build_object('about', jsonb_build_object('pathway', 'pathway-' || 1 + n % 10), 'amount', 5000, "
        "'currency', 'EUR', 'period', jsonb_build_object('from', '2023-04-01', 'to', '2026-03-31'))",
    ),
    *_said(
        "programme.protected-hours-booked", "programme", 100, [("owner", "1")],
        "jsonb_build_object('unit', 'department-' || n - 1, 'starts_at', '2023-04-03T09:00:00Z', 'ends_at', "
        "'2023-04-03T10:00:00Z', 'recurrence', 'FREQ=WEEKLY', 'time_zone', 'UTC')",
    ),
    *_said(
        "programme.leader-acted", "programme", 20_000, [("person", _LEAD), ("reported_by", _WHO)],
        "jsonb_build_object('behaviour', 'shared-learning', 'minutes', 15)",
    ),
    *_said(
        "work.task-accepted", "work", 300_000, [("person", _WHO), ("accepted_by", _LEAD)],
        f"jsonb_build_object({_TASK}, 'worked_minutes', 30 + n % 240, 'rounds', 1 + n % 4, 'errors', n % 3, "
        "'opportunities', 20 + n % 10, 'skills', jsonb_build_array('skill-' || n % 3))",
    ),
    *_said(
        "evidence.skill-applied", "work", 60_000, [("learner", _WHO), ("attested_by", _LEAD)],
        f"jsonb_build_object({_TASK}, 'skill', 'skill-' || n % 50, 'kind', CASE WHEN n % 5 = 0 THEN "
        "'assessor-validation' ELSE 'manager-verification' END, 'artefact', jsonb_build_object('system', 'git', 'id', "
        "'pull-' || n), 'outcomes', jsonb_build_array(jsonb_build_object('measure', 'minutes', 'source', 'jira', "
        "'before', 60 + n % 60, 'after', 30 + n % 60), jsonb_build_object('measure', 'revenue', 'source', 'crm', "
        "'amount', 100 + n % 900, 'currency', 'EUR', 'attribution', 0.5)))",
    ),
    *_said(
        "work.task-eligible", "work", 60_000, [("person", _WHO)],
        f"jsonb_build_object({_TASK}, 'skill', 'skill-' || n % 50)",
    ),
    *_said(
        "work.outcome-measured", "work", 10_000, [("person", _WHO)],
        "jsonb_build_object('measure', 'minutes', 'value', 20 + n % 40, 'per', 'ticket', 'source', 'jira')",
    ),
    *_said(
        "work.coaching-held", "work", 50_000, [("coach", f"1 + (n * 17) % {PEOPLE}"), ("learner", _WHO)],
        "jsonb_build_object('minutes', 30, 'skill', 'skill-' || n % 50)",
    ),
    *_said(
        "work.habit-done", "work", 200_000, [("person", _WHO)],
        "jsonb_build_object('habit', 'habit-' || 1 + n % 3, 'minutes', 15)",
    ),
    *_said(
        "people.performance-rated", "people", 30_000, [("person", _WHO)],
        "jsonb_build_object('cycle', 'cycle-' || n / 10000, 'rating', 'good', 'is_top', n % 5 = 0)",
    ),
    *_said(
        "people.review-completed", "people", 30_000, [("person", _WHO), ("reviewer", _LEAD)],
        "jsonb_build_object('cited_evidence', '[]'::jsonb, 'discussed_learning', n % 2 = 0)",
    ),
    *_said(
        "people.promoted", "people", 2_000, [("person", _WHO)],
        "jsonb_build_object('role', 'role-' || n % 20, 'from_grade', '1', 'to_grade', '2')",
    ),
)  # fmt: skip

_FACTS = f"""
    INSERT INTO facts (
        event_time, actor_id, course_id, activity_id, registration_id, verb_id, duration_ms, statement_id
    )
    SELECT day + time '10:00' + k * interval '40 seconds', n, 1 + n % 2000, 1 + (n + k) % 2000, NULL, 1, NULL,
           gen_random_uuid()
    FROM generate_series(date '2026-03-01', date '{LAST}', interval '1 day') AS day
    CROSS JOIN generate_series($1::integer + 1, $2::integer) AS k CROSS JOIN generate_series(1, {PEOPLE}) AS n
    WHERE extract(isodow FROM day) < 6
"""


async def make(connection: asyncpg.Connection) -> None:
    """Into the empty tables of a generation that was begun. ``connection`` finds them by its search path."""
    await connection.execute(
        "SET synchronous_commit TO off; SET maintenance_work_mem TO '256MB'; SET timezone TO 'UTC'"
    )
    for statement in (*WHO, *WHAT, *LEARNED, *SAID):
        await connection.execute(statement)
    rows = [
        (projection, topic.name, partition, 1, READ_THROUGH)
        for projection, topics in READ.items()
        for topic in topics
        for partition in range(topic.partitions)
    ]
    columns = ("projection", "topic", "partition", "next_offset", "read_through")
    await connection.copy_records_to_table("checkpoints", records=rows, columns=columns)
    await connection.execute("ANALYZE")


async def state(connection: asyncpg.Connection, before: int, after: int) -> int:
    """Facts of the statements that come when each person makes ``after`` a day where they made ``before``; returns how
    many there are now. Their month has its partition."""
    await connection.execute(_FACTS, before, after)
    await connection.execute("ANALYZE facts")
    return int(await connection.fetchval("SELECT count(*) FROM facts"))
