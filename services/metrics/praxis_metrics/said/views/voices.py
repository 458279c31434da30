"""What people say and what is seen of leaders: surveys, barriers, feedback, leader acts."""

from praxis_metrics.said.views.view import latest, view

SURVEYS = latest(
    "surveys",
    "programme.survey-sent",
    "s.data->>'survey'",
    {},
    """s.data->>'survey' AS survey, s.data->>'quarter' AS quarter, (s.data->>'invited')::integer AS invited,
       s.data->'asks' AS asks, s.at, s.day""",
)

# As reported; learner_id is null where nobody is named.
BARRIERS = view(
    "barriers",
    "programme.barrier-reported",
    {"learner_id": "person"},
    """s.data->>'survey' AS survey, s.data->>'unit' AS unit, s.data->>'barrier' AS barrier,
       (s.data->>'severity')::integer AS severity, s.data->>'text' AS text, s.at, s.day""",
)

BARRIER_ASSIGNMENTS = latest(
    "barrier_assignments",
    "programme.barrier-assigned",
    "s.data->>'quarter', s.data->>'barrier'",
    {"owner_id": "owner"},
    """s.data->>'quarter' AS quarter, s.data->>'barrier' AS barrier, (s.data->>'due_on')::date AS due_on,
       s.data->>'action' AS action""",
)

BARRIER_STATUSES = latest(
    "barrier_statuses",
    "programme.barrier-updated",
    "s.data->>'quarter', s.data->>'barrier'",
    {},
    """s.data->>'quarter' AS quarter, s.data->>'barrier' AS barrier, s.data->>'status' AS status,
       s.data->>'note' AS note""",
)

# About one of kpi, activity, pathway and pilot; sentiment from -2 (bad) to 2 (good).
FEEDBACK = view(
    "feedback",
    "programme.feedback-given",
    {"learner_id": "person"},
    """s.data#>>'{about,kpi}' AS kpi, s.data#>>'{about,activity}' AS activity, s.data#>>'{about,pathway}' AS pathway,
       s.data#>>'{about,pilot}' AS pilot, s.data->>'theme' AS theme, (s.data->>'sentiment')::integer AS sentiment,
       s.data->>'text' AS text, s.at, s.day""",
)

# Only what others saw: not what leaders report of themselves, under whatever name, or send with their own credential.
LEADER_ACTS = view(
    "leader_acts",
    "programme.leader-acted",
    {"learner_id": "person", "reporter_id": "reported_by", "sender_id": "sent_by"},
    """s.data->>'behaviour' AS behaviour, s.at, s.day, (s.data->>'minutes')::float8 AS minutes,
       (s.data->>'amount')::float8 AS amount""",
    where="coalesce(reported_by.learner_id, sent_by.learner_id) IS DISTINCT FROM person.learner_id",
)

VIEWS = (SURVEYS, BARRIERS, BARRIER_ASSIGNMENTS, BARRIER_STATUSES, FEEDBACK, LEADER_ACTS)
