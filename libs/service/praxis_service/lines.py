"""Log lines: one JSON object each on standard error. They carry codes and positions, never somebody's data.

Of an exception a line has its type, its code and where it happened, but not its message, which may quote a statement,
a parameter or a row; the log's own errors name positions only, and are told. Of what other libraries log it has the
first line of their text, without what they put into it.
"""

import errno
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from traceback import walk_tb
from types import TracebackType
from typing import Any, TextIO

import msgspec

from praxis_events import tracing
from praxis_events.log import LogError

OURS = "praxis_"
"""How the names of our packages begin, and so those of our loggers."""

MAX_FRAMES = 20

logger = logging.getLogger(__name__)


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        if traceparent := tracing.current():
            _, line["trace_id"], line["span_id"], _ = traceparent.split("-")
        if record.exc_info and record.exc_info[1]:
            line["exception"] = [_described(error) for error in _chain(record.exc_info[1])]
        return msgspec.json.encode(line).decode()


def configure() -> None:
    """Whatever this process says on standard error, warnings and its last words too, is such a line."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)  # our own lines say when the brokers are away
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL)  # a connection that is closed already is no news
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    warnings.showwarning = _warn
    sys.excepthook = _last_words
    threading.excepthook = lambda told: _last_words(told.exc_type, told.exc_value, told.exc_traceback)
    sys.unraisablehook = lambda told: _last_words(told.exc_type, told.exc_value, told.exc_traceback)


def _message(record: logging.LogRecord) -> str:
    if record.name.startswith(OURS):
        return record.getMessage()
    if isinstance(record.msg, BaseException):
        return " ".join(str(part) for part in (_name(record.msg), _code(record.msg)) if part)
    return str(record.msg).strip().partition("\n")[0]


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error, what is in it, and what it comes from, each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
        cause = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
        if cause is not None:
            waiting.append(cause)


def _described(error: BaseException) -> dict[str, Any]:
    told = {"code": _code(error), "message": str(error) if isinstance(error, LogError) else None}
    return {"type": _name(error), **{name: text for name, text in told.items() if text}, "at": _places(error)}


def _places(error: BaseException) -> list[str]:
    """Where it came through our code, and where it was raised: the layers between would fill the screen."""
    frames = [(str(frame.f_globals.get("__name__")), frame, number) for frame, number in walk_tb(error.__traceback__)]
    kept = [each for each in frames[:-1] if each[0].startswith(OURS)] + frames[-1:]
    return [f"{module}:{number} {frame.f_code.co_name}" for module, frame, number in kept[-MAX_FRAMES:]]


def _name(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _code(error: BaseException) -> str | None:
    """An operating system's or a database's (SQLSTATE)."""
    if isinstance(error, OSError):
        return errno.errorcode.get(error.errno or 0)
    state = getattr(getattr(error, "orig", error), "sqlstate", None)
    return state if isinstance(state, str) else None


def _is_news(record: logging.LogRecord) -> bool:
    """What an endpoint fails with was said already, by our own line, with its trace."""
    return not str(record.msg).startswith("Exception in ASGI application")


def _warn(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    del message, file, line  # pydantic's quote their input
    logger.warning("%s at %s:%d", category.__name__, filename, lineno)


def _last_words(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    logger.critical("not handled: %s", kind.__name__, exc_info=(kind, error or kind(), trace))
