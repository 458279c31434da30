"""What of a file was refused: where it stands, and why."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class RefusedRow(NamedTuple):
    """``line`` is where the row begins in the file, counted from 1; ``column`` is empty where it is about all of it."""

    line: int
    column: str
    reason: str


def write_refused(path: Path, refused: Sequence[RefusedRow]) -> None:
    """As CSV, a refused row a line."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(RefusedRow._fields)
        writer.writerows(refused)
