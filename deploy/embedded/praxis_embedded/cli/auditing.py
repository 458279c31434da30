"""``praxis audit``: who did what, and who read whose record."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from praxis_embedded.cli.serving import settings_here
from praxis_service.access import audit
from praxis_service.access.audit_routes import AuditQuery
from praxis_service.database import engine_for
from praxis_service.settings import Settings

MOMENTS = ["%Y-%m-%d", *(f"%Y-%m-%dT%H:%M{seconds}{zone}" for seconds in ("", ":%S", ":%S.%f") for zone in ("", "%z"))]
"""As options: ISO 8601, of a day or a moment; without a zone, in UTC."""

Actor = Annotated[str | None, typer.Option(help="A credential's key, or a token's subject as oidc:….")]
Kind = Annotated[str | None, typer.Option("--act", help="Such as credential-made, record-read, person-forgotten.")]
Who = Annotated[str | None, typer.Option("--person", help="A person_id, a mailto: address, or an identifier's key.")]
Since = Annotated[
    datetime | None, typer.Option(formats=MOMENTS, metavar="MOMENT", help="Inclusive; without zone, UTC.")
]
Until = Annotated[
    datetime | None, typer.Option(formats=MOMENTS, metavar="MOMENT", help="Exclusive; without zone, UTC.")
]
Before = Annotated[int | None, typer.Option(help="Only entries before this one: the next page.")]
Limit = Annotated[int, typer.Option(min=1, max=200)]


def show_audit(
    actor: Actor = None,
    act: Kind = None,
    person: Who = None,
    since: Since = None,
    until: Until = None,
    before: Before = None,
    limit: Limit = 50,
) -> None:
    """Show the audit log, newest first."""
    given = {"actor": actor, "act": act, "person": person, "before": before, "limit": limit}
    moments = {"since": _text(since), "until": _text(until)}
    try:
        query = AuditQuery.model_validate(given | moments)
    except ValidationError as error:
        raise typer.BadParameter("; ".join(f"--{each['loc'][0]}: {each['msg']}" for each in error.errors())) from None
    found, more = asyncio.run(_read(settings_here(), query))
    table = Table("entry", "at", "actor", "act", "object", "person", show_edge=False)
    for each in found:
        at = each.at.isoformat(timespec="seconds")
        table.add_row(str(each.entry), at, each.actor, each.act, each.object or "", each.person or "")
    Console(width=200 if found else None).print(table if found else "no entries")
    if more is not None:
        typer.echo(f"more: --before {more}")


def _text(moment: datetime | None) -> str | None:
    """As the query has it over HTTP."""
    if moment is None:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).isoformat()


async def _read(settings: Settings, query: AuditQuery) -> tuple[list[audit.Entry], int | None]:
    engine = engine_for(settings.database_url, pool_size=1)
    try:
        found = await audit.read(engine, query.as_filter())
        await audit.note_command(settings.database_url, "audit-read")
        return found
    finally:
        await engine.dispose()
