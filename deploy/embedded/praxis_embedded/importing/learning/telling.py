"""What one row of an export says, as statements. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote
from uuid import UUID, uuid5

import msgspec

from praxis_embedded.importing.learning import cells
from praxis_embedded.importing.learning.map import Address, ExportMap, Statement, columns_of
from praxis_embedded.importing.learning.verbs import RESULTS, VERBS
from praxis_events.times import format_time

_EXPORTS = UUID("0c1d4c53-7a1e-5b7f-8f6f-6a7a1c0f3b52")
"""The namespace of ids that follow from who did what to what, and when."""

_WORDS = {iri: word for word, iri in VERBS.items()}

T = TypeVar("T")
Json = dict[str, Any]


class CellRefused(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


@dataclass(frozen=True, slots=True)
class Record:
    """A row's cells by column, without surrounding space, ``""`` where blank. ``called``: what the file calls a column,
    where the map gave it a name of its own.
    """

    cells: Mapping[str, str]
    called: Mapping[str, str] = field(default_factory=dict)

    def name(self, column: str) -> str:
        return self.called.get(column, column)

    def read(self, column: str, reader: Callable[[str], T]) -> T:
        """Raises ``CellRefused``."""
        try:
            return reader(self.cells[column])
        except ValueError as error:
            raise CellRefused(self.name(column), str(error)) from None


class Said(NamedTuple):
    """A statement with its id; ``columns`` says what it was filled from, by JSON Pointer."""

    id: str
    statement: Json
    columns: Mapping[str, str]


def tell(map_: ExportMap, record: Record) -> Iterator[Said]:
    """A status that the map ignores says nothing, and neither does a blank time where the verb is always the same.

    Raises ``CellRefused``.
    """
    for part in map_.statement:
        verbs = _verbs(part, record)
        if not verbs or (part.verb is not None and not record.cells[part.when]):
            continue
        actor, about = _actor(map_, record), _about(map_, record)
        at = record.read(part.when, lambda cell: cells.moment(_required(cell), map_.format, map_.zone))
        for place, verb in enumerate(verbs):
            result = _result(map_, part, record, verb, timed=place == 0)
            yield _said(actor, verb, about, result, at, _columns(map_, part, record))


def _verbs(part: Statement, record: Record) -> list[str]:
    if part.verb is not None:
        return [part.verb]
    return record.read(part.status or "", lambda status: _meant(part, status))


def _meant(part: Statement, status: str) -> list[str]:
    if any(_matches(each, status) for each in part.ignored):
        return []
    for each, verbs in part.verbs.items():
        if _matches(each, status):
            return verbs
    raise ValueError(f"{status!r} is no status that the map knows" if status else "is required")


def _matches(pattern: str, status: str) -> bool:
    """In any case; a final ``*`` stands for whatever follows."""
    pattern, status = pattern.casefold(), status.casefold()
    return status.startswith(pattern[:-1]) if pattern.endswith("*") else status == pattern


def _required(cell: str) -> str:
    if not cell:
        raise ValueError("is required")
    return cell


def _actor(map_: ExportMap, record: Record) -> Json:
    learner = map_.learner
    if learner.mail is not None:
        address = record.read(learner.mail, _required).removeprefix("mailto:")
        return {"mbox": f"mailto:{address.lower()}"}
    name = record.read(learner.account or "", _required)
    return {"account": {"homePage": _address(learner.home_page or "", record), "name": name}}


def _about(map_: ExportMap, record: Record) -> Json:
    """The statement's object and context."""
    activity = map_.activity
    definition: Json = {"type": activity.type}
    if activity.name and record.cells[activity.name]:
        definition["name"] = {map_.language: record.cells[activity.name]}
    context: Json = {"platform": map_.platform} if map_.platform else {}
    if activity.course:
        context["contextActivities"] = {"grouping": [{"id": _address(activity.course, record)}]}
    about: Json = {"object": {"id": _address(activity.id, record), "definition": definition}}
    return about | ({"context": context} if context else {})


def _address(address: Address, record: Record) -> str:
    """A column that is all of it stands as it is; inside a longer address it is percent-encoded."""
    columns = columns_of(address)
    values = {each: record.read(each, _required) for each in columns}
    if columns and address == f"{{{columns[0]}}}":
        return values[columns[0]]
    for column, value in values.items():
        address = address.replace(f"{{{column}}}", quote(value, safe=""))
    return address


def _result(map_: ExportMap, part: Statement, record: Record, verb: str, *, timed: bool) -> Json:
    """Of the verbs of one row only the first has the duration, which would be counted twice else."""
    result: Json = {**RESULTS.get(verb, {})}
    if part.score and record.cells[part.score]:
        result["score"] = _score(part, float(record.read(part.score, lambda cell: cells.number(cell, map_.decimal))))
    if part.duration and record.cells[part.duration] and timed:
        lasted = record.read(part.duration, lambda cell: cells.duration(cell, part.duration_unit, map_.decimal))
        result |= {"duration": lasted} if lasted else {}
    return result


def _score(part: Statement, raw: float) -> Json:
    if part.score_max is None:
        return {"raw": raw}
    scaled = round((raw - part.score_min) / (part.score_max - part.score_min), 4)
    within = {"scaled": scaled} if 0 <= scaled <= 1 else {}
    return {"raw": raw, "min": part.score_min, "max": part.score_max} | within


def _said(actor: Json, verb: str, about: Json, result: Json, at: datetime, columns: Mapping[str, str]) -> Said:
    timestamp = format_time(at)
    known_by = msgspec.json.encode([actor, verb, about["object"]["id"], timestamp], order="sorted").decode()
    id_ = str(uuid5(_EXPORTS, known_by))
    shown = {"display": {"en": _WORDS[verb]}} if verb in _WORDS else {}
    statement = {"id": id_, "actor": actor, "verb": {"id": verb, **shown}, **about, "timestamp": timestamp}
    return Said(id_, statement | ({"result": result} if result else {}), columns)


def _columns(map_: ExportMap, part: Statement, record: Record) -> dict[str, str]:
    activity = [*columns_of(map_.activity.id), ""]
    filled = {
        "/actor": map_.learner.mail or map_.learner.account,
        "/verb": part.status,
        "/object/definition": map_.activity.name,
        "/object": activity[0],
        "/result/score": part.score,
        "/result/duration": part.duration,
        "/timestamp": part.when,
    }
    return {pointer: record.name(column) for pointer, column in filled.items() if column}
