"""``praxis import people``: a roster, compared with what was told before."""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from praxis_embedded.cli.credential import admin_credential
from praxis_embedded.cli.refused import show_refused
from praxis_embedded.cli.serving import settings_here
from praxis_embedded.importing.events import events_client
from praxis_embedded.importing.people.differences import Change, Terms, departures, differences, missing
from praxis_embedded.importing.people.grades import Grades
from praxis_embedded.importing.people.roster import Roster, read_roster
from praxis_embedded.importing.people.sending import Sent, send
from praxis_embedded.importing.people.told import History, histories
from praxis_embedded.importing.posting import ImportFailed
from praxis_embedded.importing.refused import RefusedRow, write_refused
from praxis_events.contracts.base import canonical
from praxis_events.log import EventLog, Record
from praxis_events.reading import read_topic
from praxis_events.topics import DIRECTORY
from praxis_service.adapters import open_log
from praxis_service.settings import Settings

FEW_LEAVERS = 5
"""So many may leave at once however small the share is that is allowed."""

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV, UTF-8; docs/imports.md has the columns.")]
Url = Annotated[str | None, typer.Option(help="The installation; this machine's by default.")]
Source = Annotated[str, typer.Option(help="The roster's name. Each is compared with what it told before itself.")]
AsOf = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day of the file; today by default.")]
Complete = Annotated[bool, typer.Option("--complete", help="The file names everybody: who is missing has left.")]
MostLeavers = Annotated[int, typer.Option(min=0, max=100, help="With --complete: how many percent may leave at once.")]
Ranked = Annotated[str, typer.Option("--grades", help="Grades from the lowest up, with commas between them.")]
Headers = Annotated[list[str], typer.Option("--column", help="What the file calls a column: role='Job title'.")]
IgnoreOthers = Annotated[bool, typer.Option("--ignore-other-columns", help="Else an unknown column is an error.")]
RefusedTo = Annotated[
    Path | None, typer.Option("--refused", dir_okay=False, help="Write all refused rows to this file.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be told, and tell nothing.")]


def people(
    file: File,
    url: Url = None,
    source: Source = "people",
    as_of: AsOf = None,
    complete: Complete = False,
    most_leavers: MostLeavers = 10,
    ranked: Ranked = "",
    headers: Headers = [],  # noqa: B006 - typer copies it
    ignore_others: IgnoreOthers = False,
    refused_to: RefusedTo = None,
    dry_run: DryRun = False,
) -> None:
    """Import a roster: hires, changes and departures as named events. Importing the same file again tells nothing.

    What was told before is read from the log: run it where `praxis run` has its data folder, or with the settings of
    the installation. The credential comes from PRAXIS_ADMIN_KEY and PRAXIS_ADMIN_SECRET, else from the data folder.
    """
    settings = settings_here()
    credential = admin_credential(settings)
    terms = Terms(f"/rosters/{source}", _day(as_of, settings), Grades([each for each in ranked.split(",") if each]))
    roster = read_roster(file, settings.zone, _headers(headers), ignore_others=ignore_others)
    with _progress() as progress:
        told = asyncio.run(_told(settings, terms.source, progress))
        changes, refused = _compare(roster, told, terms, progress)
        leavers = missing(roster, told, terms)
        if complete:
            _limit(leavers, told, most_leavers)
            changes += departures(leavers, told, terms)
        if dry_run:
            sent = Sent(changes)
        else:
            destination = (url or settings.base_url).rstrip("/")
            sent = asyncio.run(_send(destination, credential, terms.source, changes, progress))
    refused = sorted([*refused, *sent.refused])
    if dry_run:
        _show(changes)
    summary = _summary(file, roster, sent.changes, "would tell" if dry_run else "told")
    _report(summary, refused, [] if complete else leavers)
    if refused_to:
        write_refused(refused_to, refused)
    if refused:
        raise typer.Exit(1)


def _day(as_of: datetime | None, settings: Settings) -> datetime:
    day: date = as_of.date() if as_of else datetime.now(settings.zone).date()
    return datetime.combine(day, time(), settings.zone).astimezone(UTC)


def _headers(given: Sequence[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in given]
    for column, found, header in pairs:
        if not found or not header:
            raise typer.BadParameter(f"--column {column}: write COLUMN=HEADER")
    return {column: header for column, _, header in pairs}


def _progress() -> Progress:
    """On standard error, gone when the work is done."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[trouble]}"),
    )
    return Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)


async def _told(settings: Settings, source: str, progress: Progress) -> dict[str, History]:
    async with open_log(settings) as log:
        total = sum((await log.end_positions([DIRECTORY.name])).values())
        task = progress.add_task("reading what was told", total=total, trouble="")
        return await histories(_watched(log, progress, task), source)


async def _watched(log: EventLog, progress: Progress, task: TaskID) -> AsyncIterator[Record]:
    async for record in read_topic(log, DIRECTORY.name):
        progress.update(task, completed=record.offset + 1)
        yield record


def _compare(
    roster: Roster, told: dict[str, History], terms: Terms, progress: Progress
) -> tuple[list[Change], list[RefusedRow]]:
    changes: list[Change] = []
    refused = [*roster.refused]
    task = progress.add_task("comparing", total=len({row.person_id for row in roster.rows}), trouble="")
    for found, faults in differences(roster, told, terms):
        changes += found
        refused += faults
        progress.advance(task)
    return changes, refused


def _limit(leavers: Sequence[str], told: dict[str, History], most: int) -> None:
    """A file that is cut short must not end everybody's employment."""
    if len(leavers) > max(FEW_LEAVERS, len(told) * most // 100):
        raise LookupError(
            f"{len(leavers):,} of {len(told):,} persons told before are missing from the file. Nothing was told. "
            "If they have all left, allow it with --most-leavers"
        )


async def _send(
    url: str, credential: tuple[str, str], source: str, changes: Sequence[Change], progress: Progress
) -> Sent:
    task = progress.add_task("telling", total=len(changes), trouble="")

    def tell(sent: Sent) -> None:
        progress.update(task, completed=len(sent.changes) + len(sent.refused), trouble=sent.trouble)

    async with events_client(url, *credential) as client:
        try:
            return await send(client, source, changes, tell)
        except ImportFailed as error:
            sys.exit(f"praxis: {error}. What was acknowledged is told; the same command tells the rest.")


def _show(changes: Sequence[Change]) -> None:
    for each in changes:
        said = ", ".join(f"{name} {value}" for name, value in canonical(each.data).items())
        typer.echo(f"{_name(each)}: {said}")


def _name(change: Change) -> str:
    return change.type.split(".")[2]


def _report(summary: str, refused: Sequence[RefusedRow], missed: Sequence[str]) -> None:
    typer.echo(f"{summary}; {len(refused):,} refused")
    if missed:
        typer.echo(f"{len(missed):,} persons told before are not in the file; with --complete they would have left")
    show_refused(refused)


def _summary(file: Path, roster: Roster, told: Sequence[Change], verb: str) -> str:
    counts = Counter(_name(each) for each in told)
    events = ", ".join(f"{count:,} {name}" for name, count in sorted(counts.items())) or "nothing"
    return f"{file.name}: {len(roster.rows) + len(roster.refused):,} rows, {verb} {events}"
