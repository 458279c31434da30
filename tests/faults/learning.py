"""Statements as a careless learning system sends them: again, otherwise, without ids, voided before they are there."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from tests.services.metrics.oracle import ADL, DURATIONS

FIRST_MOMENT, DAYS = datetime(2026, 3, 1, tzinfo=UTC), 28
LEARNERS, COURSES, REGISTRATIONS = 14, 5, 6
LARGEST_BATCH = 12

VERBS = [
    *(ADL + name for name in ("initialized", "interacted", "completed", "terminated", "registered", "passed")),
    "https://w3id.org/xapi/adl/verbs/abandoned",
]

Statement = dict[str, Any]


class Learning:
    """One learning system; ``chance`` decides what happens there."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._sent: list[Statement] = []
        self._voided_ahead: list[str] = []

    def batch(self) -> list[Statement]:
        """What is sent together."""
        match self._chance.choices(("new", "void", "other content", "again"), (70, 9, 7, 14))[0]:
            case "void":
                return [self._void()]
            case "other content" if self._sent:
                return [{**self._chance.choice(self._sent), "object": {"id": "https://lms.example/other"}}]
            case "again" if self._sent:
                return self._mixed([*self._chance.choices(self._sent, k=4), self._new()])
        return [self._new() for _ in range(self._chance.randint(1, LARGEST_BATCH))]

    def _new(self) -> Statement:
        statement = self._statement()
        if self._voided_ahead and self._chance.random() < 0.3:
            statement["id"] = self._voided_ahead.pop()
        elif self._chance.random() < 0.75:
            statement["id"] = self._id()
        if "id" in statement:
            self._sent.append(statement)
        return statement

    def _mixed(self, statements: list[Statement]) -> list[Statement]:
        """In any order, each once: a batch must not name an id twice."""
        own = list({each.get("id", ""): each for each in statements}.values())
        self._chance.shuffle(own)
        return own

    def _void(self) -> Statement:
        target = self._chance.choice(self._sent)["id"] if self._sent and self._chance.random() < 0.6 else self._ahead()
        return {
            "id": self._id(),
            "actor": {"mbox": "mailto:admin@example.org"},
            "verb": {"id": ADL + "voided"},
            "object": {"objectType": "StatementRef", "id": target},
            "timestamp": self._moment().isoformat(),
        }

    def _ahead(self) -> str:
        """The id of a statement that is sent later, if at all."""
        self._voided_ahead.append(self._id())
        return self._voided_ahead[-1]

    def _statement(self) -> Statement:
        chance = self._chance
        statement: Statement = {
            "actor": learner(chance.randrange(LEARNERS), chance),
            "verb": {"id": chance.choice(VERBS)},
            "object": {"id": f"https://lms.example/{chance.randrange(3 * COURSES)}"},
        }
        if chance.random() < 0.9:
            statement["timestamp"] = self._moment().isoformat()
        context: dict[str, Any] = {}
        if chance.random() < 0.3:
            context["registration"] = str(UUID(int=chance.randrange(REGISTRATIONS), version=4))
        if chance.random() < 0.6:
            course = {"id": f"https://lms.example/course/{chance.randrange(COURSES)}"}
            context["contextActivities"] = {"grouping": [course]}
        if context:
            statement["context"] = context
        if chance.random() < 0.2:
            statement["result"] = {"duration": chance.choice(sorted(DURATIONS))}
        return statement

    def _moment(self) -> datetime:
        return FIRST_MOMENT + timedelta(minutes=5 * self._chance.randrange(DAYS * 24 * 12))

    def _id(self) -> str:
        return str(UUID(int=self._chance.getrandbits(128), version=4))


def learner(number: int, chance: Random) -> dict[str, Any]:
    """By mail or by account: two names of one person only once they are linked."""
    if chance.random() < 0.7:
        return {"mbox": f"mailto:learner-{number}@example.org"}
    return {"account": {"homePage": "https://lms.example", "name": str(number)}}
