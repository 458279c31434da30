"""``praxis import``: files through the public API."""

import asyncio
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from praxis_embedded.cli import importing_people
from praxis_embedded.data_folder import DataFolder
from praxis_embedded.importing.files import LinesFile
from praxis_embedded.importing.journal import Journal
from praxis_embedded.importing.posting import ImportFailed
from praxis_embedded.importing.statements import Outcome, StatementImport, statements_client
from praxis_service.settings import Settings

REFUSALS_SHOWN = 20

app = typer.Typer(no_args_is_help=True)
app.command("people")(importing_people.people)

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
    folder = DataFolder(settings.data_dir)
    found = folder.kept_credential(settings)
    if found is None:
        raise typer.BadParameter("set PRAXIS_ADMIN_KEY and PRAXIS_ADMIN_SECRET, or run beside the data folder")
    destination = (url or settings.base_url).rstrip("/")

    try:
        outcomes = asyncio.run(_bring_in(files, folder.imports, destination, found, batch, connections))
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
            with _Bar(file, journal) as bar:
                work = StatementImport(client, journal, bar.show, batch=batch, connections=connections)
                outcomes.append(await work.run(file))
            _report(path, outcomes[-1])
    return outcomes


class _Bar:
    """A progress bar on standard error, gone when the work is done."""

    def __init__(self, file: LinesFile, journal: Journal) -> None:
        shown = "{task.fields[stored]:,} stored, {task.fields[refused]:,} refused {task.fields[trouble]}"
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TextColumn(shown))
        self._progress = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task(file.path.name, total=file.size, stored=0, refused=0, trouble="")
        if (first := journal.next_line()) > 1:
            self._progress.console.print(f"{file.path.name}: goes on at line {first:,}")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, outcome: Outcome) -> None:
        self._progress.update(
            self._task,
            completed=outcome.read,
            stored=outcome.stored,
            refused=len(outcome.refused),
            trouble=outcome.trouble,
        )


def _report(path: Path, outcome: Outcome) -> None:
    typer.echo(f"{path.name}: {outcome.stored:,} statements are stored, {len(outcome.refused):,} were refused")
    for refusal in sorted(outcome.refused)[:REFUSALS_SHOWN]:
        typer.echo(f"  line {refusal.line}: {refusal.reason}", err=True)
    if len(outcome.refused) > REFUSALS_SHOWN:
        typer.echo(f"  and {len(outcome.refused) - REFUSALS_SHOWN:,} more", err=True)
