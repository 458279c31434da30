"""``praxis keys``: API credentials."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_embedded.cli.serving import settings_here
from praxis_service import credentials
from praxis_service.access.audit import COMMAND_LINE
from praxis_service.access.scopes import SCOPES
from praxis_service.database import engine_for
from praxis_service.problem import Conflict, Problem

app = typer.Typer(no_args_is_help=True)

Scopes = Annotated[list[str], typer.Option("--scope", help=f"One or more of {', '.join(sorted(SCOPES))}.")]

Name = Annotated[str | None, typer.Option(help="Its name; made up when left out.")]
Replace = Annotated[bool, typer.Option("--replace", help="Give one that exists a new secret and these scopes.")]


@app.command()
def create(scope: Scopes, key: Name = None, replace: Replace = False) -> None:
    """Make a credential; its secret is shown this once."""

    async def make() -> tuple[str, str]:
        async with _database() as engine:
            return await credentials.create(engine, scope, key, replace=replace, by=COMMAND_LINE)

    try:
        made, secret = asyncio.run(make())
    except Conflict as conflict:
        raise typer.BadParameter(f"{conflict.detail} With --replace it gets a new secret.") from None
    except Problem as problem:
        raise typer.BadParameter(" ".join([problem.detail, *(e.detail for e in problem.errors)])) from None
    typer.echo(f"key     {made}\nsecret  {secret}")


@app.command("list")
def list_() -> None:
    """Show every credential and what it may do."""

    async def read() -> list[credentials.Credential]:
        async with _database() as engine:
            return await credentials.listed(engine)

    table = Table("key", "scopes", "created", "revoked")
    for each in asyncio.run(read()):
        revoked = each.revoked_at.isoformat(timespec="seconds") if each.revoked_at else ""
        table.add_row(each.key, ", ".join(each.scopes), each.created_at.isoformat(timespec="seconds"), revoked)
    Console(width=200).print(table)


@app.command()
def revoke(key: str) -> None:
    """Revoke a credential; it is refused from a minute later at most."""

    async def end() -> bool:
        async with _database() as engine:
            return await credentials.revoke(engine, key, by=COMMAND_LINE)

    if not asyncio.run(end()):
        raise typer.BadParameter(f"there is no valid credential {key!r}")
    typer.echo(f"revoked {key}")


@asynccontextmanager
async def _database() -> AsyncIterator[AsyncEngine]:
    engine = engine_for(settings_here().database_url, pool_size=1)
    try:
        yield engine
    finally:
        await engine.dispose()
