"""A roster's rows, read and checked one by one: those that cannot be used are listed with the column that is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from praxis_embedded.importing.csv_file import UnreadableCsv, opened_csv
from praxis_embedded.importing.people.cells import COLUMNS
from praxis_embedded.importing.refused import RefusedRow
from praxis_people.identifiers import key_of

VALUES = ("name", "unit", "role", "grade", "manager_id", "worker_type", "fte", "time_zone", "working_days")
"""What a row says of the person from its moment on: the fields of a hire."""


class RowRefused(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


@dataclass(frozen=True, slots=True)
class Row:
    """A row: blank cells are ``None``. ``values`` has those of ``VALUES`` for which the file has a column."""

    line: int
    person_id: str
    values: Mapping[str, Any]
    identifiers: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    hired_on: datetime | None = None
    effective_at: datetime | None = None
    decided_at: datetime | None = None
    left_on: datetime | None = None
    voluntary: bool | None = None


@dataclass(frozen=True, slots=True)
class Roster:
    """``persons``: everybody whom the file names; ``in_part``: those of whom a row was refused."""

    columns: frozenset[str]
    rows: Sequence[Row]
    refused: Sequence[RefusedRow]
    persons: frozenset[str]
    in_part: frozenset[str]


def read_roster(path: Path, zone: ZoneInfo, headers: Mapping[str, str], *, ignore_others: bool = False) -> Roster:
    """``headers`` says what the file calls a column, where not by its own name. Raises ``UnreadableCsv``."""
    with opened_csv(path) as file:
        places = _places(file.header, headers, ignore_others)
        reading = _Reading(zone, places, len(file.header))
        for line, cells, _ in file.rows:
            reading.take(line, cells)
    return Roster(
        frozenset(places), reading.rows, reading.refused, frozenset(reading.persons), frozenset(reading.in_part)
    )


def _places(header: Sequence[str], headers: Mapping[str, str], ignore_others: bool) -> dict[str, int]:
    """Where each column stands."""
    named = {headers.get(column, column): column for column in COLUMNS}
    if missing := [each for each in headers.values() if each not in header]:
        raise UnreadableCsv(f"there is no column {missing[0]!r}; the first line has {', '.join(header)}")
    others = [each for each in header if each not in named]
    if others and not ignore_others:
        raise UnreadableCsv(f"unknown columns: {', '.join(others)}; known are {', '.join(COLUMNS)}")
    places = {named[each]: place for place, each in enumerate(header) if each in named}
    if len(places) + len(others) < len(header):
        raise UnreadableCsv("a column stands twice in the first line")
    if "person_id" not in places:
        raise UnreadableCsv("there is no column person_id")
    return places


class _Reading:
    def __init__(self, zone: ZoneInfo, places: Mapping[str, int], width: int) -> None:
        self._zone, self._places, self._width = zone, places, width
        self.rows: list[Row] = []
        self.refused: list[RefusedRow] = []
        self.persons: set[str] = set()
        self.in_part: set[str] = set()
        self._at: dict[tuple[str, datetime | None], int] = {}
        self._owners: dict[str, tuple[str, int]] = {}

    def take(self, line: int, cells: Sequence[str]) -> None:
        place = self._places["person_id"]
        person_id = cells[place].strip() if place < len(cells) else ""
        self.persons.add(person_id)
        faults = self._take(line, cells)
        if faults:
            self.refused += faults
            self.in_part.add(person_id)

    def _take(self, line: int, cells: Sequence[str]) -> list[RefusedRow]:
        if len(cells) != self._width:
            return [RefusedRow(line, "", f"has {len(cells)} cells, and the first line {self._width}")]
        read, faults = self._cells(line, cells)
        if faults:
            return faults
        row = _row(line, read)
        faults = self._repeated(row)
        if not faults:
            self.rows.append(row)
            self._at[row.person_id, row.effective_at] = line
            self._owners |= dict.fromkeys(_keys(row).values(), (row.person_id, line))
        return faults

    def _cells(self, line: int, cells: Sequence[str]) -> tuple[dict[str, Any], list[RefusedRow]]:
        read: dict[str, Any] = {}
        faults: list[RefusedRow] = []
        for column, place in self._places.items():
            cell = cells[place].strip()
            try:
                read[column] = COLUMNS[column](cell, self._zone) if cell else None
            except ValueError as error:
                faults.append(RefusedRow(line, column, str(error)))
        if not read["person_id"]:
            faults.append(RefusedRow(line, "person_id", "is required"))
        return read, faults

    def _repeated(self, row: Row) -> list[RefusedRow]:
        faults = []
        if (first := self._at.get((row.person_id, row.effective_at))) is not None:
            reason = f"line {first} is about the same person and moment; rows of one person differ in effective_at"
            faults.append(RefusedRow(row.line, "person_id", reason))
        for column, key in _keys(row).items():
            owner, first = self._owners.get(key, (row.person_id, 0))
            if owner != row.person_id:
                faults.append(RefusedRow(row.line, column[0], f"{owner} in line {first} has the same"))
        return faults


def _row(line: int, read: Mapping[str, Any]) -> Row:
    values = {name: read[name] for name in VALUES if name in read}
    if values.get("manager_id") == read["person_id"]:
        values["manager_id"] = None
    given = [("mail", read["mail"])] if read.get("mail") else []
    given += [("identifiers", each) for each in read.get("identifiers") or ()]
    employed = {name: read.get(name) for name in ("hired_on", "effective_at", "decided_at", "left_on", "voluntary")}
    return Row(line, read["person_id"], values, tuple(given), **employed)


def _keys(row: Row) -> dict[tuple[str, int], str]:
    """The row's identifiers as comparable keys, by column and place."""
    found = ((column, place, key_of(each)) for place, (column, each) in enumerate(row.identifiers))
    return {(column, place): key for column, place, key in found if key is not None}
