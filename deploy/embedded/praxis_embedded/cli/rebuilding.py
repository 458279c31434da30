"""``praxis rebuild``: read models made again from the log, beside the live ones."""

import asyncio
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from praxis_embedded.cli.serving import Names, settings_here
from praxis_embedded.hosted import services
from praxis_events.clock import system_clock
from praxis_service.adapters import open_log
from praxis_service.database import generation_schema
from praxis_service.rebuilding import drop_generation, old_generations, rebuild
from praxis_service.service import Context, Service
from praxis_service.settings import Settings

Keep = Annotated[bool, typer.Option("--keep", help="Leave the generation that was live until now where it is.")]


def rebuild_services(names: Names = None, keep: Keep = False) -> None:
    """Make read models again from the log, beside the live ones, then switch to them.

    While it runs everything is answered as before. Interrupted, the same command goes on where it stopped.
    """
    asyncio.run(_rebuild_all(settings_here(), services(names or []), keep=keep))


async def _rebuild_all(settings: Settings, hosted: list[Service], *, keep: bool) -> None:
    console = Console(stderr=True)
    async with open_log(settings) as log:
        for service in hosted:
            with progress_bar(console) as progress:
                task = progress.add_task(service.name, total=None)

                def tell(taken: int, total: int) -> None:
                    progress.update(task, completed=taken, total=total)  # noqa: B023 - called within the turn only

                fresh = await rebuild(service, Context(settings, log, system_clock), tell)
            typer.echo(f"{service.name}: {generation_schema(service.name, fresh)} is live")
            if not keep:
                await _drop_old(settings, service, console)


async def _drop_old(settings: Settings, service: Service, console: Console) -> None:
    for generation in await old_generations(settings.database_url, service.name):
        with console.status(f"{service.name}: waiting until nobody uses the old generation"):
            await drop_generation(settings.database_url, service.name, generation)
        typer.echo(f"{service.name}: {generation_schema(service.name, generation)} is dropped")


def progress_bar(console: Console) -> Progress:
    """How much of how much, and the time that it will take."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
        console=console, transient=True,
    )  # fmt: skip
