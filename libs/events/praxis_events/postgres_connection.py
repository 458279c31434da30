"""Connections of ``PostgresLog``, and what their failures mean to its callers."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import asyncpg
from sqlalchemy import make_url

from praxis_events.log import LogError, LogUnavailable

OUTAGES = ("08", "53", "57", "58", "40", "25")
"""SQLSTATE classes that pass: connection, resources, operator (shut down, timeout), system, rollback, read-only."""


def dsn(url: str) -> str:
    """What asyncpg reads, from a SQLAlchemy URL such as ``postgresql+asyncpg://user@/database?host=/a/directory``."""
    parsed = make_url(url).set(drivername="postgresql")
    options = {"sslmode" if name == "ssl" else name: value for name, value in parsed.query.items()}
    return parsed.set(query=options).render_as_string(hide_password=False)


def session_settings(timeout: float, **settings: str) -> Mapping[str, Any]:
    """Arguments for asyncpg. The server, too, gives up after ``timeout``: an append that nobody awaits ends."""
    return {
        "timeout": timeout,
        "server_settings": {
            "application_name": "praxis-log",
            "timezone": "UTC",
            "jit": "off",
            "synchronous_commit": "on",
            "statement_timeout": str(int(timeout * 1000)),
            **settings,
        },
    }


@contextmanager
def log_errors() -> Iterator[None]:
    """Raise ``LogUnavailable`` for outages and ``LogError`` for anything else that the database refuses."""
    try:
        yield
    except asyncpg.PostgresError as error:
        kind = LogUnavailable if (error.sqlstate or "")[:2] in OUTAGES else LogError
        raise kind(f"{type(error).__name__} ({error.sqlstate})") from error
    except (asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, TimeoutError) as error:
        # The internal one is a connection that the server broke off in the middle of a message.
        raise LogUnavailable(type(error).__name__) from error
