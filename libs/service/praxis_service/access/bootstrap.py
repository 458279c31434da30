"""What every app has of access, whichever services it hosts."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI

from praxis_service.access.access import Access
from praxis_service.access.audit import Audit
from praxis_service.access.audit_routes import audit_router
from praxis_service.access.keys import keys_router
from praxis_service.access.principal import Principal
from praxis_service.auth import Authenticator
from praxis_service.database import engine_for
from praxis_service.service import Context
from praxis_service.settings import Settings


@asynccontextmanager
async def open_access(app: FastAPI, context: Context) -> AsyncIterator[Access]:
    """Adds access' own routes to the app; what is yielded is for the services'."""
    settings = context.settings
    async with AsyncExitStack() as stack:
        engine = engine_for(settings.database_url, "access")
        stack.push_async_callback(engine.dispose)
        authenticate = Authenticator(engine, _tokens(settings, stack), settings.rate_limit)
        audit = Audit(engine, context.clock)
        await stack.enter_async_context(audit.writing())
        app.include_router(keys_router(engine, authenticate))
        app.include_router(audit_router(engine, authenticate, audit))
        yield Access(authenticate, audit)


def _tokens(settings: Settings, stack: AsyncExitStack) -> Callable[[str], Awaitable[Principal]] | None:
    """Its libraries are heavy: only who has a provider needs them."""
    if settings.oidc_issuer is None:
        return None
    from praxis_service.access.issuer import Issuer
    from praxis_service.access.tokens import TokenVerifier

    issuer = Issuer(settings.oidc_issuer)
    stack.push_async_callback(issuer.close)
    return TokenVerifier(issuer, settings).principal
