"""What the OpenAPI document says of ``/scim/v2`` (RFC 7643, RFC 7644)."""

from collections.abc import Sequence
from typing import Any

from praxis_ingest.scim.resources import MOST_RESULTS, Kind

Json = dict[str, Any]

MEDIA_TYPE = "application/scim+json"

_URN = "urn:ietf:params:scim:"
_TEXTS: Json = {"type": "array", "items": {"type": "string"}}
_TEXT: Json = {"type": "string"}
_ERROR: Json = {
    "type": "object",
    "required": ["schemas", "status"],
    "properties": {
        "schemas": {"const": [f"{_URN}api:messages:2.0:Error"]},
        "status": {"type": "string", "pattern": r"^[45]\d\d$"},
        "scimType": _TEXT,
        "detail": _TEXT,
    },
}
_SAID = {
    400: "The request breaks a rule, which scimType names",
    401: "No credential, or one that is unknown, wrong or revoked",
    403: "The credential lacks the scope `scim`, or it is not to be had by a filter",
    404: "There is no such resource",
    409: "Another resource has this userName",
    412: "The resource has another version than If-Match says",
    413: "The body is larger than is taken",
    429: "More requests than this credential may make, or too many wrong secrets",
    503: "The log or the database does not answer: send the same again after Retry-After seconds",
}
_ALWAYS = (400, 401, 403, 429, 503)

_RESOURCE: Json = {
    "type": "object",
    "required": ["schemas", "id"],
    "properties": {"schemas": _TEXTS, "id": _TEXT, "meta": {"type": "object"}},
}
_LIST: Json = {
    "type": "object",
    "required": ["schemas", "totalResults"],
    "properties": {
        "schemas": {"const": [f"{_URN}api:messages:2.0:ListResponse"]},
        "totalResults": {"type": "integer"},
        "startIndex": {"type": "integer"},
        "itemsPerPage": {"type": "integer"},
        "Resources": {"type": "array", "items": {"type": "object"}},
    },
}
_SENT: dict[Kind, Json] = {
    Kind.USER: {
        "type": "object",
        "required": ["schemas", "userName"],
        "properties": {
            "schemas": {**_TEXTS, "contains": {"const": f"{_URN}schemas:core:2.0:User"}},
            "userName": {"type": "string", "minLength": 1},
            "externalId": _TEXT,
            "displayName": _TEXT,
            "title": _TEXT,
            "active": {"type": "boolean"},
            "emails": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {"value": _TEXT, "type": _TEXT, "primary": {"type": "boolean"}},
                },
            },
            f"{_URN}schemas:extension:enterprise:2.0:User": {
                "type": "object",
                "properties": {
                    "employeeNumber": _TEXT,
                    "department": _TEXT,
                    "manager": {"type": "object", "required": ["value"], "properties": {"value": _TEXT}},
                },
            },
        },
    },
    Kind.GROUP: {
        "type": "object",
        "required": ["schemas", "displayName"],
        "properties": {
            "schemas": {**_TEXTS, "contains": {"const": f"{_URN}schemas:core:2.0:Group"}},
            "displayName": _TEXT,
            "members": {"type": "array", "items": {"type": "object", "properties": {"value": _TEXT}}},
        },
    },
}
_EXAMPLES: dict[Kind, Json] = {
    Kind.USER: {
        "schemas": [f"{_URN}schemas:core:2.0:User", f"{_URN}schemas:extension:enterprise:2.0:User"],
        "userName": "ann@example.org",
        "displayName": "Ann Lee",
        "title": "engineer",
        "active": True,
        "emails": [{"value": "ann@example.org", "type": "work", "primary": True}],
        f"{_URN}schemas:extension:enterprise:2.0:User": {"employeeNumber": "p-1", "department": "platform"},
    },
    Kind.GROUP: {"schemas": [f"{_URN}schemas:core:2.0:Group"], "displayName": "Readers"},
}
_PATCH: Json = {
    "type": "object",
    "required": ["schemas", "Operations"],
    "properties": {
        "schemas": {"const": [f"{_URN}api:messages:2.0:PatchOp"]},
        "Operations": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["op"],
                "properties": {"op": {"enum": ["add", "replace", "remove"]}, "path": _TEXT, "value": {}},
            },
        },
    },
}
_CHANGE: Json = {
    "schemas": [f"{_URN}api:messages:2.0:PatchOp"],
    "Operations": [{"op": "replace", "path": "displayName", "value": "Ann Roe"}],
}
_ASKED: Json = {
    "filter": _TEXT,
    "sortBy": _TEXT,
    "sortOrder": {"enum": ["ascending", "descending"]},
    "startIndex": {"type": "integer", "description": "from 1"},
    "count": {"type": "integer", "description": f"at most {MOST_RESULTS}"},
    "attributes": _TEXT,
    "excludedAttributes": _TEXT,
}
_SEARCH: Json = {
    "type": "object",
    "required": ["schemas"],
    "properties": {
        **_ASKED,
        "schemas": {"const": [f"{_URN}api:messages:2.0:SearchRequest"]},
        "attributes": _TEXTS,
        "excludedAttributes": _TEXTS,
    },
}
_FOUND: Json = {"schemas": [f"{_URN}api:messages:2.0:SearchRequest"], "filter": 'userName eq "ann@example.org"'}


def _query(*names: str) -> list[Json]:
    return [{"name": name, "in": "query", "schema": _ASKED[name]} for name in names]


def _header(name: str) -> Json:
    return {"name": name, "in": "header", "schema": _TEXT, "description": "an ETag, or *"}


def _content(schema: Json, example: Json | None = None) -> Json:
    return {MEDIA_TYPE: {"schema": schema, **({"example": example} if example else {})}}


def _body(schema: Json, example: Json) -> Json:
    return {"required": True, "content": _content(schema, example)}


def _operation(
    status: int,
    schema: Json | None,
    refused: Sequence[int] = (),
    *,
    parameters: Sequence[Json] = (),
    body: Json | None = None,
    unchanged: bool = False,
) -> Json:
    done: Json = {"description": "Done", **({"content": _content(schema)} if schema else {})}
    responses: dict[int | str, Json] = {status: done}
    if unchanged:
        responses[304] = {"description": "The version is the one that If-None-Match names"}
    for each in (*_ALWAYS, *refused, *([413] if body else [])):
        responses[each] = {"description": _SAID[each], "content": _content(_ERROR)}
    extra: Json = {"parameters": list(parameters)} | ({"requestBody": body} if body else {})
    return {"responses": responses, "openapi_extra": extra, "status_code": status}


_SHOWN = _query("attributes", "excludedAttributes")

CONFIG = _operation(200, {"type": "object", "required": ["schemas"]})
DISCOVERED = _operation(200, _LIST)
ONE_DISCOVERED = _operation(200, {"type": "object", "required": ["schemas", "id"]}, [404])
SEARCH = _operation(200, _LIST, body=_body(_SEARCH, _FOUND))
FIND = _operation(200, _LIST, parameters=_query(*_ASKED))
LOOK = _operation(200, _RESOURCE, [404], parameters=[*_SHOWN, _header("If-None-Match")], unchanged=True)
PATCH = _operation(
    200, _RESOURCE, [404, 409, 412], parameters=[*_SHOWN, _header("If-Match")], body=_body(_PATCH, _CHANGE)
)
DELETE = _operation(204, None, [404, 412], parameters=[_header("If-Match")])


def create(kind: Kind) -> Json:
    return _operation(201, _RESOURCE, [409], parameters=_SHOWN, body=_body(_SENT[kind], _EXAMPLES[kind]))


def replace(kind: Kind) -> Json:
    parameters = [*_SHOWN, _header("If-Match")]
    return _operation(200, _RESOURCE, [404, 409, 412], parameters=parameters, body=_body(_SENT[kind], _EXAMPLES[kind]))
