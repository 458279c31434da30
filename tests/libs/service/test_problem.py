"""Every error is problem+json (RFC 9457)."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from praxis_events.log import LogUnavailable, RecordTooLarge
from praxis_service.database import engine_for
from praxis_service.problem import (
    BadRequest,
    Conflict,
    FieldError,
    Forbidden,
    NotFound,
    Problem,
    TooLarge,
    Unauthorized,
    Unavailable,
    UnsupportedMediaType,
    pointer,
)
from tests.libs.service.serving import client_of


async def answer_to(error: Exception) -> Any:
    async def failing() -> None:
        raise error

    async with client_of(("/", failing)) as client:
        return await client.get("/")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadRequest("no"), 400),
        (Unauthorized("no"), 401),
        (Forbidden("no"), 403),
        (NotFound("no"), 404),
        (Conflict("no"), 409),
        (TooLarge("no"), 413),
        (UnsupportedMediaType("no"), 415),
        (Problem("no"), 500),
        (Unavailable("no"), 503),
        (RecordTooLarge(3, 20, 10), 413),
        (LogUnavailable("no"), 503),
        (ConnectionRefusedError("no"), 503),
        (FileNotFoundError("the database's socket"), 503),
        (TimeoutError("no"), 503),
        (RuntimeError("a person's data"), 500),
    ],
)
async def test_an_error_has_its_status(error: Exception, status: int) -> None:
    answer = await answer_to(error)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert answer.json()["type"] == "about:blank"
    assert "a person's data" not in answer.text


async def test_faults_and_extra_members_are_listed() -> None:
    faults = [FieldError("bad", pointer="/a"), FieldError("worse", parameter="q"), FieldError("odd", header="ce-id")]
    answer = await answer_to(BadRequest("Both.", faults, stored=0))
    assert answer.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "Both.",
        "errors": [
            {"detail": "bad", "pointer": "/a"},
            {"detail": "worse", "parameter": "q"},
            {"detail": "odd", "header": "ce-id"},
        ],
        "stored": 0,
    }


async def test_clients_are_told_how_to_go_on() -> None:
    assert (await answer_to(LogUnavailable())).headers["retry-after"] == "2"
    assert (await answer_to(Unauthorized("no"))).headers["www-authenticate"].startswith("Basic ")


async def test_a_record_that_is_too_large_is_pointed_at() -> None:
    assert (await answer_to(RecordTooLarge(3, 20, 10))).json()["errors"][0]["pointer"] == "/3"


async def test_unknown_paths_and_methods_are_problems() -> None:
    async with client_of() as client:
        answer = await client.get("/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


async def test_a_parameter_that_fastapi_refuses_is_named() -> None:
    async def counted(count: int) -> int:
        return count

    async with client_of(("/", counted)) as client:
        answer = await client.get("/", params={"count": "many"})
    assert answer.status_code == 400
    assert [fault["parameter"] for fault in answer.json()["errors"]] == ["count"]


async def test_a_database_error_of_ours_is_no_outage(database_url: str) -> None:
    error = await failure(database_url, "SELECT nothing FROM nowhere")
    assert (await answer_to(error)).status_code == 500


async def test_a_connection_that_the_database_ends_is_an_outage(database_url: str) -> None:
    error = await failure(database_url, "SELECT pg_terminate_backend(pg_backend_pid())")
    assert (await answer_to(error)).status_code == 503


async def test_a_pool_that_is_used_up_is_an_outage(database_url: str) -> None:
    engine = engine_for(database_url, pool_size=1)
    engine.pool._timeout = 0.01  # type: ignore[attr-defined]

    async def waiting() -> None:
        async with engine.connect(), engine.connect(), engine.connect():
            await asyncio.sleep(0)

    async with client_of(("/", waiting)) as client:
        answer = await client.get("/")
    await engine.dispose()
    assert answer.status_code == 503


async def failure(database_url: str, sql: str) -> DBAPIError:
    engine = engine_for(database_url, pool_size=1)
    try:
        async with engine.connect() as connection:
            await connection.execute(text(sql))
    except DBAPIError as error:
        return error
    finally:
        await engine.dispose()
    raise AssertionError(f"{sql} did not fail")


def test_a_pointer_escapes_its_steps() -> None:
    assert pointer(()) == ""
    assert pointer(("a/b", 0, "c~d", "")) == "/a~1b/0/c~0d/"
