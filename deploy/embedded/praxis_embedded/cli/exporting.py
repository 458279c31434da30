"""``praxis export-person``: what there is about a person, for that person."""

import asyncio
import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from praxis_embedded.cli.forgetting import Also, Who, steps
from praxis_embedded.cli.serving import settings_here
from praxis_embedded.forgetting.export import exported
from praxis_events.clock import system_clock
from praxis_people.forgetting.looking import person_in
from praxis_service.access import audit
from praxis_service.adapters import open_log
from praxis_service.settings import Settings

Out = Annotated[Path, typer.Option("--out", dir_okay=False, help="The file to write, readable by its owner alone.")]


def export_person(person: Who, out: Out, also: Also = None) -> None:
    """Write every record that mentions a person to a JSON file, with the decisions about them.

    Other people keep their names only where the record is the person's own.
    """
    found = asyncio.run(_export(settings_here(), person, also or []))
    with os.fdopen(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(found, file, indent=2, ensure_ascii=False)
    typer.echo(f"{len(found['records']):,} records")


async def _export(settings: Settings, asked: str, also: list[str]) -> dict[str, Any]:
    with steps() as shown:
        async with open_log(settings) as log:
            person = await person_in(log, asked, also, shown.step("who"))
            found = await exported(log, person, system_clock(), shown.step("reading the log"))
    who = [f"person:{person.person_id}"] if person.person_id is not None else sorted(person.keys)[:1]
    await audit.note_command(settings.database_url, "person-exported", persons=who)
    return found
