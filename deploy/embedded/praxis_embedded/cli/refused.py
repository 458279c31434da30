"""What an import refused, on standard error."""

from collections.abc import Sequence

import typer

from praxis_embedded.importing.refused import RefusedRow

SHOWN = 20


def show_refused(refused: Sequence[RefusedRow]) -> None:
    for row in refused[:SHOWN]:
        where = f"line {row.line}" if row.line else "somebody who is missing"
        typer.echo(f"  {where}{row.column and f', column {row.column}'}: {row.reason}", err=True)
    if len(refused) > SHOWN:
        typer.echo(f"  and {len(refused) - SHOWN:,} more", err=True)
