"""What the OpenAPI document says of the statements resource (xAPI 1.0.3, Communication §2.1)."""

from typing import Any

from praxis_ingest.statements.filters import MAX_LIMIT
from praxis_ingest.versions import VERSION_HEADER, VERSIONS
from praxis_service.openapi import problems

Json = dict[str, Any]

CONSISTENT_THROUGH = "X-Experience-API-Consistent-Through"

_UUID: Json = {"type": "string", "format": "uuid"}
_IRI: Json = {"type": "string", "format": "iri"}
_TIME: Json = {"type": "string", "format": "date-time"}
_BOOLEAN: Json = {"type": "boolean", "default": False}

_EXAMPLE: Json = {
    "actor": {"mbox": "mailto:ann@example.org"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "https://courses.example.org/python-1"},
}
STATEMENT: Json = {
    "type": "object",
    "description": "An xAPI statement; xAPI 1.0.3, Data §2 has all of it.",
    "required": ["actor", "verb", "object"],
    "properties": {
        "id": _UUID,
        "actor": {"type": "object", "description": "an Agent or a Group"},
        "verb": {"type": "object", "required": ["id"], "properties": {"id": _IRI, "display": {"type": "object"}}},
        "object": {"type": "object", "description": "an Activity, Agent, Group, StatementRef or SubStatement"},
        "result": {"type": "object"},
        "context": {"type": "object"},
        "timestamp": _TIME,
        "attachments": {"type": "array", "items": {"type": "object"}},
    },
}
_STORED: Json = {
    **STATEMENT,
    "required": [*STATEMENT["required"], "id", "stored", "authority", "version"],
    "properties": {**STATEMENT["properties"], "stored": _TIME, "authority": {"type": "object"}},
}
_RESULT: Json = {
    "type": "object",
    "required": ["statements", "more"],
    "properties": {
        "statements": {"type": "array", "items": {"type": "object"}},
        "more": {"type": "string", "description": "the next page; empty on the last"},
    },
}


def _parameter(name: str, schema: Json, said: str) -> Json:
    return {"name": name, "in": "query", "schema": schema, "description": said}


VERSION: Json = {
    "name": VERSION_HEADER,
    "in": "header",
    "required": True,
    "schema": {"type": "string", "pattern": r"^1\.0(\.\d+)?$"},
    "example": VERSIONS[-1],
}
_BODY: Json = {"required": True, "content": {"application/json": {"schema": STATEMENT, "example": _EXAMPLE}}}
_BATCH: Json = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"oneOf": [STATEMENT, {"type": "array", "items": STATEMENT}]},
            "example": _EXAMPLE,
        }
    },
}
_STATEMENT_ID = {**_parameter("statementId", _UUID, "its id, in the query as in the body"), "required": True}
_FILTERS = [
    _parameter("statementId", _UUID, "this one; beside it only format and attachments"),
    _parameter("voidedStatementId", _UUID, "this one, which was voided; beside it only format and attachments"),
    _parameter("agent", {"type": "string", "contentMediaType": "application/json"}, "an Agent or identified Group"),
    _parameter("verb", _IRI, "a verb's id"),
    _parameter("activity", _IRI, "an activity's id, as object"),
    _parameter("registration", _UUID, ""),
    _parameter("related_activities", _BOOLEAN, "the activity in any place"),
    _parameter("related_agents", _BOOLEAN, "the agent in any place"),
    _parameter("since", _TIME, "stored after"),
    _parameter("until", _TIME, "stored at or before"),
    _parameter("limit", {"type": "integer", "minimum": 0}, f"at most {MAX_LIMIT}, which 0 means too"),
    _parameter("ascending", _BOOLEAN, "oldest first"),
    _parameter("format", {"enum": ["exact", "ids", "canonical"], "default": "exact"}, ""),
    _parameter("attachments", _BOOLEAN, "as multipart/mixed"),
]
_HEADERS: Json = {VERSION_HEADER: {"required": True, "schema": {"type": "string"}}}
_READ_HEADERS: Json = _HEADERS | {CONSISTENT_THROUGH: {"required": True, "schema": _TIME}}


def _found(schema: Json) -> Json:
    return {
        "description": "What was found",
        "headers": _READ_HEADERS,
        "content": {"application/json": {"schema": schema}, "multipart/mixed": {}},
    }


_IDS: Json = {
    "description": "The statements' ids, in the order of the request",
    "headers": _HEADERS,
    "content": {"application/json": {"schema": {"type": "array", "items": _UUID}}},
}

POST: Json = {
    "responses": {200: _IDS, **problems(409)},
    "openapi_extra": {"requestBody": _BATCH, "parameters": [VERSION]},
}
PUT: Json = {
    "responses": {204: {"description": "Stored", "headers": _HEADERS}, **problems(409)},
    "openapi_extra": {"requestBody": _BODY, "parameters": [VERSION, _STATEMENT_ID]},
}
GET: Json = {
    "responses": {200: _found({"anyOf": [_RESULT, _STORED]}), **problems(404)},
    "openapi_extra": {"parameters": [VERSION, *_FILTERS]},
}
MORE: Json = {"responses": {200: _found(_RESULT)}, "openapi_extra": {"parameters": [VERSION]}}
