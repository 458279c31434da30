"""Errors: one small tree, each with its HTTP status, answered as problem+json (RFC 9457), pointing at the bad field."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolExhausted
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from praxis_events.log import LogError, RecordTooLarge

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
"""Those that anything here is served by."""

OUTAGES = ("08", "40", "53", "57")
"""SQLSTATE classes of faults that pass: connection, conflict, resources, intervention (PostgreSQL, Appendix A)."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault in the input, and where: a JSON Pointer (RFC 6901) into the body, a query parameter, or a header."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None

    def as_dict(self) -> dict[str, str]:
        return {name: value for name, value in asdict(self).items() if value is not None}


class Problem(Exception):
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    headers: dict[str, str] = {}  # noqa: RUF012

    def __init__(self, detail: str, errors: Sequence[FieldError] = (), **extra: Any) -> None:
        super().__init__(detail)
        self.detail, self.errors, self.extra = detail, tuple(errors), extra


class BadRequest(Problem):
    status = HTTPStatus.BAD_REQUEST


class MethodNotAllowed(Problem):
    """The path is served, but not by this method; ``allowed`` are those that it is."""

    status = HTTPStatus.METHOD_NOT_ALLOWED

    def __init__(self, method: str, allowed: Sequence[str]) -> None:
        super().__init__(f"This is not for {method}, but for {', '.join(allowed)}.")
        self.headers = {"Allow": ", ".join(allowed)}


class Unauthorized(Problem):
    status = HTTPStatus.UNAUTHORIZED
    headers = {"WWW-Authenticate": 'Basic realm="Praxis", charset="UTF-8"'}  # noqa: RUF012


class Forbidden(Problem):
    status = HTTPStatus.FORBIDDEN


class NotFound(Problem):
    status = HTTPStatus.NOT_FOUND


class Conflict(Problem):
    status = HTTPStatus.CONFLICT


class TooLarge(Problem):
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class UnsupportedMediaType(Problem):
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class TooManyRequests(Problem):
    status = HTTPStatus.TOO_MANY_REQUESTS

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many requests by this credential; the next may come in {seconds} s.")
        self.headers = {"Retry-After": str(seconds)}


class Unavailable(Problem):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    headers = {"Retry-After": "2"}  # noqa: RUF012


def pointer(path: Sequence[str | int]) -> str:
    """A JSON Pointer of the path's steps."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in path)


def respond(problem: Problem, headers: dict[str, str] | None = None) -> Response:
    status = HTTPStatus(problem.status)
    body: dict[str, Any] = {"type": "about:blank", "title": status.phrase, "status": int(status)}
    body["detail"] = problem.detail
    if problem.errors:
        body["errors"] = [error.as_dict() for error in problem.errors]
    return Response(
        msgspec.json.encode(body | problem.extra),
        status_code=status,
        media_type="application/problem+json",
        headers={**problem.headers, **(headers or {})},
    )


def allowed_methods(scope: Scope, routes: Sequence[BaseRoute]) -> list[str]:
    """With which methods the request would have reached one of ``routes``."""
    return [
        method
        for method in METHODS
        if any(route.matches({**scope, "method": method})[0] is Match.FULL for route in routes)
    ]


def as_problem(error: LogError) -> Problem:
    """What a client is told when the log refuses or does not answer."""
    if isinstance(error, RecordTooLarge):
        return TooLarge(str(error), [FieldError(str(error), pointer=f"/{error.index}")])
    return Unavailable("The log did not acknowledge in time. Send the same ids again; nothing doubles.")


def _as_json(_: Request, problem: Problem) -> Response:
    return respond(problem)


def install(app: FastAPI, show: Callable[[Request, Problem], Response] = _as_json) -> None:
    """Answer every error of ``app`` as problem+json, or as ``show`` has it."""

    @app.exception_handler(Problem)
    async def _problem(request: Request, error: Problem) -> Response:
        return show(request, error)

    @app.exception_handler(LogError)
    async def _log(request: Request, error: LogError) -> Response:
        return show(request, as_problem(error))

    @app.exception_handler(DBAPIError)
    @app.exception_handler(PoolExhausted)
    @app.exception_handler(OSError)
    async def _outage(request: Request, error: Exception) -> Response:
        if isinstance(error, DBAPIError) and not _passes(error):
            raise error
        return show(
            request, Unavailable("The service cannot reach its database. Send the same again; nothing doubles.")
        )

    @app.exception_handler(Exception)
    async def _unforeseen(request: Request, _: Exception) -> Response:
        return show(request, Problem("The service failed; nothing more can be said here."))

    @app.exception_handler(RequestValidationError)
    async def _invalid(request: Request, error: RequestValidationError) -> Response:
        return show(request, BadRequest("The request is not valid.", [_field_error(each) for each in error.errors()]))

    @app.exception_handler(HTTPException)
    async def _http(request: Request, error: HTTPException) -> Response:
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return show(request, MethodNotAllowed(request.method, allowed_methods(request.scope, app.routes)))
        problem = Problem(str(error.detail))
        problem.status = HTTPStatus(error.status_code)
        problem.headers = dict(error.headers or {})
        return show(request, problem)


def _passes(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state[:2] in OUTAGES


def _field_error(error: Any) -> FieldError:
    where, *path = error["loc"]
    if where == "body":
        return FieldError(error["msg"], pointer=pointer(path))
    return FieldError(error["msg"], parameter=".".join(map(str, path)) or where)
