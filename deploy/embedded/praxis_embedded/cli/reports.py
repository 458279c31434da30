"""``praxis report``: publish a quarter."""

import asyncio
from typing import Annotated

import httpx
import typer

from praxis_embedded.cli.credential import admin_credential
from praxis_embedded.cli.serving import settings_here
from praxis_embedded.report_publishing import SOURCE, Published, publish

app = typer.Typer(no_args_is_help=True, help="The quarterly impact report.")

Quarter = Annotated[str, typer.Argument(help="As 2026-Q1. GET /reports/2026-Q1 shows the draft.")]
By = Annotated[str, typer.Option("--by", help="The person_id of who publishes it.")]
Url = Annotated[str | None, typer.Option(help="The installation; this machine's by default.")]
Early = Annotated[bool, typer.Option("--early", help="Also before the quarter has ended.")]


@app.command("publish")
def publish_report(quarter: Quarter, by: By, url: Url = None, early: Early = False) -> None:
    """Freeze the report of a quarter as it is shown now. What changes later is listed beside it.

    The credential comes from PRAXIS_ADMIN_KEY and PRAXIS_ADMIN_SECRET, else from the data folder.
    """
    settings = settings_here()
    destination = (url or settings.base_url).rstrip("/")
    published = asyncio.run(_publish(destination, admin_credential(settings), quarter, by, early=early))
    typer.echo(f"{quarter} is published as of {published.watermark}: SHA-256 {published.sha256}")
    typer.echo(f"the event is {published.id} of {SOURCE}; praxis.programme.rescinded.v1 takes it back")
    if published.provisional:
        typer.echo(f"provisional still, so they may be restated: {', '.join(published.provisional)}")


async def _publish(url: str, credential: tuple[str, str], quarter: str, by: str, *, early: bool) -> Published:
    async with httpx.AsyncClient(base_url=url, auth=credential, timeout=60, trust_env=False) as client:
        try:
            return await publish(client, quarter, by, early=early)
        except httpx.TransportError as error:
            raise LookupError(f"{url} cannot be reached ({type(error).__name__})") from error
