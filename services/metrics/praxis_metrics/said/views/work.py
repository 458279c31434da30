"""Work: evidence and what is accepted of it, tasks, outcomes, coaching, habits.

Systems, tasks and artefacts are named in the form in which names are compared (``praxis_events.names``).
"""

from praxis_metrics.said.views.view import view

_TASK = "s.data#>>'{task,system}' AS task_system, s.data#>>'{task,id}' AS task_id"

EVIDENCE = view(
    "evidence",
    "evidence.skill-applied",
    {"learner_id": "learner", "attester_id": "attested_by", "sender_id": "sent_by"},
    f"""s.data->>'skill' AS skill, s.data->>'level' AS level, s.data->>'kind' AS kind, s.at, s.day, {_TASK},
        s.data#>>'{{artefact,system}}' AS artefact_system, s.data#>>'{{artefact,id}}' AS artefact_id,
        s.data->'outcomes' AS outcomes, s.data->>'learning_statement' AS learning_statement""",
)

# The same as recognition's exclusions (praxis_incentives.exclusions): withdrawn; in a learning system, artefact or
# task; of a disputed identity; vouched for or sent by the learner; without a human where the kind is somebody's word,
# or without anybody at all.
ACCEPTED_EVIDENCE = """
CREATE VIEW accepted_evidence AS
SELECT e.* FROM evidence e
WHERE e.attester_id IS DISTINCT FROM e.learner_id AND e.sender_id IS DISTINCT FROM e.learner_id
  AND (e.attester_id IS NOT NULL
       OR (e.sender_id IS NOT NULL AND e.kind IN ('task-completed', 'project-result')))
  AND NOT EXISTS (SELECT FROM systems y WHERE y.system = e.artefact_system AND y.kind = 'learning')
  AND NOT EXISTS (SELECT FROM systems y WHERE y.system = e.task_system AND y.kind = 'learning')
  AND NOT EXISTS (
      SELECT FROM said_people p JOIN actors a USING (actor_id) JOIN disputed_homes d USING (home)
      WHERE p.event = e.event AND p.role IN ('learner', 'attested_by')
  )
"""

TASKS_ELIGIBLE = view(
    "tasks_eligible",
    "work.task-eligible",
    {"learner_id": "person"},
    f"s.data->>'skill' AS skill, {_TASK}, s.at, s.day, (s.data->>'due_at')::timestamptz AS due_at",
)

# skills: a list, or null.
TASKS_ACCEPTED = view(
    "tasks_accepted",
    "work.task-accepted",
    {"learner_id": "person", "accepter_id": "accepted_by"},
    f"""{_TASK}, s.data->'skills' AS skills, s.at, s.day, (s.data->>'rounds')::integer AS rounds,
        (s.data->>'worked_minutes')::float8 AS worked_minutes, (s.data->>'errors')::bigint AS errors,
        (s.data->>'opportunities')::bigint AS opportunities""",
)

# Of a learner or of a unit; day: the first one measured.
OUTCOMES_MEASURED = view(
    "outcomes_measured",
    "work.outcome-measured",
    {"learner_id": "person"},
    """s.data->>'unit' AS unit, s.data->>'measure' AS measure, s.at AS from_at,
       (s.data->>'to')::timestamptz AS to_at, s.day, (s.data->>'value')::float8 AS value, s.data->>'per' AS per,
       s.data->>'source' AS source""",
)

# Every report: both sides may have told of one conversation.
COACHING = view(
    "coaching",
    "work.coaching-held",
    {"coach_id": "coach", "learner_id": "learner"},
    "s.at, s.day, (s.data->>'minutes')::float8 AS minutes, s.data->>'skill' AS skill",
)

HABITS_DONE = view(
    "habits_done",
    "work.habit-done",
    {"learner_id": "person"},
    "s.data->>'habit' AS habit, s.at, s.day, (s.data->>'minutes')::float8 AS minutes",
)

VIEWS = (EVIDENCE, ACCEPTED_EVIDENCE, TASKS_ELIGIBLE, TASKS_ACCEPTED, OUTCOMES_MEASURED, COACHING, HABITS_DONE)
