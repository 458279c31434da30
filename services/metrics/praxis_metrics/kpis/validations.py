"""SQL of what assessors have validated: the only evidence here that says somebody is competent."""


def validations(of: str = "true") -> str:
    """The common tables ``validations``, and ``held``: the first of each learner and skill, which is never lost again.
    ``of``: a condition (SQL) on the evidence ``e``."""
    return f"""
    validations AS MATERIALIZED (
        SELECT e.event, e.learner_id, e.skill, e.at, e.day FROM accepted_evidence e
        WHERE e.kind = 'assessor-validation' AND e.day <= :through AND {of} AND EXISTS (
            SELECT FROM assessors a
            WHERE a.learner_id = e.attester_id AND a.skill = e.skill AND e.at >= a.from_at AND e.at < a.until_at
        )
    ), held AS MATERIALIZED (
        SELECT DISTINCT ON (learner_id, skill) learner_id, skill, at, day FROM validations
        ORDER BY learner_id, skill, at
    )
    """  # noqa: S608 - of our own


VALIDATIONS = validations()
"""Of everybody."""

VALIDATED = (
    "A validation is accepted evidence (as in application-rate) of the kind assessor-validation, by somebody who was "
    "then appointed assessor of that skill and is not the learner. Levels are not compared, as no event orders them."
)
"""For definitions that count validations."""
