"""The table ``cells``: every computed figure, and whether it is hidden. Readers have the view ``published`` alone."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain, Period
from praxis_metrics.kpis.kpi import DETAIL_OF_PARTS, DETAIL_PARTS, Cell
from praxis_metrics.lattice import Place, Slice
from praxis_metrics.suppression import parts_hidden

CELL_TABLES = (
    """
    CREATE TABLE cells (
        kpi text NOT NULL,
        grain text NOT NULL,
        kind text NOT NULL,
        slice text NOT NULL,
        first_day date NOT NULL,
        last_day date NOT NULL,
        value double precision,
        numerator double precision,
        denominator double precision,
        n integer NOT NULL,
        unmatched integer NOT NULL,
        "interval" jsonb,
        detail jsonb NOT NULL,
        parts_hidden boolean NOT NULL,
        hidden boolean NOT NULL DEFAULT true,
        hidden_at timestamptz DEFAULT now(),
        PRIMARY KEY (kpi, grain, kind, slice, first_day)
    )
    """,
    f"""
    CREATE VIEW published AS
    SELECT kpi, grain, kind, slice, first_day, last_day, hidden AS suppressed,
           CASE WHEN NOT hidden THEN value END AS value,
           CASE WHEN NOT hidden AND NOT parts_hidden THEN numerator END AS numerator,
           CASE WHEN NOT hidden THEN denominator END AS denominator,
           CASE WHEN NOT hidden THEN n END AS n,
           CASE WHEN NOT hidden THEN unmatched END AS unmatched,
           CASE WHEN NOT hidden THEN "interval" END AS "interval",
           CASE WHEN hidden THEN '{{}}'::jsonb
                WHEN parts_hidden THEN detail - '{{{",".join((*DETAIL_PARTS, *DETAIL_OF_PARTS))}}}'::text[]
                ELSE detail END AS detail
    FROM cells
    """,  # noqa: S608 - names of our own
)
"""The statements that a generation's first migration runs. A new cell is hidden until it is decided otherwise."""

_DROP_OTHERS = text(
    """
    DELETE FROM cells c USING unnest(CAST(:firsts AS date[]), CAST(:lasts AS date[])) AS due(first, last)
    WHERE c.kpi = :kpi AND c.grain = :grain AND c.first_day <= due.last AND c.last_day >= due.first
      AND c.first_day <> ALL(CAST(:kept AS date[]))
    """
)

_DROP_VANISHED = text(
    """
    DELETE FROM cells c WHERE c.kpi = :kpi AND c.grain = :grain AND c.first_day = ANY(CAST(:firsts AS date[]))
    AND NOT EXISTS (
        SELECT FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(kind text, slice text, first_day date)
        WHERE (r.kind, r.slice, r.first_day) = (c.kind, c.slice, c.first_day)
    )
    """
)

_FIGURES = (
    "last_day", "value", "numerator", "denominator", "n", "unmatched", '"interval"', "detail", "parts_hidden"
)  # fmt: skip


def _figures(of: str) -> str:
    return ", ".join(f"{of}.{name}" for name in _FIGURES)


_WRITE = text(
    f"""
    INSERT INTO cells AS c (kpi, grain, kind, slice, first_day, {", ".join(_FIGURES)})
    SELECT :kpi, :grain, r.* FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r(
        kind text, slice text, first_day date, last_day date, value float8, numerator float8, denominator float8,
        n integer, unmatched integer, "interval" jsonb, detail jsonb, parts_hidden boolean)
    ON CONFLICT (kpi, grain, kind, slice, first_day) DO UPDATE
    SET ({", ".join(_FIGURES)}) = ROW({_figures("excluded")})
    WHERE ({_figures("c")}) IS DISTINCT FROM ({_figures("excluded")})
    """  # noqa: S608 - columns of our own
)


async def drop_others(
    session: AsyncSession, kpi: str, grain: Grain, ranges: Sequence[Period], kept: Sequence[Period]
) -> None:
    """Of what is due nothing stays but these periods."""
    days = {"firsts": [each.first for each in ranges], "lasts": [each.last for each in ranges]}
    place = {"kpi": kpi, "grain": grain, "kept": [period.first for period in kept]}
    await session.execute(_DROP_OTHERS, {**place, **days})


async def write_cells(
    session: AsyncSession, kpi: str, grain: Grain, periods: Sequence[Period], cells: Sequence[Cell], threshold: int
) -> None:
    """Make these periods' cells what was computed: others go, and only what changed is written."""
    rows = json.dumps([_row(cell, threshold) for cell in cells])
    place = {"kpi": kpi, "grain": grain, "rows": rows}
    await session.execute(_DROP_VANISHED, {**place, "firsts": [period.first for period in periods]})
    await session.execute(_WRITE, place)


def _row(cell: Cell, threshold: int) -> dict[str, Any]:
    parts = [int(found) for name in DETAIL_PARTS if (found := cell.detail.get(name)) is not None]
    return {
        "kind": cell.slice.kind,
        "slice": cell.slice.name,
        "first_day": cell.period.first.isoformat(),
        "last_day": cell.period.last.isoformat(),
        "value": cell.value,
        "numerator": cell.numerator,
        "denominator": cell.denominator,
        "n": cell.n,
        "unmatched": cell.unmatched,
        "interval": cell.interval and cell.interval._asdict(),
        "detail": _detail(cell, threshold),
        "parts_hidden": parts_hidden(parts, threshold),
    }


def _detail(cell: Cell, threshold: int) -> dict[str, float | None]:
    """All or none of what is about other people, so that what one of them hides no other gives away."""
    shown = not parts_hidden(cell.about.values(), threshold)
    return {name: found for name, found in cell.detail.items() if shown or name not in cell.about}


async def people_of(session: AsyncSession, kpi: str) -> Mapping[Place, tuple[int, bool]]:
    """How many people each cell is about, and whether it is hidden now."""
    query = text("SELECT grain, kind, slice, first_day, last_day, n, hidden FROM cells WHERE kpi = :kpi")
    found = await session.execute(query, {"kpi": kpi})
    return {
        Place(Grain(row.grain), Period(row.first_day, row.last_day), Slice(row.kind, row.slice)): (row.n, row.hidden)
        for row in found
    }


async def hide(session: AsyncSession, kpi: str, hidden: Collection[Place], shown: Collection[Place]) -> None:
    """Set what changed."""
    for places, value in ((hidden, True), (shown, False)):
        await session.execute(
            text(
                "UPDATE cells c SET hidden = :hidden, hidden_at = CASE WHEN :hidden THEN now() END FROM unnest("
                "CAST(:grains AS text[]), CAST(:kinds AS text[]), CAST(:slices AS text[]), CAST(:firsts AS date[])) "
                "AS p(grain, kind, slice, first_day) WHERE c.kpi = :kpi AND "
                "(c.grain, c.kind, c.slice, c.first_day) = (p.grain, p.kind, p.slice, p.first_day)"
            ),
            {
                "kpi": kpi,
                "hidden": value,
                "grains": [place.grain for place in places],
                "kinds": [place.slice.kind for place in places],
                "slices": [place.slice.name for place in places],
                "firsts": [place.period.first for place in places],
            },
        )
