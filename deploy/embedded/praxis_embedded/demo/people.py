"""Who works at the lantern works, since when, where, and under whom."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from praxis_embedded.demo.names import name
from praxis_embedded.demo.saying import Json
from praxis_embedded.demo.scenario import Scenario
from praxis_embedded.demo.teams import DIRECTOR, LEAD

LMS = "https://lms.lantern-works.example"


@dataclass(frozen=True, slots=True)
class Placement:
    """Where somebody stands from a day on."""

    since: date
    unit: str
    role: str
    manager: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """``left_on`` is the last day at work, ``leave`` the first day of leave and the first one back."""

    number: int
    grade: str
    placements: tuple[Placement, ...]
    is_contractor: bool = False
    left_on: date | None = None
    voluntary: bool | None = None
    leave: tuple[date, date] | None = None

    @property
    def id(self) -> str:
        return f"lw-{self.number:03}"

    @property
    def name(self) -> str:
        return name(self.number)

    @property
    def mail(self) -> str:
        return f"mailto:{self.id}@lantern-works.example"

    @property
    def account(self) -> Json:
        return {"homePage": LMS, "name": self.id}

    @property
    def hired_on(self) -> date:
        return self.placements[0].since

    @property
    def home(self) -> Placement:
        """The first placement."""
        return self.placements[0]

    @property
    def is_lead(self) -> bool:
        return self.home.role in (LEAD, DIRECTOR)

    def on(self, day: date) -> Placement:
        if len(self.placements) == 1:
            return self.home
        return next((each for each in reversed(self.placements) if each.since <= day), self.home)

    def is_there(self, day: date) -> bool:
        """At work, and not on leave."""
        away = self.leave is not None and self.leave[0] <= day < self.leave[1]
        return self.hired_on < day and (self.left_on is None or day < self.left_on) and not away


@dataclass(frozen=True)
class Organisation:
    scenario: Scenario
    people: tuple[Person, ...]

    @cached_property
    def by_id(self) -> dict[str, Person]:
        return {each.id: each for each in self.people}

    @cached_property
    def leads(self) -> dict[str, Person]:
        """Who led each team at first, by unit; the director leads the company."""
        return {each.home.unit: each for each in self.people if each.is_lead}

    @cached_property
    def members(self) -> tuple[Person, ...]:
        """Employees who lead nobody."""
        return tuple(each for each in self.people if not each.is_lead and not each.is_contractor)

    def of(self, *units: str) -> tuple[Person, ...]:
        """The members who began in these teams."""
        return tuple(each for each in self.members if each.home.unit in units)

    def there(self, day: date) -> list[Person]:
        return [each for each in self.people if each.is_there(day)]
