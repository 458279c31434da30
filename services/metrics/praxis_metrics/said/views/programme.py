"""What the programme plans: pathways, who is on them, goals, pilots, habits, protected hours, costs."""

from praxis_metrics.said.views.view import earliest, latest, view

# A published version does not change.
PATHWAYS = earliest(
    "pathways",
    "programme.pathway-published",
    "s.data->>'pathway', (s.data->>'version')::integer",
    {"owner_id": "owner"},
    """s.data->>'pathway' AS pathway, (s.data->>'version')::integer AS version, s.data->>'name' AS name,
       s.data->'activities' AS activities, s.data->'skills' AS skills, s.data->>'outcome' AS outcome""",
)

WITHDRAWALS = view(
    "withdrawals",
    "programme.learner-withdrawn",
    {"learner_id": "learner"},
    "s.data->>'pathway' AS pathway, s.data->>'cohort' AS cohort, s.at, s.day",
)

# Every enrolment that was told, on the pathway from at up to until_at: the learner's next withdrawal from this cohort.
# Whoever has withdrawn stays in the cohort.
ENROLMENTS = view(
    "enrolments",
    "programme.learner-enrolled",
    {"learner_id": "learner"},
    """s.data->>'pathway' AS pathway, s.data->>'cohort' AS cohort, s.at, s.day, s.data->>'assigned' AS assigned,
       coalesce((
           SELECT min(w.at) FROM withdrawals w
           WHERE w.learner_id = learner.learner_id AND w.pathway = s.data->>'pathway'
             AND w.cohort = s.data->>'cohort' AND w.at >= s.at
       ), 'infinity') AS until_at""",
)

# Who is in which slice of pathways, and of cohorts within them (pathway/cohort), from which day on: for good, also
# after a withdrawal.
ENROLLED = """
    CREATE VIEW enrolled AS
    SELECT l.person_id, k.kind, k.slice, min(e.day) AS first_day
    FROM enrolments e JOIN learners l USING (learner_id)
    CROSS JOIN LATERAL (VALUES ('pathway', e.pathway), ('cohort', e.pathway || '/' || e.cohort)) AS k(kind, slice)
    WHERE l.person_id IS NOT NULL GROUP BY 1, 2, 3
"""

# interventions: a list of objects with one of pathway, pilot, policy and habit.
GOALS = latest(
    "goals",
    "programme.goal-set",
    "s.data->>'goal'",
    {"owner_id": "owner"},
    """s.data->>'goal' AS goal, s.data->>'kpi' AS kpi, s.data->'filters' AS filters,
       (s.data->>'baseline')::float8 AS baseline, (s.data->>'target')::float8 AS target,
       (s.data->>'due_on')::date AS due_on, s.data->'interventions' AS interventions, s.at""",
)

# Registered once and never changed after; registered_at: when the log took it.
PILOTS = earliest(
    "pilots",
    "programme.pilot-registered",
    "s.data->>'pilot'",
    {"owner_id": "owner", "sponsor_id": "sponsor"},
    """s.data->>'pilot' AS pilot, s.data->>'objective' AS objective, s.data->'metrics' AS metrics,
       s.data->'treated' AS treated, s.data->'comparison' AS comparison, s.data->>'success' AS success,
       (s.data->>'starts_on')::date AS starts_on, (s.data->>'ends_on')::date AS ends_on,
       s.appended_at AS registered_at""",
)

PILOT_CONCLUSIONS = latest(
    "pilot_conclusions",
    "programme.pilot-concluded",
    "s.data->>'pilot'",
    {"decider_id": "decided_by", "step_owner_id": "step_owner"},
    """s.data->>'pilot' AS pilot, s.data->>'decision' AS decision, s.data->>'step' AS step,
       s.data->>'extension' AS extension, s.data->>'reason' AS reason, s.at, s.day""",
)

# since: the local day of its first design, however often it was designed anew.
HABIT_DESIGNS = latest(
    "habit_designs",
    "programme.habit-designed",
    "s.data->>'habit'",
    {"owner_id": "owner"},
    """s.data->>'habit' AS habit, s.data->>'kind' AS kind, s.data->>'time' AS time, s.data->>'trigger' AS trigger,
       s.data->>'reward' AS reward, s.data->>'unit' AS unit,
       (
           SELECT min(f.day) FROM said f
           WHERE f.type = s.type AND f.stands AND f.data->>'habit' = s.data->>'habit'
       ) AS since""",
)

_HOURS = """s.data->>'unit' AS unit, (s.data->>'starts_at')::timestamptz AS starts_at,
            (s.data->>'ends_at')::timestamptz AS ends_at, s.data->>'recurrence' AS recurrence,
            s.data->>'time_zone' AS time_zone"""

# Of a learner or of a unit. What is cancelled is of the same form: the blocks that it covers are booked no more.
PROTECTED_HOURS = view("protected_hours", "programme.protected-hours-booked", {"learner_id": "person"}, _HOURS)
CANCELLED_HOURS = view("cancelled_hours", "programme.protected-hours-cancelled", {"learner_id": "person"}, _HOURS)

# One of pathway, pilot and activity is given; days, both included.
COSTS = view(
    "costs",
    "programme.cost-recorded",
    {},
    """s.data#>>'{about,pathway}' AS pathway, s.data#>>'{about,pilot}' AS pilot,
       s.data#>>'{about,activity}' AS activity, (s.data->>'amount')::float8 AS amount,
       s.data->>'currency' AS currency, (s.data#>>'{period,from}')::date AS first_day,
       (s.data#>>'{period,to}')::date AS last_day""",
)

VIEWS = (
    PATHWAYS,
    WITHDRAWALS,
    ENROLMENTS,
    GOALS,
    PILOTS,
    PILOT_CONCLUSIONS,
    HABIT_DESIGNS,
    PROTECTED_HOURS,
    CANCELLED_HOURS,
    COSTS,
)
