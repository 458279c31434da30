"""SQL that KPIs of money share: the amounts that accepted evidence tells. Different currencies are never added."""

from praxis_metrics.kpis.outcomes import ABOUT, FACTOR, IS_SOUND, outcomes_of, plausible

_TOLD = "coalesce(o.amount, o.after - o.before)"

CURRENCIES = (
    "Amounts of different currencies are never added: where a cell holds several its amounts are null, and the slices "
    "by currency give each."
)


def amounts(where: str) -> str:
    """The common table ``amounts``: each task's, or else artefact's, amount of a measure in a currency, once for all
    who tell of it. ``where``: which outcomes ``o``."""
    return f"""
    amounts AS MATERIALIZED (
        SELECT DISTINCT ON (about, measure, currency) *
        FROM (
            SELECT e.learner_id, e.event, e.at, e.day, e.skill, {ABOUT} AS about, lower(o.measure) AS measure,
                   o.currency, {_TOLD} * {FACTOR} AS amount
            FROM {outcomes_of("accepted_evidence")}
            WHERE o.currency IS NOT NULL AND {plausible("abs(o.amount)")} IS NOT FALSE
              AND {plausible("abs(o.before)")} IS NOT FALSE AND {plausible("abs(o.after)")} IS NOT FALSE
              AND {_TOLD} IS NOT NULL AND {IS_SOUND} AND {where} AND e.day <= (SELECT max(last) FROM periods)
        ) told
        ORDER BY about, measure, currency, at, amount, event
    )
    """  # noqa: S608 - of our own
