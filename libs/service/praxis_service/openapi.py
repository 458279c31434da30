"""The OpenAPI document: what operations of every service have in common is said here, once."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI

from praxis_service.access.scopes import SCOPES
from praxis_service.access.table import PUBLIC, TABLE

Json = dict[str, Any]

PROBLEM_TYPE = "application/problem+json"

PROBLEM: Json = {"$ref": "#/components/schemas/Problem"}

_PROBLEM: Json = {
    "type": "object",
    "description": "What went wrong (RFC 9457); `errors` point at the faults in the request.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["detail"],
                "properties": {
                    "detail": {"type": "string"},
                    "pointer": {"type": "string", "description": "a JSON Pointer into the body"},
                    "parameter": {"type": "string", "description": "in the query or the path"},
                    "header": {"type": "string"},
                },
            },
        },
    },
}
_SAID = {
    400: ("BadRequest", "The request breaks a rule; `errors` say where"),
    401: ("Unauthorized", "No credential, or one that is unknown, wrong or revoked"),
    403: ("Forbidden", "The credential lacks the scope"),
    404: ("NotFound", "There is no such thing"),
    409: ("Conflict", "It is there already, and says otherwise"),
    413: ("TooLarge", "More than is taken in one request"),
    415: ("UnsupportedMediaType", "Not a media type that is taken here"),
    429: ("TooManyRequests", "More requests than this credential may make, or too many wrong secrets"),
    503: ("Unavailable", "The log or the database does not answer: send the same again after Retry-After seconds"),
}
_CREDENTIAL: Json = {
    "basic": {
        "type": "http",
        "scheme": "basic",
        "description": f"A credential. Its scopes: {', '.join(sorted(SCOPES))}.",
    },
    "token": {"type": "http", "scheme": "bearer", "description": "The same as `key:secret`, where only a token fits."},
}
_METHODS = {"get", "head", "post", "put", "patch", "delete"}


def problems(*statuses: int) -> dict[int | str, Json]:
    """For a route's ``responses``: what it may answer beside what every operation may."""
    named = {status: _SAID[status] for status in statuses}
    return {
        status: {"$ref": f"#/components/responses/{name}", "description": said}
        for status, (name, said) in named.items()
    }


def describe(app: FastAPI) -> None:
    """Complete ``app``'s document: the credential, the problems that any operation may answer, and no 422, which
    FastAPI would answer where this answers 400. What a route documents itself stays as it is.
    """
    generate = app.openapi

    def openapi() -> Json:
        if app.openapi_schema is None:
            _complete(generate())
        return app.openapi_schema or {}

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: Json) -> None:
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = _PROBLEM
    components["responses"] = {name: _response(said) for name, said in _SAID.values()}
    components["securitySchemes"] = _CREDENTIAL
    for method, path, operation in _operations(document):
        responses = operation["responses"]
        responses.pop("422", None)
        public = TABLE.get((method.upper(), path)) == PUBLIC
        operation["security"] = [] if public else [{name: []} for name in _CREDENTIAL]
        if "operations" in operation.get("tags", ()):
            continue
        for status, response in problems(*_any_of(path, operation)).items():
            responses.setdefault(str(status), response)


def _operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        yield from ((method, path, operation) for method, operation in item.items() if method in _METHODS)


def _any_of(path: str, operation: Json) -> Iterator[int]:
    """What the edge answers, whatever the operation does."""
    yield from (400, 503)
    if operation["security"]:
        yield from (401, 403, 429)
    if "{" in path:
        yield 404
    if "requestBody" in operation:
        yield 413


def _response(said: str) -> Json:
    return {"description": said, "content": {PROBLEM_TYPE: {"schema": PROBLEM}}}
