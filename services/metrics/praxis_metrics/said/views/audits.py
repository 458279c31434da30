"""What a quarter's barrier audit counts."""

from praxis_metrics.said.views.view import view

# first_day: of the quarter that a survey is for; null for one that cannot be asked for.
QUARTER_SURVEYS = """
CREATE VIEW quarter_surveys AS
SELECT v.*, CASE WHEN left(v.quarter, 4)::integer BETWEEN 1970 AND 2999 THEN
    make_date(left(v.quarter, 4)::integer, right(v.quarter, 1)::integer * 3 - 2, 1)
END AS first_day
FROM surveys v
"""

_CODE = "lower(btrim(s.data->>'reason'))"

# Who withdrew from a pathway, where the reason is one of the codes of barriers.
DECLINES = view(
    "declines",
    "programme.learner-withdrawn",
    {"learner_id": "learner"},
    f"{_CODE} AS barrier, s.at, s.day",
    where=f"{_CODE} IN ('time', 'access', 'recognition', 'manager', 'relevance', 'other')",
)

# Reports and declines. first_day: of the quarter, which is its survey's, else that of its day. A decline says no
# severity: it counts as the middle.
NAMED_BARRIERS = """
CREATE VIEW named_barriers AS
SELECT b.event, b.learner_id, b.survey, b.barrier, b.severity,
       coalesce(v.first_day, date_trunc('quarter', b.day)::date) AS first_day
FROM barriers b LEFT JOIN quarter_surveys v USING (survey)
UNION ALL
SELECT d.event, d.learner_id, NULL, d.barrier, 3, date_trunc('quarter', d.day)::date FROM declines d
"""

VIEWS = (QUARTER_SURVEYS, DECLINES, NAMED_BARRIERS)
