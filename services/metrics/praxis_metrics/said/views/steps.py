"""The steps of the loop design, embed, measure, iterate: what was planned, and how it ended."""

from praxis_metrics.said.views.view import latest

STEPS = latest(
    "steps",
    "programme.step-planned",
    "s.data->>'step'",
    {"owner_id": "owner"},
    """s.data->>'step' AS step, s.data->>'stage' AS stage, s.data->>'success' AS success,
       (s.data->>'starts_on')::date AS starts_on, (s.data->>'ends_on')::date AS ends_on""",
)

STEP_CONCLUSIONS = latest(
    "step_conclusions",
    "programme.step-concluded",
    "s.data->>'step'",
    {},
    """s.data->>'step' AS step, (s.data->>'concluded_on')::date AS concluded_on, (s.data->>'met')::boolean AS met,
       s.data->>'note' AS note""",
)

VIEWS = (STEPS, STEP_CONCLUSIONS)
