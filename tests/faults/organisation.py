"""Events as the systems of an organisation send them: who is who, what is asked, what was done, and mistakes undone."""

from random import Random
from typing import Any

from tests.faults.learning import LEARNERS, learner

SKILLS = ("python", "sql", "coaching")
KINDS = ("task-completed", "project-result", "peer-endorsement", "manager-verification", "assessor-validation")
LARGEST_BATCH = 5

Event = dict[str, Any]


class Organisation:
    """One sender, whose events are known by ``source``; ``chance`` decides what happens there."""

    def __init__(self, source: str, chance: Random) -> None:
        self._source, self._chance = source, chance
        self._number = 0
        self._sent: list[Event] = []
        self._undone_ahead: list[tuple[str, str]] = []

    def batch(self) -> list[Event]:
        """What is sent together."""
        if self._number == 0:
            return [self._policy(skill, 1) for skill in SKILLS]
        match self._chance.choices(("new", "other content", "again"), (80, 6, 14))[0]:
            case "other content":
                event = self._chance.choice(self._sent)
                others = [each["data"] for each in self._sent if each["type"] == event["type"]]
                return [{**event, "data": self._chance.choice(others)}]
            case "again":
                events = self._chance.choices(self._sent, k=3)
                return [*{each["id"]: each for each in events}.values(), self._new()]
        return [self._new() for _ in range(self._chance.randint(1, LARGEST_BATCH))]

    def _new(self) -> Event:
        made = {
            self._evidence: 52, self._some_policy: 4, self._linked: 12, self._unlinked: 4, self._hired: 9,
            self._left: 3, self._leave: 5, self._undone: 10, self._system: 1,
        }  # fmt: skip
        make = self._chance.choices(list(made), list(made.values()))[0]
        return make()

    # -- kinds of events -------------------------------------------------------------------------------------------

    def _evidence(self) -> Event:
        chance = self._chance
        attester = chance.choice([{"person_id": f"m-{chance.randrange(4)}"}, self._name()])
        data = {
            "learner": self._name(),
            "skill": chance.choice(SKILLS),
            "kind": chance.choice(KINDS),
            "attested_by": attester,
            "artefact": {"system": chance.choice(["github", "github", "lms"]), "id": f"app#{chance.randrange(60)}"},
            "occurred_at": f"2026-03-{chance.randint(1, 28):02}T10:00:00Z",
        }
        return self._event("evidence.skill-applied", data)

    def _some_policy(self) -> Event:
        return self._policy(self._chance.choice(SKILLS), self._chance.randint(2, 6))

    def _policy(self, skill: str, version: int) -> Event:
        data = {
            "policy": f"{skill}-in-practice",
            "version": version,
            "owner": {"person_id": "lead"},
            "skills": [skill],
            "reward": {"type": self._chance.choice(["badge", "promotion-linked"]), "name": f"{skill} in practice"},
            "effective_from": "2026-01-01T00:00:00Z",
        }
        return self._event("programme.policy-published", data)

    def _system(self) -> Event:
        kind = self._chance.choice(["learning", "work"])
        return self._event("programme.system-registered", {"system": "lms", "kind": kind})

    def _linked(self) -> Event:
        return self._event("people.identity-linked", self._identity())

    def _unlinked(self) -> Event:
        return self._event("people.identity-unlinked", self._identity())

    def _identity(self) -> dict[str, Any]:
        """Mostly one's own name, sometimes another's."""
        number = self._chance.randrange(LEARNERS)
        person = number if self._chance.random() < 0.85 else self._chance.randrange(LEARNERS)
        return {"person_id": f"p-{person}", "identifiers": [learner(number, self._chance)]}

    def _hired(self) -> Event:
        data = {"unit": "sales", "role": "adviser", **self._employment()}
        if self._chance.random() < 0.3:
            data["worker_type"] = self._chance.choice(["employee", "Contractor"])
        return self._event("people.hired", data)

    def _left(self) -> Event:
        return self._event("people.left", {"voluntary": None, **self._employment()})

    def _leave(self) -> Event:
        kind = self._chance.choice(["leave-started", "leave-ended"])
        return self._event(f"people.{kind}", self._employment())

    def _employment(self) -> dict[str, Any]:
        day = f"2026-{self._chance.randint(2, 3):02}-{self._chance.randint(1, 28):02}"
        return {"person_id": f"p-{self._chance.randrange(LEARNERS)}", "effective_at": f"{day}T00:00:00Z"}

    def _undone(self) -> Event:
        """An event that was sent, or one that comes later, if at all."""
        if self._sent and self._chance.random() < 0.6:
            event = self._chance.choice(self._sent)
            area, id_ = event["type"].split(".")[1], event["id"]
        else:
            area, id_ = self._chance.choice(["evidence", "people", "programme"]), self._next_id()
            self._undone_ahead.append((area, id_))
        data = {"event": {"source": self._source, "id": id_}, "reason": "sent by mistake"}
        return self._event(f"{area}.rescinded", data)

    # -- names -----------------------------------------------------------------------------------------------------

    def _name(self) -> dict[str, Any]:
        number = self._chance.randrange(LEARNERS)
        return {"person_id": f"p-{number}"} if self._chance.random() < 0.5 else learner(number, self._chance)

    def _event(self, type_: str, data: dict[str, Any]) -> Event:
        event = {
            "specversion": "1.0",
            "id": self._id_in(type_.split(".")[0]),
            "source": self._source,
            "type": f"praxis.{type_}.v1",
            "datacontenttype": "application/json",
            "data": data,
        }
        self._sent.append(event)
        return event

    def _id_in(self, area: str) -> str:
        """Maybe one that was undone ahead of it."""
        ahead = next((each for each in self._undone_ahead if each[0] == area), None)
        if ahead is not None and self._chance.random() < 0.3:
            self._undone_ahead.remove(ahead)
            return ahead[1]
        return self._next_id()

    def _next_id(self) -> str:
        self._number += 1
        return str(self._number)
