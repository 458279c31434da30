"""``python -m bench [ingest] [metrics] [decider] [memory] [organisation]``: all but the last, a long one, if none."""

import argparse
import gc
import os
import platform
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import uvloop
from rich.table import Table

from bench import at_scale, decider, ingest, memory, metrics
from bench.comparison import Limit, Result, console
from praxis_service.hosting import COLLECT_AFTER

Figures = Sequence[Result | Limit]
Part = Callable[[Path], Coroutine[Any, Any, Figures]]

PARTS: dict[str, tuple[Part, ...]] = {
    "ingest": (ingest.on_kafka, ingest.on_postgres),
    "metrics": (metrics.facts_and_refresh,),
    "decider": (decider.decisions,),
    "memory": (memory.at_rest,),
    "organisation": (at_scale.publishing_and_asking,),
}

BY_DEFAULT = ("ingest", "metrics", "decider", "memory")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Ratios of Praxis against bare ceilings.")
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(PARTS)}; all but organisation by default")
    chosen = parser.parse_args().parts or BY_DEFAULT
    if unknown := set(chosen) - PARTS.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    figures = [figure for name in chosen for part in PARTS[name] for figure in run(part)]
    console.print(table(figures))


def run(part: Part) -> Figures:
    gc.set_threshold(COLLECT_AFTER)  # as every process of the product does
    with TemporaryDirectory(prefix="praxis-bench-") as folder:
        return uvloop.run(part(Path(folder)))


def table(figures: Figures) -> Table:
    title = f"{os.cpu_count()} CPUs, Python {platform.python_version()}; units a second, medians"
    made = Table(title=title, title_justify="left")
    made.add_column("")
    for column in ("product", "ceiling", "ratio min / median / max", "target"):
        made.add_column(column, justify="right")
    for figure in figures:
        made.add_row(*row(figure))
    return made


def row(figure: Result | Limit) -> tuple[str, ...]:
    if isinstance(figure, Limit):
        return figure.title, f"{figure.value:,.4g}", "", "", f"< {figure.target:,.4g}"
    return (
        f"{figure.title} ({figure.unit})",
        f"{figure.product:,.0f}",
        f"{figure.ceiling:,.0f}",
        " / ".join(f"{ratio:.3f}" for ratio in figure.ratios),
        "" if figure.target is None else f">= {figure.target:.2f}",
    )


if __name__ == "__main__":
    main()
