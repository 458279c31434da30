"""``praxis import``: files through the public API."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from praxis_embedded.cli import importing_learning, importing_people
from praxis_embedded.cli.credential import admin_credential
from praxis_embedded.cli.refused import show_refused
from praxis_embedded.cli.statements_bar import StatementsBar
from praxis_embedded.data_folder import DataFolder
from praxis_embedded.importing.files import LinesFile
from praxis_embedded.importing.journal import Journal
from praxis_embedded.importing.posting import ImportFailed
from praxis_embedded.importing.statements import Outcome, StatementImport, statements_client, statements_of
from praxis_service.settings import Settings

app = typer.Typer(no_args_is_help=True)
app.command("people")(importing_people.people)
app.command("learning")(importing_learning.learning)

Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="JSON lines; also .gz and .xz.")]
Url = Annotated[str | None, typer.Option(help="The installation; this machine's by default.")]
Batch = Annotated[int, typer.Option(min=1, max=1_000, help="Statements in one request.")]
Connections = Annotated[int, typer.Option(min=1, max=64, help="Requests under way at once.")]


@app.callback()
def importing() -> None:
    """Bring in files through the public API."""


@app.command()
def statements(files: Files, url: Url = None, batch: Batch = 100, connections: Connections = 4) -> None:
    """Import xAPI statements, one JSON object a line. Interrupted, the same command goes on where it stopped.

    The credential comes from PRAXIS_ADMIN_KEY and PRAXIS_ADMIN_SECRET, else from the data folder. Sending the same
    statements again is safe.
    """
    settings = Settings()
    credential, journals = admin_credential(settings), DataFolder(settings.data_dir).imports
    destination = (url or settings.base_url).rstrip("/")
    try:
        outcomes = asyncio.run(_bring_in(files, journals, destination, credential, batch, connections))
    except ImportFailed as error:
        sys.exit(f"praxis: {error}. What was acknowledged is stored; the same command goes on from there.")
    if any(outcome.refused for outcome in outcomes):
        raise typer.Exit(1)


async def _bring_in(
    paths: Sequence[Path], journals: Path, url: str, credential: tuple[str, str], batch: int, connections: int
) -> list[Outcome]:
    outcomes: list[Outcome] = []
    async with statements_client(url, *credential, connections) as client:
        for path in paths:
            file, journal = LinesFile(path), Journal(journals, url, path)
            with StatementsBar(path.name, file.size, journal.next_line()) as bar:
                work = StatementImport(client, journal, bar.show, batch=batch, connections=connections)
                outcomes.append(await work.run(statements_of(file)))
            _report(path, outcomes[-1])
    return outcomes


def _report(path: Path, outcome: Outcome) -> None:
    typer.echo(f"{path.name}: {outcome.stored:,} statements are stored, {len(outcome.refused):,} were refused")
    show_refused(sorted(outcome.refused))
