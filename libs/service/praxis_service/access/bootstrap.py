"""What every app has of access, whichever services it hosts."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import FastAPI

from praxis_service.access.access import Access
from praxis_service.access.audit import Audit
from praxis_service.access.audit_routes import audit_router
from praxis_service.access.keys import keys_router
from praxis_service.access.login_routes import LoginRoutes
from praxis_service.access.sessions import Cookies, Sessions
from praxis_service.auth import Authenticator
from praxis_service.database import engine_for
from praxis_service.pages.static_files import static_router
from praxis_service.service import Context
from praxis_service.settings import Settings

if TYPE_CHECKING:
    from praxis_service.access.tokens import TokenVerifier


@asynccontextmanager
async def open_access(app: FastAPI, context: Context) -> AsyncIterator[Access]:
    """Adds access' own routes to the app; what is yielded is for the services'."""
    settings = context.settings
    async with AsyncExitStack() as stack:
        engine = engine_for(settings.database_url, "access")
        stack.push_async_callback(engine.dispose)
        tokens = _tokens(settings, stack)
        sessions = Sessions(engine, Cookies(settings.base_url))
        authenticate = Authenticator(
            engine,
            tokens.principal if tokens is not None else None,
            sessions,
            settings.rate_limit,
            manager_view=settings.manager_view,
        )
        audit = Audit(engine, context.clock)
        await stack.enter_async_context(audit.writing())
        flow = None
        if tokens is not None and settings.oidc_client_id is not None:
            from praxis_service.access.code_flow import CodeFlow

            flow = CodeFlow(tokens, settings, sessions.cookies)
        app.include_router(LoginRoutes(authenticate, authenticate.pairs, sessions, flow, audit).router())
        app.include_router(keys_router(engine, authenticate))
        app.include_router(audit_router(engine, authenticate, audit))
        app.include_router(static_router())
        yield Access(authenticate, audit)


def _tokens(settings: Settings, stack: AsyncExitStack) -> "TokenVerifier | None":
    """Its libraries are heavy: only who has a provider needs them."""
    if settings.oidc_issuer is None:
        return None
    from praxis_service.access.issuer import Issuer
    from praxis_service.access.tokens import TokenVerifier

    issuer = Issuer(settings.oidc_issuer)
    stack.push_async_callback(issuer.close)
    return TokenVerifier(issuer, settings)
