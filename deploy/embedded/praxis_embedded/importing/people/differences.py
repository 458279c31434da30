"""What a roster says that was not told before, as named events. Pure.

An event's id follows from its content and from the person's event before it. So an import that is repeated tells
nothing twice, also where its events' fate was unknown, and what changes back is told again.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID, uuid5

import msgspec
from pydantic import ValidationError

from praxis_embedded.importing.people.grades import Grades
from praxis_embedded.importing.people.roster import Roster, Row, RowRefused
from praxis_embedded.importing.people.told import Employment, History, Told
from praxis_embedded.importing.refused import RefusedRow
from praxis_events.contracts import EventData, contract_for
from praxis_events.contracts.base import canonical
from praxis_people.identifiers import key_of

LINKED, HIRED, LEFT = "identity-linked", "hired", "left"
RESCINDED = "rescinded"

_OWN_EVENT = {"unit": "unit-changed", "role": "role-changed", "manager_id": "manager-changed"}
NEVER = datetime.max.replace(tzinfo=UTC)

_IDS = UUID("0b3cf2f4-6a2e-5f0e-8f6b-6f3c1c9d7a52")
"""The namespace of ids that follow from an event's content and its forerunner."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How a roster is read: days without a date of their own are ``as_of``; ``source`` is its events' source."""

    source: str
    as_of: datetime
    grades: Grades = field(default_factory=Grades)


@dataclass(frozen=True, slots=True)
class Change:
    """An event to be sent. ``line`` of the row that it is from (0: of none); ``columns`` of its data's fields, where
    they are called otherwise."""

    line: int
    type: str
    id: str
    data: EventData
    columns: Mapping[str, str]


def differences(
    roster: Roster, told: Mapping[str, History], terms: Terms
) -> Iterator[tuple[Sequence[Change], Sequence[RefusedRow]]]:
    """Person by person: what is to be told, and the rows that cannot be. A refused row tells nothing."""
    ordered = sorted(roster.rows, key=lambda row: (row.person_id, _moment(row, terms), row.line))
    for person_id, rows in groupby(ordered, key=attrgetter("person_id")):
        person = _Person(person_id, told.get(person_id, History()), roster.columns, terms)
        yield person.compare([*rows], complete=person_id not in roster.in_part)


def missing(roster: Roster, told: Mapping[str, History], terms: Terms) -> list[str]:
    """Those who were told to be employed before the file's day, and are not in the file."""
    others = (each for each in told.items() if each[0] not in roster.persons)
    return sorted(person_id for person_id, history in others if _employed(history, terms.as_of))


def departures(persons: Collection[str], told: Mapping[str, History], terms: Terms) -> list[Change]:
    """``persons`` have left, nobody knows why."""
    found = []
    for person_id in persons:
        person = _Person(person_id, told[person_id], frozenset(), terms)
        person.missing()
        found += person.changes
    return found


def _moment(row: Row, terms: Terms) -> datetime:
    """From when on the row's values hold."""
    moment = row.effective_at or terms.as_of
    return moment if row.hired_on is None else max(moment, row.hired_on)


def _employed(history: History, at: datetime) -> bool:
    employment = history.employment(at)
    return employment is not None and employment.start.at < at and (employment.end is None or employment.end.at > at)


class _Person:
    """One person's history, to which what is told now is added at once."""

    def __init__(self, person_id: str, history: History, columns: frozenset[str], terms: Terms) -> None:
        self._id, self._history, self._columns, self._terms = person_id, history, columns, terms
        self.changes: list[Change] = []

    def compare(self, rows: Sequence[Row], *, complete: bool) -> tuple[list[Change], list[RefusedRow]]:
        """``complete``: these are all the rows that the file has of the person."""
        refused: list[RefusedRow] = []
        for row in rows:
            history, changes = self._history.copy(), [*self.changes]
            try:
                self._row(row, last=complete and row is rows[-1])
            except RowRefused as fault:
                self._history, self.changes = history, changes
                refused.append(RefusedRow(row.line, fault.column, fault.reason))
        return self.changes, refused

    def missing(self) -> None:
        """Has left, nobody knows why."""
        employment = self._history.employment(self._terms.as_of)
        if employment is not None:
            self._leaves(0, employment, self._terms.as_of, None)

    def _row(self, row: Row, *, last: bool) -> None:
        moment = _moment(row, self._terms)
        employment = self._history.employment(row.hired_on or moment)
        if employment is None or not _is_meant(employment, row, moment):
            self._hired(row, moment)
        elif row.hired_on is not None and employment.start.at < row.hired_on:
            self._postponed(row, employment, row.hired_on)
        if row.left_on is None or moment < row.left_on:
            self._values(row, moment)
        if row.left_on is not None or (last and "left_on" in self._columns):
            self._departure(row, moment)
        self._identifiers(row)

    def _hired(self, row: Row, moment: datetime) -> None:
        start = row.hired_on or moment
        known = self._history.next_hire(start) if start < moment else None
        if known is not None and (row.left_on is None or known.at < row.left_on):
            values = self._history.values(known.at)
        else:
            values = dict(row.values)
        self._tell(row.line, HIRED, values, start, {"effective_at": "hired_on" if row.hired_on else "effective_at"})

    def _postponed(self, row: Row, employment: Employment, hired_on: datetime) -> None:
        """The employment began later than was told, as what it was then."""
        values = self._history.values(hired_on)
        for each in self._history.hires(employment.start.at, hired_on):
            self._undo(row.line, each, "the employment began later")
        self._tell(row.line, HIRED, values, hired_on, {"effective_at": "hired_on"})

    def _values(self, row: Row, moment: datetime) -> None:
        now = self._history.values(moment)
        changed = {name for name, value in row.values.items() if value != now[name]}
        for name in ("unit", "role"):
            if name in changed and row.values[name] is None:
                raise RowRefused(name, "is required")
        wanted = {**now, **row.values}
        if "grade" in changed and self._terms.grades.rises(now["grade"], wanted["grade"]):
            self._promoted(row, now, wanted, moment)
            changed -= {"grade", "role"}
        if changed - _OWN_EVENT.keys():
            self._tell(row.line, HIRED, wanted, moment, {})
        for name in sorted(changed & _OWN_EVENT.keys()):
            self._tell(row.line, _OWN_EVENT[name], {name: wanted[name]}, moment, {}, keep=name)

    def _promoted(self, row: Row, now: Mapping[str, Any], wanted: Mapping[str, Any], moment: datetime) -> None:
        data = {
            "from_grade": now["grade"],
            "to_grade": wanted["grade"],
            "role": wanted["role"] if wanted["role"] != now["role"] else None,
            "decided_at": row.decided_at or moment,
        }
        self._tell(row.line, "promoted", data, moment, {"from_grade": "grade", "to_grade": "grade"})

    def _departure(self, row: Row, moment: datetime) -> None:
        employment = self._history.employment(row.hired_on or moment)
        if employment is None:
            return
        if row.left_on is None:
            self._stays(row.line, employment)
            return
        told, voluntary = employment.end, row.voluntary
        if told is not None and "voluntary" not in self._columns:
            voluntary = told.data.voluntary
        if told is None or (told.at, told.data.voluntary) != (row.left_on, voluntary):
            self._leaves(row.line, employment, row.left_on, voluntary)

    def _stays(self, line: int, employment: Employment | None) -> None:
        """Without one end, an employment goes on to the next one's."""
        while employment is not None and employment.end is not None:
            self._undo(line, employment.end, "the departure was taken back")
            employment = self._history.employment(employment.start.at)

    def _identifiers(self, row: Row) -> None:
        fresh = [(column, each) for column, each in row.identifiers if key_of(each) not in self._history.linked]
        if fresh:
            columns = {f"identifiers/{place}": column for place, (column, _) in enumerate(fresh)}
            self._tell(row.line, LINKED, {"identifiers": [each for _, each in fresh]}, None, columns)

    def _leaves(self, line: int, employment: Employment, at: datetime, voluntary: bool | None) -> None:
        """Instead of when was told, if it was. What would have changed later in this employment never will."""
        start, end = employment
        if at <= start.at:
            raise RowRefused(
                "left_on", f"is before the employment began, on {start.at:%Y-%m-%d}: is a hired_on missing?"
            )
        while end is not None and end.at < at:
            self._undo(line, end, "the departure is told otherwise")
            again = self._history.next_hire(end.at)
            if again is None or at <= again.at:
                break
            end = next(each.end for each in self._history.employments() if each.start == start)
        else:
            for each in self._history.hires(at, end.at if end else NEVER):
                self._undo(line, each, "left before")
            if end is not None:
                self._undo(line, end, "the departure is told otherwise")
        self._tell(line, LEFT, {"voluntary": voluntary}, at, {"effective_at": "left_on"}, keep="voluntary")

    def _undo(self, line: int, told: Told, reason: str) -> None:
        data = {"event": {"source": self._terms.source, "id": told.id}, "reason": reason}
        self._emit(line, RESCINDED, data, {}, told.id)
        self._history.undo([told.id])

    def _tell(
        self,
        line: int,
        name: str,
        data: Mapping[str, Any],
        at: datetime | None,
        columns: Mapping[str, str],
        keep: str = "",
    ) -> None:
        """``keep``: the field that says something by being ``None``; all others are left out then."""
        given = {field: value for field, value in data.items() if value is not None or field == keep}
        moment = {} if at is None else {"effective_at": at}
        change = self._emit(line, name, {"person_id": self._id, **given, **moment}, columns, self._history.latest)
        self._history.add(change.id, change.data)

    def _emit(self, line: int, name: str, data: Mapping[str, Any], columns: Mapping[str, str], after: str) -> Change:
        contract = contract_for(f"praxis.people.{name}.v1")
        if contract is None:
            raise LookupError(name)
        try:
            model = contract.model.model_validate(data)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False, include_input=False)[0]
            raise RowRefused(column_of(columns, first["loc"]), first["msg"]) from None
        body = msgspec.json.encode(canonical(model), order="sorted").decode()
        change = Change(line, contract.type, str(uuid5(_IDS, f"{after}\n{name}\n{body}")), model, columns)
        self.changes.append(change)
        return change


def column_of(columns: Mapping[str, str], path: Sequence[str | int]) -> str:
    """The column from which a field of an event's data was filled."""
    place = "/".join(map(str, path[:2]))
    field = str(path[0]) if path else ""
    return columns.get(place) or columns.get(field) or field


def _is_meant(employment: Employment, row: Row, moment: datetime) -> bool:
    """Whether the row is about this employment, or about one after it."""
    if employment.end is None:
        return True
    if row.hired_on is not None:
        return row.hired_on < employment.end.at
    return row.left_on is not None or moment < employment.end.at
