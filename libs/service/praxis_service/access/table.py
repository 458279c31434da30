"""The one table of authorisation: what each route of each service needs, and whose data it then shows.

A route that is not here answers nobody. ``tests/deploy/embedded/test_access.py`` walks all of them.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from fastapi import Request

from praxis_service.access.scopes import ALL, NARROWED, OWN, SCOPES
from praxis_service.problem import Forbidden


class Data(IntEnum):
    """Whose data an answer shows; each includes those before it. ``SUBTREE``: of who reports to the caller now, unless
    ``PRAXIS_MANAGER_VIEW`` is off.
    """

    NONE = 0
    OWN = 1
    SUBTREE = 2
    ALL = 3


@dataclass(frozen=True, slots=True)
class Needs:
    """``scopes``: any one of them opens the route and shows that much; none of them means that it is for everybody.
    A scope that ends in a colon stands for every scope that begins so.
    """

    scopes: Mapping[str, Data] = field(default_factory=dict)

    @property
    def public(self) -> bool:
        return not self.scopes

    def shown(self, scopes: Collection[str]) -> Data | None:
        """The most that ``scopes`` open here; ``None`` when that is nothing at all."""
        if ALL in scopes:
            return max(self.scopes.values())
        return max((data for needed, data in self.scopes.items() if _has(scopes, needed)), default=None)


def _has(scopes: Collection[str], needed: str) -> bool:
    if needed == ANY:
        return True
    return any(scope.startswith(needed) for scope in scopes) if needed.endswith(":") else needed in scopes


ANY = ":"
"""In place of a scope: whichever credential it is."""

PUBLIC = Needs()
KNOWN = Needs({ANY: Data.OWN})
WRITE_STATEMENTS = Needs({"statements/write": Data.NONE})
READ_STATEMENTS = Needs({"statements/read": Data.ALL})
SEND_EVENTS = Needs({"events/write": Data.NONE, NARROWED: Data.NONE, "attributes/write": Data.NONE})
"""The door then asks of each event whether its type may be sent."""
SCIM = Needs({"scim": Data.ALL})
DISCOVER_SCIM = Needs({"scim": Data.NONE})
READ_KPIS = Needs({"kpis/read": Data.NONE})
READ_DECISIONS = Needs({"decisions/read": Data.ALL, OWN: Data.SUBTREE})
READ_RECORDS = Needs({"records/read": Data.ALL, OWN: Data.SUBTREE})
READ_POLICIES = Needs({"decisions/read": Data.NONE, OWN: Data.NONE})
READ_CASES = Needs({"decisions/read": Data.ALL})
DECIDE_CASES = Needs({"cases/decide": Data.ALL})
APPEAL = Needs({OWN: Data.OWN})
MANAGE_KEYS = Needs({"keys/manage": Data.NONE})
READ_IDENTITIES = Needs({"identities/read": Data.ALL})
READ_SOURCES = Needs({"sources/read": Data.NONE})
READ_AUDIT = Needs({"audit/read": Data.ALL})

TABLE: Mapping[tuple[str, str], Needs] = {
    ("GET", "/healthz"): PUBLIC,
    ("GET", "/readyz"): PUBLIC,
    ("GET", "/metrics"): PUBLIC,
    ("GET", "/openapi.json"): PUBLIC,
    ("GET", "/docs"): PUBLIC,
    ("GET", "/docs/oauth2-redirect"): PUBLIC,
    ("GET", "/redoc"): PUBLIC,
    # every app
    ("GET", "/login"): PUBLIC,
    ("POST", "/login"): PUBLIC,
    ("GET", "/login/provider"): PUBLIC,
    ("GET", "/login/callback"): PUBLIC,
    ("POST", "/logout"): PUBLIC,
    ("GET", "/session"): KNOWN,
    ("POST", "/keys"): MANAGE_KEYS,
    ("GET", "/keys"): MANAGE_KEYS,
    ("DELETE", "/keys/{key}"): MANAGE_KEYS,
    ("GET", "/audit"): READ_AUDIT,
    ("GET", "/static/{name}"): PUBLIC,
    # ingest
    ("GET", "/xapi/about"): PUBLIC,
    ("POST", "/xapi/statements"): WRITE_STATEMENTS,
    ("PUT", "/xapi/statements"): WRITE_STATEMENTS,
    ("GET", "/xapi/statements"): READ_STATEMENTS,
    ("GET", "/xapi/more/{word}"): READ_STATEMENTS,
    ("POST", "/events"): SEND_EVENTS,
    ("GET", "/scim/v2/ServiceProviderConfig"): DISCOVER_SCIM,
    ("GET", "/scim/v2/ResourceTypes"): DISCOVER_SCIM,
    ("GET", "/scim/v2/ResourceTypes/{id_:anything}"): DISCOVER_SCIM,
    ("GET", "/scim/v2/Schemas"): DISCOVER_SCIM,
    ("GET", "/scim/v2/Schemas/{id_:anything}"): DISCOVER_SCIM,
    ("POST", "/scim/v2/.search"): SCIM,
    ("POST", "/scim/v2/Users/.search"): SCIM,
    ("POST", "/scim/v2/Users"): SCIM,
    ("GET", "/scim/v2/Users"): SCIM,
    ("GET", "/scim/v2/Users/{id_:uuid}"): SCIM,
    ("PUT", "/scim/v2/Users/{id_:uuid}"): SCIM,
    ("PATCH", "/scim/v2/Users/{id_:uuid}"): SCIM,
    ("DELETE", "/scim/v2/Users/{id_:uuid}"): SCIM,
    ("POST", "/scim/v2/Groups/.search"): SCIM,
    ("POST", "/scim/v2/Groups"): SCIM,
    ("GET", "/scim/v2/Groups"): SCIM,
    ("GET", "/scim/v2/Groups/{id_:uuid}"): SCIM,
    ("PUT", "/scim/v2/Groups/{id_:uuid}"): SCIM,
    ("PATCH", "/scim/v2/Groups/{id_:uuid}"): SCIM,
    ("DELETE", "/scim/v2/Groups/{id_:uuid}"): SCIM,
    ("GET", "/scim/v2/{rest:anything}"): DISCOVER_SCIM,
    ("OPTIONS", "/scim/v2/{rest:anything}"): DISCOVER_SCIM,
    ("TRACE", "/scim/v2/{rest:anything}"): DISCOVER_SCIM,
    ("POST", "/scim/v2/{rest:anything}"): DISCOVER_SCIM,
    ("PUT", "/scim/v2/{rest:anything}"): DISCOVER_SCIM,
    ("PATCH", "/scim/v2/{rest:anything}"): DISCOVER_SCIM,
    ("DELETE", "/scim/v2/{rest:anything}"): DISCOVER_SCIM,
    ("GET", "/identities/unmatched"): READ_IDENTITIES,
    ("GET", "/sources"): READ_SOURCES,
    # metrics
    ("GET", "/"): READ_KPIS,
    ("GET", "/dashboard/{kpi}"): READ_KPIS,
    ("GET", "/kpis"): READ_KPIS,
    ("GET", "/kpis/{kpi}"): READ_KPIS,
    ("GET", "/goals"): READ_KPIS,
    ("GET", "/audits/{quarter}"): READ_KPIS,
    ("GET", "/triangulation/{quarter}"): READ_KPIS,
    ("GET", "/reports/{quarter}"): READ_KPIS,
    ("GET", "/governance"): READ_KPIS,
    ("GET", "/pilots"): READ_KPIS,
    ("GET", "/pilots/{pilot:path}"): READ_KPIS,
    ("GET", "/pathways/{pathway:path}/comparison"): READ_KPIS,
    ("GET", "/skills/coverage"): READ_KPIS,
    ("GET", "/activities/quality"): READ_KPIS,
    ("GET", "/activities/suggestions"): READ_KPIS,
    ("GET", "/people/{person_id}/record"): READ_RECORDS,
    # incentives
    ("GET", "/decisions"): READ_DECISIONS,
    ("GET", "/decisions/{decision}"): READ_DECISIONS,
    ("POST", "/decisions/{decision}/appeal"): APPEAL,
    ("GET", "/policies"): READ_POLICIES,
    ("GET", "/policies/{policy}"): READ_POLICIES,
    ("POST", "/policies:simulate"): READ_CASES,
    ("GET", "/cases"): READ_CASES,
    ("GET", "/proposals"): READ_CASES,
    ("POST", "/cases/{decision}/release"): DECIDE_CASES,
    ("POST", "/cases/{decision}/uphold"): DECIDE_CASES,
    ("POST", "/proposals/{decision}/approve"): DECIDE_CASES,
    ("POST", "/proposals/{decision}/decline"): DECIDE_CASES,
}


class NotInTable(LookupError):
    """A route that nobody said who may use: it answers nobody."""


class OutOfScope(Forbidden):
    """``who``: the credential's key, or a token's subject."""

    def __init__(self, who: str, wanted: str) -> None:
        super().__init__(f"The credential {who!r} lacks the scope {wanted}.")
        self.who = who


def enter(request: Request, scopes: frozenset[str], who: str) -> Data:
    """Whose data the route that serves the request shows to somebody with ``scopes``.

    Raises ``OutOfScope`` naming the scopes that would do, and ``NotInTable``.
    """
    route = request.method, getattr(request.scope.get("route"), "path", "")
    shown = _shown(*route, scopes)
    if shown is None:
        wanted = " or ".join(repr(scope) for scope in _needs(*route).scopes if scope in SCOPES)
        raise OutOfScope(who, wanted)
    return shown


@lru_cache(maxsize=10_000)
def _shown(method: str, path: str, scopes: frozenset[str]) -> Data | None:
    """Remembered: every request asks, and there are few routes and few sets of scopes."""
    return _needs(method, path).shown(scopes)


def _needs(method: str, path: str) -> Needs:
    try:
        return TABLE["GET" if method == "HEAD" else method, path]
    except KeyError:
        raise NotInTable(f"{method} {path} is not in the table of access") from None
