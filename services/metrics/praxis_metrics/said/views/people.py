"""Who is meant, and how people are seen: ratings, reviews, promotions."""

from praxis_metrics.said.views.view import latest, view
from praxis_people.identifiers import SHARED

SAID_LEARNERS = """
CREATE VIEW said_learners AS
SELECT p.event, p.role, coalesce(p.learner_id, a.learner_id) AS learner_id
FROM said_people p LEFT JOIN actors a USING (actor_id)
"""

# Whose owner a person has to settle: two persons claim it or, for an address, one of its hashes; or it is shared.
DISPUTED_HOMES = f"""
CREATE VIEW disputed_homes AS
SELECT home FROM (
    SELECT key AS home, person_id FROM identity_claims
    UNION SELECT h.mbox, c.person_id FROM identity_claims c JOIN mail_hashes h ON h.hash = c.key
) claims
GROUP BY home HAVING count(DISTINCT person_id) > 1 OR bool_or(person_id = '{SHARED}')
"""  # noqa: S608 - a constant of ours

# Of one cycle the last rating on the log: a correction. It counts as of the cycle's close.
RATINGS = latest(
    "ratings",
    "people.performance-rated",
    "person.learner_id, s.data->>'cycle'",
    {"learner_id": "person"},
    """s.data->>'cycle' AS cycle, s.at AS closed_at, s.day AS closed_on, s.data->>'rating' AS rating,
       (s.data->>'is_top')::boolean AS is_top""",
)

# cited_evidence: a list of evidence by event.
REVIEWS = view(
    "reviews",
    "people.review-completed",
    {"learner_id": "person", "reviewer_id": "reviewer"},
    "s.at, s.day, s.data->'cited_evidence' AS cited_evidence, (s.data->>'discussed_learning')::boolean AS "
    "discussed_learning",
)

# at and day: of the decision.
PROMOTIONS = view(
    "promotions",
    "people.promoted",
    {"learner_id": "person"},
    """s.at, s.day, (s.data->>'effective_at')::timestamptz AS effective_at, s.data->>'from_grade' AS from_grade,
       s.data->>'to_grade' AS to_grade, s.data->>'role' AS role""",
)

# What managers set themselves; made by a later migration than the views below.
MANAGER_GOALS = view(
    "manager_goals",
    "programme.manager-goal-set",
    {"learner_id": "manager"},
    "s.data->>'goal' AS goal, (s.data->>'due_on')::date AS due_on, s.appended_at AS set_at",
)

VIEWS = (SAID_LEARNERS, DISPUTED_HOMES, RATINGS, REVIEWS, PROMOTIONS)
