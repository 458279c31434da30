"""The command of one service: ``praxis-ingest serve``, ``project`` or ``migrate``, configured by the environment."""

import argparse
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import uvloop
from pydantic import ValidationError

from praxis_events.log import LogError
from praxis_service import hosting, lines
from praxis_service.database import NotMigrated
from praxis_service.service import Service
from praxis_service.settings import Settings

Part = Callable[[Settings, Sequence[Service]], Coroutine[Any, Any, None]]

PARTS: dict[str, tuple[Part, str]] = {
    "serve": (hosting.serve, "serve the API"),
    "project": (hosting.project, "run the projections and other workers"),
    "migrate": (hosting.migrate, "bring the database's schemas up to date, then end"),
}


def run_service(service: Service) -> None:
    """What the service's script calls: one part, to its end."""
    parser = argparse.ArgumentParser(prog=f"praxis-{service.name}")
    parts = parser.add_subparsers(dest="part", required=True)
    for name, (_, what) in PARTS.items():
        parts.add_parser(name, help=what, description=what)
    wanted = parser.parse_args()
    lines.configure()
    part, _ = PARTS[wanted.part]
    try:
        uvloop.run(part(Settings(), [service]))
    except ValidationError as error:
        sys.exit(f"praxis-{service.name}: {settings_fault(error)}")
    except (NotMigrated, OSError, LogError) as error:
        sys.exit(f"praxis-{service.name}: {error}")


def settings_fault(error: ValidationError) -> str:
    """Each setting that is wrong, and why, without its value: that may be a secret."""
    faults = (f"{_variable(each['loc'])}: {each['msg']}" for each in error.errors(include_input=False))
    return "; ".join(faults)


def _variable(path: tuple[int | str, ...]) -> str:
    name = str(path[0]) if path else "settings"
    return name if name.isupper() else f"PRAXIS_{name.upper()}"
