"""KPIs from what was told, in plain Python that knows nothing of the services, nor of how the organisation was made."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from praxis_embedded.demo.simulation import Simulation

ADL = "http://adlnet.gov/expapi/verbs/"
NOT_ACTIVE = {ADL + "registered", ADL + "passed", ADL + "voided"}
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Share:
    numerator: float
    denominator: float


class Told:
    """What a simulation told, by type."""

    def __init__(self, simulation: Simulation) -> None:
        self._events = [each.body for each in simulation.events]
        voided = {each.body["object"]["id"] for each in simulation.statements if self._verb(each.body) == "voided"}
        self.statements = [each.body for each in simulation.statements if each.id not in voided]
        self.employment = {each["person_id"]: moment(each["effective_at"]).date() for each in self.of("people.hired")}
        self.left = {each["person_id"]: moment(each["effective_at"]).date() for each in self.of("people.left")}
        self.contractors = {e["person_id"] for e in self.of("people.hired") if e["worker_type"] == "contractor"}
        self.homes: dict[str, str] = {
            str(identifier): each["person_id"]
            for each in self.of("people.identity-linked")
            for identifier in each["identifiers"]
        }

    @staticmethod
    def _verb(statement: Json) -> str:
        return str(statement["verb"]["id"]).removeprefix(ADL)

    def of(self, type_: str) -> list[Json]:
        return [each["data"] for each in self._events if each["type"] == f"praxis.{type_}.v1"]

    def person(self, statement: Json) -> str:
        """The person, or else the identifier that no person claims."""
        home = str(statement["actor"])
        return self.homes.get(home, home)

    def is_employed(self, person: str, day: date) -> bool:
        since = self.employment.get(person)
        is_there = since is not None and since <= day <= self.left.get(person, date.max)
        return is_there and person not in self.contractors

    def completed(self, first: date, last: date) -> set[tuple[str, str, date]]:
        """Learner, activity and day."""
        found = ((each, moment(each["timestamp"])) for each in self.statements if self._verb(each) == "completed")
        return {(self.person(s), s["object"]["id"], at.date()) for s, at in found if first <= at.date() <= last}

    def active(self, first: date, last: date) -> set[str]:
        return {
            self.person(each)
            for each in self.statements
            if each["verb"]["id"] not in NOT_ACTIVE and first <= moment(each["timestamp"]).date() <= last
        }

    def productivity(self, first: date, last: date) -> Share:
        """Employees' tasks, and the hours worked on them."""
        done = [each for each in self.of("work.task-accepted") if first <= moment(each["accepted_at"]).date() <= last]
        done = [e for e in done if self.is_employed(e["person"]["person_id"], moment(e["accepted_at"]).date())]
        return Share(len(done), sum(each["worked_minutes"] for each in done) / 60)

    def application(self, first: date, last: date) -> Share:
        """Pairs of an employee and a skill, of which the skill was used within 30 days."""
        used = list(self._evidence())
        pairs = [(who, skill, at) for (who, skill), at in self._learned().items() if first <= at.date() <= last]
        pairs = [(who, skill, at) for who, skill, at in pairs if self.is_employed(who, at.date())]
        applied = [pair for pair in pairs if any(_in_time(pair, each) for each in used)]
        return Share(len(applied), len(pairs))

    def _learned(self) -> dict[tuple[str, str], datetime]:
        taught = {
            each["activity"]: [s["skill"] for s in each["skills"]] for each in self.of("programme.activity-mapped")
        }
        found: dict[tuple[str, str], datetime] = {}
        for each in self.statements:
            if self._verb(each) == "completed":
                for skill in taught.get(each["object"]["id"], ()):
                    key, at = (self.person(each), skill), moment(each["timestamp"])
                    found[key] = min(at, found.get(key, at))
        return found

    def _evidence(self) -> Iterator[tuple[str, str, datetime]]:
        """Accepted: not in the learning system, and vouched for by somebody else where it is somebody's word."""
        learning = {each["system"] for each in self.of("programme.system-registered") if each["kind"] == "learning"}
        for each in self.of("evidence.skill-applied"):
            learner = each["learner"]["person_id"]
            if each["artefact"]["system"] not in learning and each.get("attested_by") != each["learner"]:
                yield learner, each["skill"], moment(each["occurred_at"])


def _in_time(learned: tuple[str, str, datetime], used: tuple[str, str, datetime]) -> bool:
    return learned[:2] == used[:2] and learned[2] < used[2] <= learned[2] + timedelta(days=30)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
