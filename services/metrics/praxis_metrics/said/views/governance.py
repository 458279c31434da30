"""How the programme is steered: standards and overrides, learning leads, playbooks, reports, policies, owners."""

from praxis_metrics.said.views.view import earliest, latest, view

# version: null where all of them are withdrawn.
PATHWAY_WITHDRAWALS = view(
    "pathway_withdrawals",
    "programme.pathway-withdrawn",
    {},
    "s.data->>'pathway' AS pathway, (s.data->>'version')::integer AS version, s.at, s.day",
)

# value: as JSON, a text, a number or a truth; least and most: null where it has no bounds.
STANDARDS = latest(
    "standards",
    "programme.standard-set",
    "s.data->>'id'",
    {"owner_id": "owner"},
    """s.data->>'id' AS standard, s.data->>'about' AS about, s.data->'value' AS value,
       (s.data#>>'{bounds,least}')::float8 AS least, (s.data#>>'{bounds,most}')::float8 AS most, s.day""",
)

OVERRIDES = latest(
    "overrides",
    "programme.override-set",
    "s.data->>'id', s.data->>'unit'",
    {"owner_id": "owner"},
    """s.data->>'id' AS standard, s.data->>'about' AS about, s.data->'value' AS value, s.data->>'unit' AS unit""",
)

PLAYBOOKS = latest(
    "playbooks",
    "programme.playbook-published",
    "s.data->>'id'",
    {"owner_id": "owner"},
    "s.data->>'id' AS playbook, s.data->>'about' AS about, s.data->>'text' AS text, s.data->>'unit' AS unit",
)

LEARNING_LEADS = view(
    "learning_leads",
    "programme.learning-lead-appointed",
    {"learner_id": "person"},
    "s.data->>'unit' AS unit, s.at AS from_at, (s.data->>'until')::timestamptz AS until_at, s.place",
)

# A published version does not change.
POLICIES = earliest(
    "policies",
    "programme.policy-published",
    "s.data->>'policy', (s.data->>'version')::integer",
    {"owner_id": "owner"},
    """s.data->>'policy' AS policy, (s.data->>'version')::integer AS version, s.at AS effective_from, s.day""",
)

# A published report does not change; snapshot is null where only its hash was kept (version 1).
REPORTS = earliest(
    "reports",
    "programme.report-published",
    "s.data->>'quarter'",
    {"publisher_id": "published_by"},
    """s.data->>'quarter' AS quarter, (s.data->>'watermark')::timestamptz AS watermark,
       s.data->'definition_versions' AS definition_versions, s.data->>'snapshot_sha256' AS snapshot_sha256,
       s.data->>'snapshot' AS snapshot, s.appended_at AS published_at""",
)

# Of what is owned the kind, its name, and the owner now: of the last on the log, of pilots of the first.
OWNED = """
CREATE VIEW owned AS
SELECT DISTINCT ON (o.kind, o.id) o.kind, o.id, owner.learner_id AS owner_id
FROM (
    SELECT k.kind, s.event, CASE WHEN k.kind = 'pilot' THEN s.place ELSE -s.place END AS place,
           concat_ws(' in ', s.data->>k.field, CASE WHEN k.kind = 'override' THEN s.data->>'unit' END) AS id
    FROM said s JOIN (VALUES
        ('goal', 'programme.goal-set', 'goal'), ('skill', 'programme.skill-defined', 'skill'),
        ('role', 'programme.role-profiled', 'role'), ('pathway', 'programme.pathway-published', 'pathway'),
        ('pilot', 'programme.pilot-registered', 'pilot'), ('habit', 'programme.habit-designed', 'habit'),
        ('policy', 'programme.policy-published', 'policy'), ('plan', 'programme.plan-published', 'plan'),
        ('step', 'programme.step-planned', 'step'), ('standard', 'programme.standard-set', 'id'),
        ('override', 'programme.override-set', 'id'), ('playbook', 'programme.playbook-published', 'id')
    ) AS k(kind, type, field) ON k.type = s.type
    WHERE s.stands
) o LEFT JOIN said_learners owner ON owner.event = o.event AND owner.role = 'owner'
ORDER BY o.kind, o.id, o.place
"""

VIEWS = (
    PATHWAY_WITHDRAWALS,
    STANDARDS,
    OVERRIDES,
    PLAYBOOKS,
    LEARNING_LEADS,
    POLICIES,
    REPORTS,
    OWNED,
)
