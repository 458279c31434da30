"""``praxis import learning``: an LMS's completion export as xAPI statements."""

import asyncio
import sys
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer

from praxis_embedded.cli.credential import admin_credential
from praxis_embedded.cli.refused import show_refused
from praxis_embedded.cli.statements_bar import StatementsBar
from praxis_embedded.data_folder import DataFolder
from praxis_embedded.importing.journal import Journal
from praxis_embedded.importing.learning.export import LearningExport, checked
from praxis_embedded.importing.learning.map import ExportMap, read_map, ready_maps
from praxis_embedded.importing.posting import ImportFailed
from praxis_embedded.importing.refused import RefusedRow, write_refused
from praxis_embedded.importing.statements import Outcome, StatementImport, Told, statements_client
from praxis_service.settings import Settings

STATEMENTS_SHOWN = 3

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV; also .gz and .xz.")]
Map = Annotated[str, typer.Option("--map", help=f"A file, or a ready map: {', '.join(ready_maps())}.")]
Given = Annotated[list[str], typer.Option("--set", help="What the map asks for: lms=https://lms.example.org")]
Url = Annotated[str | None, typer.Option(help="The installation; this machine's by default.")]
Batch = Annotated[int, typer.Option(min=1, max=1_000, help="Statements in one request.")]
RefusedTo = Annotated[
    Path | None, typer.Option("--refused", dir_okay=False, help="Write all refused rows to this file.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the first statements and the counts; send nothing.")]


def learning(
    file: File,
    map_: Map,
    given: Given = [],  # noqa: B006 - typer copies it
    url: Url = None,
    batch: Batch = 500,
    refused_to: RefusedTo = None,
    dry_run: DryRun = False,
) -> None:
    """Import an LMS's completion export; docs/imports.md has the format of maps. Interrupted, the same command goes on
    where it stopped. Importing the same file again, or one that overlaps, stores nothing twice.

    The credential comes from PRAXIS_ADMIN_KEY and PRAXIS_ADMIN_SECRET, else from the data folder.
    """
    terms = read_map(map_, _pairs(given))
    export = LearningExport(file, terms)
    refused = _shown(export) if dry_run else _sent(export, terms, url, batch)
    show_refused(refused)
    if refused_to:
        write_refused(refused_to, refused)
    if refused:
        raise typer.Exit(1)


def _pairs(given: Sequence[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in given]
    for name, found, value in pairs:
        if not found or not value:
            raise typer.BadParameter(f"--set {name}: write NAME=VALUE")
    return {name: value for name, _, value in pairs}


def _shown(export: LearningExport) -> list[RefusedRow]:
    refused: list[RefusedRow] = []
    shown = 0
    with StatementsBar(export.path.name, export.size, 1) as bar:
        outcome = Outcome(refused=refused)
        for each in export.read(1):
            found = checked(each) if isinstance(each, Told) else each
            if isinstance(found, RefusedRow):
                refused.append(found)
            elif shown < STATEMENTS_SHOWN:
                typer.echo(found.body.decode())
                shown += 1
            if isinstance(each, Told):
                outcome.read = each.read
                bar.show(outcome)
    said = ", ".join(f"{count:,} {iri.rpartition('/')[2]}" for iri, count in export.verbs.most_common()) or "nothing"
    typer.echo(f"{export.path.name}: {export.rows:,} rows, would send {said}; {len(refused):,} refused")
    return refused


def _sent(export: LearningExport, terms: ExportMap, url: str | None, batch: int) -> list[RefusedRow]:
    settings = Settings()
    credential, journals = admin_credential(settings), DataFolder(settings.data_dir).imports
    destination = (url or settings.base_url).rstrip("/")
    journal = Journal(journals, destination, export.path, sha256(terms.model_dump_json().encode()).hexdigest())
    try:
        outcome = asyncio.run(_bring_in(export, journal, destination, credential, batch))
    except ImportFailed as error:
        sys.exit(f"praxis: {error}. What was acknowledged is stored; the same command goes on from there.")
    rows, stored, refused = export.rows, outcome.stored, sorted(outcome.refused)
    typer.echo(f"{export.path.name}: {rows:,} rows, {stored:,} statements are stored; {len(refused):,} refused")
    return refused


async def _bring_in(
    export: LearningExport, journal: Journal, url: str, credential: tuple[str, str], batch: int
) -> Outcome:
    """Over one connection: of two rows that say different things of one completion the later is refused."""
    async with statements_client(url, *credential, connections=1) as client:
        with StatementsBar(export.path.name, export.size, journal.next_line()) as bar:
            return await StatementImport(client, journal, bar.show, batch=batch, connections=1).run(export.read)
