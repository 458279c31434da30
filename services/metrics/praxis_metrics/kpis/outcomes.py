"""SQL that KPIs share of the outcomes that evidence tells: what each is about, and what of it is taken."""

MOST = 1e12
"""Of minutes, errors or money: larger figures are mistakes, and their sums could not be told."""

_ESTIMATES = "('self', 'self-estimate', 'self-report', 'self-reported', 'estimate')"

IS_ESTIMATE = f"(o.confidence IS NOT NULL OR lower(btrim(o.source)) IN {_ESTIMATES})"
"""Whoever measured something needs no confidence in it."""

IS_SOUND = f"(NOT {IS_ESTIMATE} OR (o.confidence IS NOT NULL AND o.attribution IS NOT NULL))"
"""An estimate counts only with its error and its share told (Phillips, *Return on Investment*, 2003, ch. 5)."""

FACTOR = "coalesce(o.confidence, 1) * coalesce(o.attribution, 1)"

ABOUT = """
    CASE WHEN e.task_id IS NULL THEN ARRAY['artefact', e.artefact_system, e.artefact_id]
         ELSE ARRAY['task', e.task_system, e.task_id] END
"""
"""The task of evidence or, where it names none, its artefact."""


def outcomes_of(evidence: str) -> str:
    """A FROM clause: each outcome ``o`` of each piece of evidence ``e`` of this table or view."""
    return f"""
    {evidence} e CROSS JOIN LATERAL jsonb_to_recordset(nullif(e.outcomes, 'null'::jsonb)) AS o(
        measure text, before float8, after float8, opportunities float8, amount float8, currency text, source text,
        confidence float8, attribution float8
    )
    """


def plausible(figure: str, least: float = 0) -> str:
    return f"({figure} BETWEEN {least:.0f} AND {MOST:.0f})"
