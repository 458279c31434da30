"""Rosters as short as the examples that need them, and a log that only remembers."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from praxis_embedded.importing.people.differences import Change, Terms, departures, differences, missing
from praxis_embedded.importing.people.grades import Grades
from praxis_embedded.importing.people.roster import Roster, read_roster
from praxis_embedded.importing.people.told import History, histories
from praxis_embedded.importing.refused import RefusedRow
from praxis_events.contracts.base import canonical
from praxis_events.envelope import Event
from praxis_events.log import NewRecord, Record
from praxis_events.topics import DIRECTORY

SOURCE = "/rosters/people"
UTC_ZONE = ZoneInfo("UTC")
Said = tuple[str, dict[str, Any]]


@dataclass
class Imports:
    """Imports one after the other; what each told is what the next one reads."""

    folder: Path
    zone: ZoneInfo = UTC_ZONE
    records: list[Record] = field(default_factory=list)
    refused: Sequence[RefusedRow] = ()

    def roster(self, lines: Sequence[str]) -> Roster:
        path = self.folder / "roster.csv"
        path.write_text("\n".join(lines))
        return read_roster(path, self.zone, {})

    async def told(self) -> dict[str, History]:
        return await histories(self._reading(), SOURCE)

    async def bring_in(self, on: str, *lines: str, grades: str = "", complete: bool = False) -> list[Said]:
        """The file of a day: what is told, by the last word of its type, without the person."""
        roster, terms = self.roster(lines), Terms(SOURCE, day(on), Grades([g for g in grades.split(",") if g]))
        changes: list[Change] = []
        told = await self.told()
        refused = [*roster.refused]
        for found, faults in differences(roster, told, terms):
            changes += found
            refused += faults
        if complete:
            changes += departures(missing(roster, told, terms), told, terms)
        self.refused = sorted(refused)
        for change in changes:
            event = Event(change.id, SOURCE, change.type, json.dumps(canonical(change.data)).encode())
            self.take(event.to_record(DIRECTORY.name))
        return [said(each) for each in changes]

    def take(self, record: NewRecord) -> None:
        self.records.append(
            Record(record.topic, 0, len(self.records), record.key, record.value, record.headers, appended_ms=0)
        )

    async def _reading(self) -> AsyncIterator[Record]:
        for record in self.records:
            yield record


def day(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def said(change: Change) -> Said:
    data = canonical(change.data)
    data.pop("person_id", None)
    if "effective_at" in data:
        data["effective_at"] = data["effective_at"].removesuffix("T00:00:00Z")
    return change.type.split(".")[2], data
