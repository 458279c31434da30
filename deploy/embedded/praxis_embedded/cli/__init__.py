"""The ``praxis`` command: a module a verb."""

import sys

import typer
from pydantic import ValidationError

from praxis_embedded.cli import (
    auditing,
    dead_letters,
    deciding,
    demo,
    exporting,
    forgetting,
    importing,
    keys,
    rebuilding,
    reports,
    running,
    serving,
)
from praxis_events.log import LogError
from praxis_service.command import settings_fault

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Praxis shows whether learning turns into better work. Settings come from PRAXIS_… in the environment.",
)
app.command("run")(running.run)
app.command("serve")(serving.serve)
app.command("project")(serving.project)
app.command("migrate")(serving.migrate)
app.command("rebuild")(rebuilding.rebuild_services)
app.command("audit")(auditing.show_audit)
app.command("forget")(forgetting.forget)
app.command("demo")(demo.demo)
app.command("export-person")(exporting.export_person)
app.add_typer(importing.app, name="import")
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(reports.app, name="report")
app.add_typer(deciding.app, name="decisions")
app.add_typer(keys.app, name="keys", help="API credentials: create, list, revoke.")


def main() -> None:
    try:
        app()
    except ValidationError as error:
        sys.exit(f"praxis: {settings_fault(error)}")
    except (LookupError, OSError, LogError) as error:
        sys.exit(f"praxis: {error}")
