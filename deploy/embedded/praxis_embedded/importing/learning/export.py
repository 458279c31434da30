"""An export, row by row: what its rows say, and those of which nothing can be used."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from praxis_embedded.importing.csv_file import CsvRow, UnreadableCsv, opened_csv
from praxis_embedded.importing.learning.map import ACTIVITY, ExportMap
from praxis_embedded.importing.learning.telling import CellRefused, Record, tell
from praxis_embedded.importing.refused import RefusedRow
from praxis_embedded.importing.statements import Told, refused
from praxis_ingest.statements.decode import InvalidStatement, decode_batch


class LearningExport:
    """One file, read on a map's terms. ``rows`` counts those read so far, ``verbs`` what statements they told."""

    def __init__(self, path: Path, map_: ExportMap) -> None:
        self.path, self.size, self._map = path, path.stat().st_size, map_
        self.rows = 0
        self.verbs: Counter[str] = Counter()

    def read(self, first: int) -> Iterator[Told | RefusedRow]:
        """What the rows from line ``first`` on say. Raises ``UnreadableCsv``."""
        with opened_csv(self.path, self._map.encoding) as file:
            layout = Layout(file.header, self._map)
            for row in file.rows:
                if row.line >= first:
                    self.rows += 1
                    yield from self._told(layout, row)

    def _told(self, layout: "Layout", row: CsvRow) -> Iterator[Told | RefusedRow]:
        if len(row.cells) != layout.width:
            yield RefusedRow(row.line, "", f"has {len(row.cells)} cells, and the first line {layout.width}")
            return
        said = set()
        for record in layout.records(row.cells):
            try:
                for id_, statement, columns in tell(self._map, record):
                    body = msgspec.json.encode(statement)
                    if body not in said:
                        said.add(body)
                        self.verbs[statement["verb"]["id"]] += 1
                        yield Told(row.line, id_, body, row.read, columns)
            except CellRefused as fault:
                yield RefusedRow(row.line, fault.column, fault.reason)


def checked(told: Told) -> Told | RefusedRow:
    """What the door would say of it, but for what is stored already."""
    try:
        decode_batch(told.body, max_batch=1)
    except InvalidStatement as error:
        return refused(told, [(each.pointer or "", each.detail) for each in error.errors])
    return told


class Layout:
    """Where the map's columns stand in this file. Raises ``UnreadableCsv`` when one is missing or there twice."""

    def __init__(self, header: Sequence[str], map_: ExportMap) -> None:
        self.width, self._blank = len(header), frozenset(map_.blank)
        self._repeated: list[tuple[str, dict[str, int]]] = []
        fixed = len(header)
        if map_.repeated is not None:
            fixed = self._place(header, map_.repeated.after) + 1
            columns = map_.repeated.columns
            if (len(header) - fixed) % len(columns):
                raise UnreadableCsv(f"after {map_.repeated.after!r} there must be {len(columns)} columns an activity")
            for start in range(fixed, len(header), len(columns)):
                places = {column: start + n for n, column in enumerate(columns)}
                self._repeated.append((header[start], places))
        self._places = {column: self._place(header[:fixed], column) for column in map_.columns}
        self._wide = map_.repeated is not None

    def records(self, cells: Sequence[str]) -> Iterator[Record]:
        row = {column: self._cell(cells[place]) for column, place in self._places.items()}
        if not self._wide:
            yield Record(row)
        for activity, places in self._repeated:
            again = {column: self._cell(cells[place]) for column, place in places.items()}
            yield Record({**row, ACTIVITY: activity, **again}, dict.fromkeys([ACTIVITY, *places], activity))

    def _cell(self, cell: str) -> str:
        found = cell.strip()
        return "" if found in self._blank else found

    @staticmethod
    def _place(header: Sequence[str], column: str) -> int:
        if header.count(column) != 1:
            said = "twice the" if column in header else "no"
            raise UnreadableCsv(
                f"there is {said} column {column!r} in the first line: {', '.join(filter(None, header))}"
            )
        return header.index(column)
