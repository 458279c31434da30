"""Whoever opens a page without being signed in is sent to the login, and comes back."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from urllib.parse import quote

from fastapi import Request

from praxis_service.accepting import prefers
from praxis_service.access.principal import Principal
from praxis_service.problem import Problem, Unauthorized


class SignInFirst(Problem):
    """Sends a browser to the login; htmx, which follows no redirect to a page, is told to go there."""

    status = HTTPStatus.SEE_OTHER

    def __init__(self, request: Request) -> None:
        super().__init__("Sign in first.")
        here = quote(request.url.path, safe="/") + (f"?{request.url.query}" if request.url.query else "")
        login = f"/login?return_to={quote(here, safe='/')}"
        self.headers = {"Location": login, "Cache-Control": "no-store"}
        if "hx-request" in request.headers:
            self.status = HTTPStatus.UNAUTHORIZED
            self.headers = {"HX-Redirect": login, "Cache-Control": "no-store"}


async def signed_in(authenticate: Callable[[Request], Awaitable[Principal]], request: Request) -> Principal:
    """Who is calling, as ``authenticate`` says; a browser without a credential or session signs in first.

    Raises ``SignInFirst``, and what ``authenticate`` raises.
    """
    try:
        return await authenticate(request)
    except Unauthorized:
        if "authorization" in request.headers or not wants_page(request):
            raise
        raise SignInFirst(request) from None


def wants_page(request: Request) -> bool:
    """Whether a browser asks, and no program."""
    return prefers(request.headers.get("accept", ""), "text/html")
