"""What verbs mean to the KPIs, by IRI, from published vocabularies.

Sources: ADL (http://adlnet.gov/expapi/verbs), cmi5 (https://w3id.org/xapi/adl/verbs), the TinCan registry
(http://id.tincanapi.com), TLA (https://w3id.org/xapi/tla), Activity Streams 1.0, Open Badges
(http://specification.openbadges.org), Tin Can learning plans (http://www.tincanapi.co.uk). The
ADL spellings of cmi5's verbs are no part of cmi5, but exporters write them.
"""

from typing import NamedTuple

VOIDED = "http://adlnet.gov/expapi/verbs/voided"

ENROLLED = frozenset({
    "http://adlnet.gov/expapi/verbs/registered",
    "https://w3id.org/xapi/tla/verbs/registered",
    "http://www.tincanapi.co.uk/verbs/enrolled_onto_learning_plan",
})  # fmt: skip
"""Somebody was put on an activity, by themselves or by others."""

COMPLETED = frozenset({
    "http://adlnet.gov/expapi/verbs/completed",
    "http://activitystrea.ms/schema/1.0/complete",
})  # fmt: skip

TERMINAL = COMPLETED | {
    "http://adlnet.gov/expapi/verbs/terminated",
    "https://w3id.org/xapi/adl/verbs/abandoned",
    "http://adlnet.gov/expapi/verbs/abandoned",
}
"""These close a session, so that their ``result.duration`` measures it."""

ADMINISTRATIVE = ENROLLED | {
    VOIDED,
    "http://adlnet.gov/expapi/verbs/unregistered",
    "http://id.tincanapi.com/verb/unregistered",
    "http://id.tincanapi.com/verb/earned",
    "http://specification.openbadges.org/xapi/verbs/earned",
    "http://specification.openbadges.org/xapi/verbs/earned.json",
    "http://standard.openbadges.org/xapi/verbs/earned.json",
    "http://adlnet.gov/expapi/verbs/passed",
    "http://adlnet.gov/expapi/verbs/failed",
    "https://w3id.org/xapi/adl/verbs/satisfied",
    "http://adlnet.gov/expapi/verbs/satisfied",
    "https://w3id.org/xapi/adl/verbs/waived",
    "http://adlnet.gov/expapi/verbs/waived",
}
"""What systems and administrators say about a learner: no activity of the learner's own."""


class Role(NamedTuple):
    """What a verb counts as; the columns of the table ``verbs``."""

    activity: bool
    terminal: bool
    completed: bool
    enrolled: bool


def role_of(iri: str) -> Role:
    """Some exporters write ADL's IRIs with https; they mean the same."""
    iri = iri.replace("https://adlnet.gov/", "http://adlnet.gov/", 1)
    return Role(
        activity=iri not in ADMINISTRATIVE,
        terminal=iri in TERMINAL,
        completed=iri in COMPLETED,
        enrolled=iri in ENROLLED,
    )


def counting_as(role: str) -> str:
    """SQL: the numbers of the verbs that count as ``role``; few, so that PostgreSQL keeps them at hand in a query."""
    return f"(SELECT id FROM verbs WHERE {role})"  # noqa: S608 - a column of our own
