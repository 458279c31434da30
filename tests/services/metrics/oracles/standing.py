"""What naive oracles of KPIs share: who is who, who is at work and where, on each day, from raw events."""

from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from tests.services.metrics.oracle import Heard, Learner, Oracle, Told, read_time
from tests.services.metrics.placement_oracle import PlacementOracle, Slice
from tests.services.metrics.said.fold import Fold
from tests.services.metrics.said.histories import Data, Spoken

Cut = tuple[str, str]
ALL: Cut = ("all", "")
Days = tuple[date, date]


class Standing:
    def __init__(self, told: list[Told], spoken: list[Spoken], heard: list[Heard], zone: ZoneInfo) -> None:
        self.zone, self.fold = zone, Fold(spoken, heard, zone)
        self.people = Oracle(told, heard, zone)
        self.people.mails |= self.fold.people.mails
        self.fold.people = self.people
        self._places = PlacementOracle(heard, zone)
        self._slices: dict[date, set[Slice]] = {}

    def who(self, agent: Data | None) -> Learner:
        found = self.fold.who(agent)
        assert found is not None
        return found

    def day(self, text: str) -> date:
        return read_time(text).astimezone(self.zone).date()

    def of_directory(self, type_: str) -> list[Data]:
        return [each.data for each in self.people.heard if each.type == type_]

    @cached_property
    def persons(self) -> set[str]:
        return {data["person_id"] for data in self.of_directory("hired")}

    def employed(self, learner: Learner, day: date) -> bool:
        return self.people.employed_on(learner, day)

    def at_work(self, learner: Learner, day: date) -> bool:
        return learner[0] == "person" and (True, False, True) in self.people._states(learner[1], day)

    def places(self, day: date) -> set[Slice]:
        if day not in self._slices:
            self._slices[day] = self._places.slices_on(day)
        return self._slices[day]

    def cuts(self, learner: Learner, day: date) -> set[Cut]:
        """Everybody, and the unit and role slices in which a person counts on a day."""
        found = {(kind, name) for person, kind, name in self.places(day) if person == learner[1] and kind != "manager"}
        return {ALL, *(found if learner[0] == "person" else ())}

    def is_above(self, one: Learner, other: Learner, day: date) -> bool:
        persons = one[0] == other[0] == "person"
        return persons and (other[1], "manager", one[1]) in self.places(day)

    def leads(self, learner: Learner, day: date) -> bool:
        return learner[0] == "person" and any(each[1:] == ("manager", learner[1]) for each in self.places(day))

    def heads(self, days: Days) -> dict[Cut, int]:
        """How many employees each cell's headcount has."""
        found: dict[Cut, set[str]] = {}
        for person in self.persons:
            for day in each_day(days):
                if self.at_work(("person", person), day):
                    for cut in self.cuts(("person", person), day):
                        found.setdefault(cut, set()).add(person)
        return {cut: len(persons) for cut, persons in found.items()}

    def midnight(self, day: date) -> datetime:
        return self.people.midnight(day)


def each_day(days: Days) -> list[date]:
    return [days[0] + timedelta(days=number) for number in range((days[1] - days[0]).days + 1)]
