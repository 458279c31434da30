"""``praxis demo``: an organisation that does not exist, through the public API."""

import asyncio
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from praxis_embedded.cli.credential import admin_credential
from praxis_embedded.demo.posting import AnotherThere, Posted, doors, post_simulation
from praxis_embedded.demo.scenario import LEAST_MONTHS, LEAST_PEOPLE, Effect, Scenario
from praxis_embedded.demo.simulation import Simulation, simulate
from praxis_embedded.importing.posting import ImportFailed
from praxis_service.settings import Settings

Url = Annotated[str | None, typer.Option(help="The installation; this machine's by default.")]
People = Annotated[int, typer.Option(min=LEAST_PEOPLE, max=5_000, help="How many people are ever there.")]
Months = Annotated[int, typer.Option(min=LEAST_MONTHS, max=60, help="How long it goes on.")]
Seed = Annotated[int, typer.Option(help="The same seed and options give the same organisation.")]
Until = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day; yesterday by default.")]
Without = Annotated[list[Effect], typer.Option(help="Leave a planted effect out; may be given several times.")]


def demo(
    url: Url = None,
    people: People = 300,
    months: Months = 18,
    seed: Seed = 1,
    until: Until = None,
    without: Without = [],  # noqa: B006 - typer copies it
) -> None:
    """Post a simulated organisation in which the truth is known (docs/demo.md), to look around or to test with.

    Best into an installation of its own: what is told cannot be taken back. Told again, nothing doubles. The credential
    comes from PRAXIS_ADMIN_KEY and PRAXIS_ADMIN_SECRET, else from the data folder.
    """
    settings = Settings()
    credential, destination = admin_credential(settings), (url or settings.base_url).rstrip("/")
    last = until.date() if until else datetime.now(settings.zone).date() - timedelta(days=1)
    scenario = Scenario(last, people, months, seed, frozenset(without))
    with _progress() as progress:
        task = progress.add_task("simulating", total=None, trouble="")
        simulation = simulate(scenario)
        progress.update(task, description="telling", total=_size(simulation))

        def tell(posted: Posted) -> None:
            progress.update(task, completed=posted.events + posted.statements, trouble=posted.trouble)

        try:
            posted = asyncio.run(_post(simulation, destination, credential, tell))
        except AnotherThere:
            sys.exit("praxis: " + _ANOTHER.format(destination))
        except ImportFailed as error:
            sys.exit(f"praxis: {error}. What was acknowledged is told; the same command tells the rest.")
    typer.echo(
        f"{people:,} people, {scenario.first} to {last}: {posted.events:,} events and {posted.statements:,} statements "
        f"are told. The same again: --people {people} --months {months} --seed {seed} --until {last}. "
        "What is planted, and where to see it: docs/demo.md"
    )


async def _post(
    simulation: Simulation, url: str, credential: tuple[str, str], tell: Callable[[Posted], None]
) -> Posted:
    async with doors(url, *credential) as to:
        return await post_simulation(simulation, to, tell)


_ANOTHER = (
    "{} has a simulated organisation already, told with another seed, size, --until or --without. Give the options of "
    "then, which that command's last line said, or take an installation of its own. Nothing was told."
)


def _size(simulation: Simulation) -> int:
    return 1 + len(simulation.events) + len(simulation.statements)


def _progress() -> Progress:
    """On standard error, gone when the work is done."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[trouble]}"),
    )
    return Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
