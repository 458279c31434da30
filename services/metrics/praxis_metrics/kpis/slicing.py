"""SQL that KPIs share: the periods asked for, who was employed, and to which slices something counts."""

from praxis_metrics.changes import Source
from praxis_metrics.kpis.kpi import Reach

PERIODS = """
    periods AS MATERIALIZED (
        SELECT * FROM unnest(CAST(:firsts AS date[]), CAST(:lasts AS date[])) AS p(first, last)
    )
"""
"""The common table of the periods asked for (``Asked.parameters``)."""


def employed(person_id: str, day: str) -> str:
    """Whether the person, or nobody for null, was an employee on that day, on leave or not."""
    return (
        f"EXISTS (SELECT FROM employment job WHERE job.employee AND job.person_id = {person_id} "
        f"AND {day} BETWEEN job.first_day AND job.last_day)"
    )


def unknown(person_id: str) -> str:
    """Whether the directory never knew the person at work."""
    return f"NOT EXISTS (SELECT FROM employment job WHERE job.person_id = {person_id})"


def at_work(person_id: str, day: str) -> str:
    """Whether the person, or nobody for null, was an employee on that day and not on leave throughout it."""
    return (
        f"EXISTS (SELECT FROM employment job WHERE job.employee AND NOT job.on_leave AND job.person_id = {person_id} "
        f"AND {day} BETWEEN job.first_day AND job.last_day)"
    )


def above(manager_id: str, person_id: str, day: str) -> str:
    """Whether the one was then the other's manager, or above that one; of nobody, for null, it is false."""
    return (
        f"EXISTS (SELECT FROM membership up WHERE up.kind = 'manager' AND up.slice = {manager_id} "
        f"AND up.person_id = {person_id} AND {day} BETWEEN up.first_day AND up.last_day)"
    )


ENROLLED = ("pathway", "cohort")
"""Kinds of slice that a KPI may have beside unit and role: employees from the day of their enrolment, whether they
withdraw or not, as in a comparison by intention to treat."""

_ENROLLED = """
        UNION ALL
        SELECT r.*, m.kind, m.slice FROM {rows} r
        JOIN enrolled m ON m.person_id = r.person_id AND r.day >= m.first_day
        WHERE r.employed AND m.kind = ANY(:cuts)
"""

ENROLLED_READS = {Source.ENROLMENTS: Reach(after=None)}
"""What a KPI with these slices reads besides."""


def sliced(rows: str, *own: str) -> str:
    """The common table ``sliced``: each of ``rows`` once for everybody, and once for each slice it counts to.

    ``rows`` is a common table with ``person_id``, ``day`` and ``employed``. By unit and role employees count, where
    they stood on that day; by pathway and cohort from their enrolment on. ``own``: columns that are kinds of slice
    themselves, as ``skill``.
    """
    further = "".join(
        f" UNION ALL SELECT r.*, '{kind}', r.{kind} FROM {rows} r "  # noqa: S608
        f"WHERE '{kind}' = ANY(:cuts) AND r.employed AND r.{kind} IS NOT NULL"
        for kind in own
    )
    enrolled = "" if set(ENROLLED) & set(own) else _ENROLLED.format(rows=rows)
    return f"""
    sliced AS (
        SELECT r.*, 'all' AS kind, '' AS slice FROM {rows} r
        UNION ALL
        SELECT r.*, m.kind, m.slice FROM {rows} r
        JOIN membership m ON m.person_id = r.person_id AND r.day BETWEEN m.first_day AND m.last_day
        WHERE r.employed AND m.kind = ANY(:cuts)
        {enrolled}{further}
    )
    """  # noqa: S608 - names of our own
