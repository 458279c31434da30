"""The version header of every xAPI request and response (xAPI 1.0.3, Communication §3.3)."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from msgspec import json

from praxis_events.log import LogError
from praxis_service.problem import BadRequest, Problem, as_problem, respond

VERSION_HEADER = "X-Experience-API-Version"
VERSIONS = ("1.0.3",)
_ONE_DOT_ZERO = re.compile(r"1\.0(\.\d+)?")


class UnsupportedVersion(BadRequest):
    def __init__(self, detail: str, answer: str) -> None:
        super().__init__(detail)
        self.headers = {VERSION_HEADER: answer}


Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class XapiRoute(APIRoute):
    """A route whose errors carry the version header too."""

    def get_route_handler(self) -> Handler:
        return _with_version(super().get_route_handler())


class PlainXapiRoute(APIRoute):
    """The same for an endpoint that takes the request and nothing else: FastAPI has no parameters to look for."""

    def get_route_handler(self) -> Handler:
        return _with_version(self.endpoint)


def _with_version(handle: Handler) -> Handler:
    async def with_version(request: Request) -> Response:
        try:
            return await handle(request)
        except (Problem, LogError) as error:
            problem = error if isinstance(error, Problem) else as_problem(error)
            return respond(problem, {VERSION_HEADER: VERSIONS[-1], **problem.headers})

    return with_version


def require_version(request: Request, default: str) -> None:
    """Raises ``UnsupportedVersion`` (400) when the header is missing or names no 1.0.x version."""
    given = request.headers.get(VERSION_HEADER)
    if given is None:
        raise UnsupportedVersion(f"Send the header {VERSION_HEADER}, for example 1.0.3.", default)
    if not _ONE_DOT_ZERO.fullmatch(given):
        raise UnsupportedVersion(f"{VERSION_HEADER} {given!r} is not served here; 1.0.3 is.", default)


def about_router() -> APIRouter:
    router = APIRouter(tags=["xapi"], route_class=XapiRoute)

    @router.get("/xapi/about", summary="Which versions are served")
    async def about() -> Response:
        body = json.encode({"version": VERSIONS})
        return Response(body, media_type="application/json", headers={VERSION_HEADER: VERSIONS[-1]})

    return router
