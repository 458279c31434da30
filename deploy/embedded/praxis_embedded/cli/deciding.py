"""``praxis decisions``: whether what was decided is what the log leads to."""

import asyncio
import sys

import typer
from rich.console import Console

from praxis_embedded.cli.rebuilding import progress_bar
from praxis_embedded.cli.serving import settings_here
from praxis_incentives.verifying.ledger_check import Verification, verify
from praxis_service.adapters import open_log
from praxis_service.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Decisions: verify.")


@app.callback()
def _decisions() -> None:
    """A group, also with one verb."""


@app.command("verify")
def verify_decisions() -> None:
    """Derive every decision again from what it names, and compare it byte for byte with the ledger and the log.

    Nothing is changed, and everything goes on meanwhile. Ends with 1 when something differs.
    """
    found = asyncio.run(_verify(settings_here()))
    for fault in found.faults:
        typer.echo(f"decision {fault.ledger_index}: {fault.what}")
    typer.echo(_summary(found))
    sys.exit(1 if found.faults else 0)


async def _verify(settings: Settings) -> Verification:
    async with open_log(settings) as log:
        with progress_bar(Console(stderr=True)) as progress:
            task = progress.add_task("decisions", total=None)

            def tell(taken: int, total: int) -> None:
                progress.update(task, completed=taken, total=total)

            return await verify(log, settings.database_url, tell)


def _summary(found: Verification) -> str:
    told = [f"{found.compared} derived again"]
    if found.redacted:
        told.append(f"{found.redacted} about people who were forgotten, compared with the log only")
    if found.waiting:
        told.append(f"{found.waiting} not on the log yet, not looked at")
    return "; ".join([*told, "differences above" if found.faults else "all the same"])
