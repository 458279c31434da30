"""The progress bar of statements that are brought in."""

from typing import Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from praxis_embedded.importing.statements import Outcome


class StatementsBar:
    """On standard error, gone when the work is done. ``size`` in bytes; ``first``: the line that it begins at."""

    def __init__(self, name: str, size: int, first: int) -> None:
        shown = "{task.fields[stored]:,} stored, {task.fields[refused]:,} refused {task.fields[trouble]}"
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TextColumn(shown))
        self._progress = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
        self._task = self._progress.add_task(name, total=size, stored=0, refused=0, trouble="")
        if first > 1:
            self._progress.console.print(f"{name}: goes on at line {first:,}")

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def show(self, outcome: Outcome) -> None:
        self._progress.update(
            self._task,
            completed=outcome.read,
            stored=outcome.stored,
            refused=len(outcome.refused),
            trouble=outcome.trouble,
        )
