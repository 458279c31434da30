"""What the programme teaches for, whom and what it trusts: skills, maps, roles, assessors, systems.

Spans are from ``from_at`` up to ``until_at``, not included; infinite where no end is said.
"""

from praxis_metrics.said.views.view import latest, view

_SPAN = """coalesce((s.data->>'from')::timestamptz, '-infinity') AS from_at,
           coalesce((s.data->>'until')::timestamptz, 'infinity') AS until_at"""

SKILLS = latest(
    "skills",
    "programme.skill-defined",
    "s.data->>'skill'",
    {"owner_id": "owner"},
    """s.data->>'skill' AS skill, s.data->>'name' AS name, s.data->>'description' AS description,
       s.data->>'family' AS family, s.data->'alignments' AS alignments""",
)

# Of one moment the last map on the log that holds then is in force. So each map counts where no later one does, and of
# one activity the spans do not overlap: a completion joins the one row for a skill in whose span it lies.
ACTIVITY_SKILLS = f"""
CREATE VIEW activity_skills AS
WITH maps AS (
    SELECT s.event, s.place, s.data, {_SPAN} FROM said s WHERE s.type = 'programme.activity-mapped' AND s.stands
), hidden AS (
    SELECT *, tstzmultirange(tstzrange(from_at, until_at)) AS told,
           range_agg(tstzrange(from_at, until_at)) OVER (
               PARTITION BY data->>'activity' ORDER BY place DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           ) AS by_later
    FROM maps
)
SELECT h.event, h.data->>'activity' AS activity, k.skill, k.level, lower(span) AS from_at, upper(span) AS until_at
FROM hidden h CROSS JOIN LATERAL unnest(h.told - coalesce(h.by_later, '{{}}'::tstzmultirange)) AS span
CROSS JOIN LATERAL jsonb_to_recordset(h.data->'skills') AS k(skill text, level text)
"""  # noqa: S608

# A row for each skill that a role requires.
ROLE_PROFILES = """
CREATE VIEW role_profiles AS
SELECT r.event, r.role, r.family, k.skill, k.level
FROM (
    SELECT DISTINCT ON (data->>'role')
           event, data->>'role' AS role, data->>'family' AS family, data->'required' AS skills
    FROM said WHERE type = 'programme.role-profiled' AND stands ORDER BY data->>'role', place DESC
) r CROSS JOIN LATERAL jsonb_to_recordset(r.skills) AS k(skill text, level text)
"""

ASSESSORS = view(
    "assessors",
    "programme.assessor-appointed",
    {"learner_id": "person"},
    f"jsonb_array_elements_text(s.data->'skills') AS skill, {_SPAN}",
)

# system: in the form in which names are compared; kind: work or learning, whenever that was said.
SYSTEMS = latest(
    "systems",
    "programme.system-registered",
    "s.data->>'system'",
    {},
    "s.data->>'system' AS system, s.data->>'kind' AS kind",
)

VIEWS = (SKILLS, ACTIVITY_SKILLS, ROLE_PROFILES, ASSESSORS, SYSTEMS)
