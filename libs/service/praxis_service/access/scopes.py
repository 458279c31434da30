"""What a credential or a role may do, by name."""

from collections.abc import Collection, Mapping

from praxis_events.contracts import registered_types

ALL = "all"
OWN = "own/read"

SCOPES: Mapping[str, str] = {
    "statements/write": "store xAPI statements",
    "statements/read": "read xAPI statements, everybody's",
    "events/write": "send events of every type but group attributes",
    "attributes/write": "send group attributes, for which no other scope will do",
    "act-as": "name another person who vouches or decides",
    "scim": "keep users and groups by SCIM",
    "kpis/read": "read the published aggregates",
    "decisions/read": "read policies, decisions, cases and proposals, everybody's",
    "records/read": "read the learning records of everybody",
    OWN: "read policies, and decisions about and records of oneself and who reports to one; contest one's own",
    "cases/decide": "release, uphold, approve and decline",
    "identities/read": "read which identifiers are no person's, and who claims them",
    "sources/read": "read what each source sends, and why something of it was refused",
    "keys/manage": "make, list and revoke credentials that may do no more than oneself",
    "audit/read": "read the audit log",
    ALL: "everything",
}
"""Every scope, with what it is for. ``events/write:<type>`` narrows the event door to the types that begin so."""

NARROWED = "events/write:"


def known_scope(scope: str) -> bool:
    """A narrowed scope has to open the door to one type at least: a typing error is an error and not silence."""
    prefix = scope.removeprefix(NARROWED)
    if prefix == scope:
        return scope in SCOPES
    return bool(prefix) and any(type_.startswith(prefix) for type_ in registered_types())


def may(scopes: Collection[str], scope: str) -> bool:
    return ALL in scopes or scope in scopes


def grants(scopes: Collection[str], scope: str) -> bool:
    """Whether whoever has ``scopes`` may do all that ``scope`` allows."""
    return may(scopes, scope) or (scope.startswith(NARROWED) and may_send(scopes, scope.removeprefix(NARROWED)))


def may_send(scopes: Collection[str], event_type: str) -> bool:
    """Whether the event door takes ``event_type`` from whoever has ``scopes``."""
    prefixes = (scope.removeprefix(NARROWED) for scope in scopes if scope.startswith(NARROWED))
    return may(scopes, "events/write") or any(event_type.startswith(prefix) for prefix in prefixes)
