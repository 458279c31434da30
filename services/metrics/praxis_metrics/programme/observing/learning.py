"""How people's learning is observed, by the days on which they were employees."""

from praxis_metrics.programme.observing.observed import Observed

AT_WORK = """
    at_work AS MATERIALIZED (
        SELECT e.person_id, CAST(d.day AS date) AS day, bool_or(NOT e.on_leave) AS is_present
        FROM employment e
        JOIN (SELECT person_id, min(first) AS first, max(last) AS last FROM windows GROUP BY 1) asked USING (person_id)
        CROSS JOIN LATERAL generate_series(
            greatest(e.first_day, asked.first), least(e.last_day, asked.last), interval '1 day'
        ) AS d(day)
        WHERE e.employee GROUP BY 1, 2
    )
"""
"""The common table of the days on which people with windows were employees; ``is_present``: and not on leave."""

PRESENCE = "count(DISTINCT o.day) FILTER (WHERE o.is_present)::float8 / (w.last - w.first + 1)"
"""1 for who was at work on all days of a window: who comes or leaves on its way counts by their part of it."""

_TABLES = f"""
    {AT_WORK}, observations AS (
        SELECT a.person_id, a.day, a.is_present, coalesce(d.active, false) AS active, d.enrolments, d.completions,
               d.measured + d.estimated AS learned
        FROM at_work a LEFT JOIN learners l USING (person_id)
        LEFT JOIN person_day d ON d.learner_id = l.learner_id AND d.day = a.day
    )
"""  # noqa: S608 - of our own


def _per_person(kpi: str, what: str, figure: str) -> Observed:
    words = f"{what} per person: of employees, by the part of the period for which they were at work and not on leave"
    return Observed(kpi, words, _TABLES, figure, PRESENCE, by_doers=True)


def _of_parts(kpi: str, days: int) -> Observed:
    """The share of a window's whole parts of so many days, of those in which the person was at work, with activity."""
    part = f"(o.day - w.first) / {days}"
    is_whole = f"{part} < (w.last - w.first + 1) / {days}"
    return Observed(
        kpi=kpi,
        words=(
            f"the share with activity: of the whole stretches of {days} days, counted from the period's first, in which"
            " people were employees and not on leave throughout"
        ),
        tables=_TABLES,
        figure=f"count(DISTINCT {part}) FILTER (WHERE {is_whole} AND o.active)",
        denominator=f"count(DISTINCT {part}) FILTER (WHERE {is_whole} AND o.is_present)",
        by_doers=True,
    )


LEARNING = (
    _per_person("learning-hours", "hours", "sum(o.learned) / 3.6e9"),
    _per_person("active-days", "active days", "count(*) FILTER (WHERE o.active)"),
    _per_person("enrolments", "enrolments", "sum(o.enrolments)"),
    _per_person("completions", "completions", "sum(o.completions)"),
    _of_parts("monthly-active-learners", 30),
    _of_parts("participation", 7),
)
