"""``/login``, ``/logout`` and ``/session``: people with a browser."""

import base64
import hmac
import re
import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import HTMLResponse, RedirectResponse, Response

from praxis_service.access.audit import Audit
from praxis_service.access.pairs import Pairs
from praxis_service.access.sessions import Sessions
from praxis_service.auth import Authenticator
from praxis_service.body import read_body
from praxis_service.openapi import problems
from praxis_service.pages import Pages
from praxis_service.pages.headers import HEADERS
from praxis_service.problem import BadRequest, FieldError, NotFound, Problem, TooManyRequests, Unauthorized

if TYPE_CHECKING:
    from praxis_service.access.code_flow import CodeFlow

MOST_BYTES = 10_000
FORM_LIFETIME = timedelta(hours=1)
FIELDS = ("csrf", "key", "secret", "return_to")

_LOCAL = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]{0,1000}")
"""A path of this installation: what a browser might take for another host's address is none."""


class SessionOut(BaseModel):
    """``person``: who that is, as far as the login itself says so."""

    key: str
    scopes: list[str]
    person: dict[str, Any] | None


_SENT_ON: dict[int | str, Any] = {303: {"description": "The browser is sent on"}}
_FORM = {"description": "The form, and what is wrong", "content": {"text/html": {}}}
_LARGE = problems(413)[413]


_PAGES = Pages("praxis_service.pages")


class LoginRoutes:
    def __init__(
        self, authenticate: Authenticator, pairs: Pairs, sessions: Sessions, flow: "CodeFlow | None", audit: Audit
    ) -> None:
        self._authenticate, self._pairs, self._sessions = authenticate, pairs, sessions
        self._flow, self._audit, self._cookies = flow, audit, sessions.cookies

    def router(self) -> APIRouter:
        router = APIRouter(tags=["access"])
        router.add_api_route("/login", self.page, methods=["GET"], response_class=HTMLResponse, summary="The form")
        for method, path, handle, said, answers in (
            (
                "POST",
                "/login",
                self.login,
                "Sign in by a credential",
                {**_SENT_ON, 401: _FORM, 413: _LARGE, 429: _FORM},
            ),
            ("GET", "/login/provider", self.begin, "Sign in at the provider", {**_SENT_ON, **problems(404)}),
            ("GET", "/login/callback", self.end, "Back from the provider", {**_SENT_ON, **problems(404)}),
            ("POST", "/logout", self.logout, "End the session", _SENT_ON),
        ):
            router.add_api_route(
                path,
                handle,
                methods=[method],
                summary=said,
                status_code=303,
                response_class=Response,
                responses=answers,
            )
        router.add_api_route("/session", self.session, methods=["GET"], summary="Who is calling")
        return router

    async def page(self, request: Request) -> Response:
        return self._form(request, return_path(request.query_params.get("return_to", "/")))

    async def login(self, request: Request) -> Response:
        """Takes the form of ``GET /login``."""
        given = _fields(await read_body(request, MOST_BYTES))
        return_to = return_path(given["return_to"] or "/")
        expected = self._cookies.get(request, "form") or ""
        if not expected or not hmac.compare_digest(expected.encode(), given["csrf"].encode()):
            raise BadRequest("The form is not this installation's, or too old; load it again.")
        pair = base64.b64encode(f"{given['key']}:{given['secret']}".encode()).decode()
        try:
            principal = await self._pairs.principal(f"Basic {pair}", fresh=True)
        except (Unauthorized, TooManyRequests) as problem:
            page = self._form(request, return_to, problem.detail, int(problem.status))
            page.headers.update({k: v for k, v in problem.headers.items() if k == "Retry-After"})
            return page
        response = _redirect(return_to)
        await self._sessions.begin(response, principal)
        self._cookies.drop(response, "form")
        await self._audit.note(principal.key, "session-begun")
        return response

    async def begin(self, request: Request) -> Response:
        response = _redirect("/")
        return_to = return_path(request.query_params.get("return_to", "/"))
        response.headers["location"] = await self._provider().begin(response, return_to)
        return response

    async def end(self, request: Request) -> Response:
        """A login ends here once, however it ends: the code is good for one attempt, and the cookie is dropped."""
        try:
            principal, return_to = await self._provider().end(request)
            response = _redirect(return_path(return_to))
        except Problem as problem:
            ended = Response()
            self._cookies.drop(ended, "login")
            problem.headers = {**problem.headers, "Set-Cookie": ended.headers["set-cookie"]}
            raise
        await self._sessions.begin(response, principal)
        self._cookies.drop(response, "login")
        await self._audit.note(principal.key, "session-begun")
        return response

    async def logout(self, request: Request) -> Response:
        self._cookies.refuse_other_sites(request)
        response = _redirect("/login")
        await self._sessions.end(request, response)
        return response

    async def session(self, request: Request) -> SessionOut:
        """Whoever it is, by whichever credential."""
        principal = await self._authenticate(request)
        person = principal.person and principal.person.model_dump(by_alias=True, exclude_unset=True)
        return SessionOut(key=principal.key, scopes=sorted(principal.scopes), person=person)

    def _form(self, request: Request, return_to: str, fault: str | None = None, status: int = 200) -> Response:
        csrf = self._cookies.get(request, "form") or secrets.token_urlsafe(32)
        has_provider = self._flow is not None
        page = _PAGES.answer(
            request, None, "login.html", status, csrf=csrf, return_to=return_to, provider=has_provider, fault=fault
        )
        self._cookies.put(page, "form", csrf, FORM_LIFETIME)
        return page

    def _provider(self) -> "CodeFlow":
        if self._flow is None:
            raise NotFound("No provider is configured; PRAXIS_OIDC_CLIENT_ID names this installation at one.")
        return self._flow


def return_path(given: str) -> str:
    """Raises ``BadRequest`` for anything but a path here."""
    if not _LOCAL.fullmatch(given):
        fault = FieldError("must be a path of this installation", parameter="return_to")
        raise BadRequest("return_to leads elsewhere.", [fault])
    return given


def _redirect(path: str) -> RedirectResponse:
    return RedirectResponse(path, 303, {"Cache-Control": "no-store", "Referrer-Policy": HEADERS["Referrer-Policy"]})


def _fields(body: bytes) -> dict[str, str]:
    """Each field's one value; empty where there is none."""
    try:
        given = parse_qs(body.decode(), max_num_fields=20)
    except ValueError:
        raise BadRequest("The form cannot be read.") from None
    return {name: given.get(name, [""])[0] for name in FIELDS}
