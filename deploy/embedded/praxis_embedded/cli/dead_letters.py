"""``praxis dead-letters``: what projections could not take, and what to do about it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from praxis_embedded.cli.serving import settings_here
from praxis_embedded.hosted import services
from praxis_events import checkpoint
from praxis_events.clock import system_clock
from praxis_events.dead_letters import DeadLetter, DeadLetters
from praxis_events.log import EventLog, Record
from praxis_events.reading import read
from praxis_events.runner import Runner
from praxis_service.access import audit
from praxis_service.adapters import open_log
from praxis_service.database import open_service
from praxis_service.service import Context
from praxis_service.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Records that projections could not take: list, show, retry, clear.")

Letter = Annotated[str, typer.Argument(help="As `praxis dead-letters list` shows it.")]
All = Annotated[bool, typer.Option("--all", help="Also those that were retried since.")]
ForProjection = Annotated[str | None, typer.Option("--projection", help="Every letter of this projection.")]


@app.command("list")
def list_(all_: All = False) -> None:
    """Show dead letters, and the partitions on which a projection has stopped."""
    asyncio.run(_list(settings_here(), all_))


@app.command()
def show(letter: Letter) -> None:
    """Show a letter and the record that it is about, as the log has it. The record may hold somebody's data."""
    asyncio.run(_show(settings_here(), letter))


@app.command()
def retry(
    letter: Annotated[str | None, typer.Argument(help="As `praxis dead-letters list` shows it.")] = None,
    projection: ForProjection = None,
) -> None:
    """Have the projection take a record after all, once its fault is mended."""
    if (letter is None) == (projection is None):
        raise typer.BadParameter("name one letter, or a --projection")
    asyncio.run(_retry(settings_here(), letter, projection))


@app.command()
def clear(projection: str) -> None:
    """Let a stopped projection go on where it stopped. It stops again if what it meets is still too much."""
    asyncio.run(_clear(settings_here(), projection))


async def _list(settings: Settings, all_: bool) -> None:
    table = Table("letter", "code", "since", "state", show_edge=False)
    async with open_log(settings) as log:
        for each in await DeadLetters(log, system_clock).all():
            if all_ or not each.retried:
                since = each.at.isoformat(timespec="seconds") if each.at else ""
                table.add_row(each.id, each.code, since, "retried" if each.retried else "waits")
    Console(width=200 if table.row_count else None).print(table if table.row_count else "no dead letters")
    async for row in _stopped(settings):
        typer.echo(f"{row.projection} has stopped on {row.topic}/{row.partition}@{row.next_offset}: {row.stop_reason}")


async def _show(settings: Settings, id_: str) -> None:
    async with open_log(settings) as log:
        letter = _named(await DeadLetters(log, system_clock).all(), id_)
        record = await _record(log, letter)
    typer.echo(f"{letter.id}: {letter.code}{' (retried)' if letter.retried else ''}")
    for name, value in record.headers:
        typer.echo(f"  {name}: {value.decode(errors='replace')}")
    typer.echo(record.value.decode(errors="replace"))


async def _retry(settings: Settings, id_: str | None, projection: str | None) -> None:
    async with open_log(settings) as log:
        letters = DeadLetters(log, system_clock)
        found = await letters.all()
        wanted = [_named(found, id_)] if id_ else [e for e in found if e.projection == projection and not e.retried]
        if not wanted:
            raise LookupError(f"no letter of {projection} waits")
        failed = 0
        async with _runner(settings, log, wanted[0].projection) as runner:
            for letter in track(wanted, "retrying", console=Console(stderr=True), transient=True):
                try:
                    record = await _record(log, letter)
                    await audit.note_command(settings.database_url, "dead-letter-retried", letter.id)
                    await runner.retry(record)
                except Exception as error:  # whatever the projection says of it is for the person to read
                    failed += 1
                    typer.echo(f"{letter.id}: {type(error).__name__}: {error}", err=True)
                else:
                    await letters.mark_retried(letter)
                    typer.echo(f"{letter.id}: taken")
    if failed:
        raise typer.Exit(1)


async def _clear(settings: Settings, projection: str) -> None:
    cleared = False
    for service in services([]):
        database = await open_service(settings.database_url, service.name, pool_size=1)
        try:
            async with database.sessions.begin() as session:
                for partition in await checkpoint.clear(session, projection):
                    cleared = True
                    typer.echo(f"{projection} goes on with {partition.topic}/{partition.partition}")
        finally:
            await database.close()
    if not cleared:
        raise LookupError(f"{projection} has stopped nowhere; praxis dead-letters list shows what has")


async def _stopped(settings: Settings) -> AsyncIterator[checkpoint.CheckpointRow]:
    for service in services([]):
        database = await open_service(settings.database_url, service.name, pool_size=1)
        try:
            async with database.sessions() as session:
                rows = await checkpoint.checkpoints(session)
        finally:
            await database.close()
        for row in rows:
            if row.stopped_at is not None:
                yield row


@asynccontextmanager
async def _runner(settings: Settings, log: EventLog, projection: str) -> AsyncIterator[Runner[Any]]:
    for service in services([]):
        async with service.workers(Context(settings, log, system_clock)) as workers:
            for worker in workers:
                if isinstance(worker, Runner) and worker.name == projection:
                    yield worker
                    return
    raise LookupError(f"{projection} takes records in order; send the event again under a new id, or rebuild")


def _named(letters: Sequence[DeadLetter], id_: str) -> DeadLetter:
    for each in letters:
        if each.id == id_:
            return each
    raise LookupError(f"there is no dead letter {id_!r}; praxis dead-letters list shows them")


async def _record(log: EventLog, letter: DeadLetter) -> Record:
    async for record in read(log, letter.partition, letter.offset, letter.offset + 1):
        return record
    raise LookupError(f"the record of {letter.id} was redacted")
