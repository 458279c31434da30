"""``praxis forget``: a person is nowhere in clear any more."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from praxis_embedded.cli.serving import settings_here
from praxis_embedded.data_folder import DataFolder
from praxis_embedded.forgetting.erasure import Erasure
from praxis_embedded.forgetting.journal import Journal
from praxis_embedded.forgetting.report import Report, lines
from praxis_embedded.hosted import services
from praxis_events.clock import system_clock
from praxis_events.log import EventLog
from praxis_people.forgetting.looking import look, person_in
from praxis_people.forgetting.person import Person
from praxis_people.forgetting.pseudonyms import Pseudonyms, new_token
from praxis_people.forgetting.redacting import Redactor
from praxis_service.adapters import open_log
from praxis_service.service import Context
from praxis_service.settings import Settings

Who = Annotated[str, typer.Argument(help="A person_id, a mailto: address, or an identifier's key.")]
Also = Annotated[
    list[str] | None, typer.Option(help="An identifier to take too, though somebody else claims it or a link failed.")
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
ReportFile = Annotated[Path | None, typer.Option("--report", dir_okay=False, help="Write the report there, as JSON.")]

console = Console(stderr=True, highlight=False)


def forget(
    person: Who, also: Also = None, yes: Yes = False, dry_run: DryRun = False, report: ReportFile = None
) -> None:
    """Replace a person by a pseudonym in every record, in every role, and remove the originals from disk.

    Interrupted, the same command goes on where it stopped. Appends may have to wait while the log is rewritten.
    """
    settings = settings_here()
    done = asyncio.run(_forget(settings, person, also or [], ask=not yes, dry_run=dry_run))
    found = done.as_json(system_clock(), settings.backup_retention)
    if report is not None:
        report.write_text(json.dumps(found, indent=2) + "\n")
    for line in lines(found):
        typer.echo(line)


async def _forget(settings: Settings, asked: str, also: list[str], *, ask: bool, dry_run: bool) -> Report:
    folder = DataFolder(settings.data_dir).erasures
    with steps() as shown:
        async with open_log(settings) as log:
            journal = Journal.under_way(folder, asked)
            person = journal.pseudonyms.person if journal else await person_in(log, asked, also, shown.step("who"))
            if journal is None:
                report = await _preview(log, person, shown)
                shown.pause()
                if ask or dry_run:
                    _name(person, report)
                if dry_run or not report.roles:
                    return report
                if ask:
                    typer.confirm("Go on?", abort=True, err=True)
                journal = Journal.begin(folder, person)
            elif dry_run:
                return await _preview(log, person, shown)
            erasure = Erasure(Context(settings, log, system_clock), services([]), journal, shown)
            await erasure.run()
            return erasure.report


async def _preview(log: EventLog, person: Person, shown: "Shown") -> Report:
    pseudonyms = Pseudonyms(person, new_token())
    report = Report(person, pseudonyms.too_short)
    report.add(await look(log, Redactor(pseudonyms), shown.step("reading the log")))
    return report


def _name(person: Person, report: Report) -> None:
    """On the terminal, where it is not kept: whom this is about."""
    named = [
        person.person_id or "a person whom the directory doesn't know",
        *sorted(person.keys),
        *sorted(person.names),
    ]
    console.print("\n".join(["This forgets", *(f"  {name}" for name in named)]))
    for left in person.left_alone:
        console.print(f"  but not {left.key}: {left.reason}")
    console.print(f"in {sum(report.records.values()):,} records, for ever.")


class Shown:
    """A progress bar for each step, gone in the end."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    def step(self, name: str) -> Callable[[int], None]:
        task = self._only(name)
        return lambda done: self._progress.update(task, completed=done)

    def of_total(self, name: str) -> Callable[[int, int], None]:
        task = self._only(name)
        return lambda done, total: self._progress.update(task, completed=done, total=total)

    def pause(self) -> None:
        """The terminal is needed for a question; the next step shows the bar again."""
        self._progress.stop()

    def _only(self, name: str) -> TaskID:
        for task in self._progress.task_ids:
            self._progress.remove_task(task)
        self._progress.start()
        return self._progress.add_task(name, total=None)


@contextmanager
def steps() -> Iterator[Shown]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        yield Shown(progress)
