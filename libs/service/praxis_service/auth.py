"""Authentication and authorisation of requests: HTTP Basic with credentials (xAPI 1.0.3, Communication §4.0), the same
as a bearer token, or a token of an OpenID provider; then the table of access.
"""

import time
from collections.abc import Awaitable, Callable

from fastapi import Request
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_service.access.pairs import Pairs
from praxis_service.access.principal import Principal
from praxis_service.access.rates import TokenBuckets
from praxis_service.access.sessions import Sessions
from praxis_service.access.table import Data, enter

__all__ = ["Authenticator", "Principal"]


class Authenticator:
    """Turns a request into the ``Principal`` who may make it. ``engine`` reaches the schema ``access``; ``tokens``
    judges the tokens of a provider, without it none is taken; ``sessions`` knows browsers by their cookie;
    ``rate_limit``: requests a second of one credential; ``manager_view``: whether managers see their subtree's data.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        tokens: Callable[[str], Awaitable[Principal]] | None = None,
        sessions: Sessions | None = None,
        rate_limit: float | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        *,
        manager_view: bool = True,
    ) -> None:
        self._manager_view = manager_view
        self.pairs, self._tokens, self._sessions = Pairs(engine, monotonic), tokens, sessions
        self._rates = TokenBuckets(rate_limit, max(1, rate_limit), monotonic) if rate_limit is not None else None

    async def __call__(self, request: Request) -> Principal:
        """Who is calling, when the table of access lets them use the route.

        Raises ``Unauthorized`` for a missing or bad credential or session, ``Forbidden`` for one that lacks the scope,
        ``TooManyRequests``, and ``IssuerUnavailable`` for a token that cannot be judged now.
        """
        principal = await self._known(request)
        if self._rates is not None:
            self._rates.take(principal.key)
        shows = enter(request, principal.scopes, principal.key)
        if shows is Data.SUBTREE and not self._manager_view:
            shows = Data.OWN
        return Principal(principal.key, principal.scopes, shows, principal.person)

    async def _known(self, request: Request) -> Principal:
        header = request.headers.get("authorization", "")
        if self._sessions is not None and not header:
            principal = await self._sessions.principal(request)
            if principal is not None:
                return principal
        scheme, _, given = header.partition(" ")
        if self._tokens is not None and scheme.lower() == "bearer" and ":" not in given:
            return await self._tokens(given.strip())
        return await self.pairs.principal(header)
