"""Evidence that is judged together leads to the same bytes as evidence that is judged item by item."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import count
from random import Random
from typing import Any

import msgspec
import pytest

from praxis_events.envelope import Event
from praxis_events.log import Record
from praxis_events.topics import DIRECTORY, EVIDENCE, PROGRAMME, REVIEWS
from praxis_incentives.decider import projection
from praxis_incentives.decider.facts import Fact, read_fact
from praxis_incentives.decider.projection import Decider
from tests.services.incentives.build import policy_data
from tests.services.incentives.decider.test_endorsing import HIRED, MOVED
from tests.services.incentives.decider.test_folding import TABLES, Fresh, fresh, tables  # noqa: F401 - a fixture
from tests.services.incentives.deciding import APPLIED, LINKED, POLICY, SYSTEM, UNLINKED, Deciding

START_MS = 1_774_000_000_000
PEOPLE = ["p-1", "p-2", "p-3"]
MAILS = ["ann@example.org", "bob@example.org"]
WRITTEN = sorted(TABLES.keys() - {"checkpoints"})


class History:
    """Facts in the order of a log of their own; the time goes on with each."""

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self._offsets = {topic.name: count() for topic in (DIRECTORY, PROGRAMME, EVIDENCE, REVIEWS)}
        self._now = count(START_MS, 1_000)
        self._evidence: list[Event] = []

    def stretch(self, proposed: Sequence[str]) -> list[Fact]:
        found = [each for _ in range(self.chance.randrange(1, 4)) for each in self._evidence_of_some()]
        if self.chance.random() < 0.6:
            found.append(self._other())
        if proposed and self.chance.random() < 0.7:
            act = self.chance.choice(["proposal-approved", "proposal-declined"])
            data = {"decision": self.chance.choice(proposed), "by": {"person_id": "reviewer"}, "reason": "seen"}
            found.append(self._fact(REVIEWS.name, f"praxis.review.{act}.v1", data))
        return found

    def first(self) -> list[Fact]:
        later = datetime.fromtimestamp((START_MS + 60_000) / 1_000, UTC).isoformat()
        return [
            self._published("python", 1),
            self._published("python", 2, effective_from=later, min_items=3),
            self._published("java", 1, reward="promotion-linked"),
            self._fact(DIRECTORY.name, LINKED, {"person_id": "p-1", "identifiers": [{"mbox": f"mailto:{MAILS[0]}"}]}),
        ]

    def _evidence_of_some(self) -> Iterator[Fact]:
        for _ in range(self.chance.randrange(1, 8)):
            if self._evidence and self.chance.random() < 0.1:
                yield self._again(self.chance.choice(self._evidence))
                continue
            number = next(self._offsets[EVIDENCE.name])
            data = {
                "learner": self._somebody(),
                "skill": self.chance.choice(["python", "java"]),
                "kind": self.chance.choice(["manager-verification", "project-result", "peer-endorsement"]),
                "attested_by": self._somebody() if self.chance.random() < 0.3 else {"person_id": f"m-{number % 5}"},
                "artefact": {"system": self.chance.choice(["github", "quizzes"]), "id": str(number % 30)},
                "occurred_at": f"2026-03-{number % 28 + 1:02}T10:00:00Z",
            }
            event = self._event(EVIDENCE.name, number, APPLIED, data)
            self._evidence.append(event)
            yield self._read(EVIDENCE.name, number, event)

    def _other(self) -> Fact:
        person = {"person_id": self.chance.choice(PEOPLE), "identifiers": [{"mbox": f"mailto:{MAILS[1]}"}]}
        at = f"2026-03-{self.chance.randrange(1, 29):02}T00:00:00Z"
        manager = {"manager_id": self.chance.choice(["m-0", "m-1"]), "effective_at": at}
        made: list[Callable[[], Fact]] = [
            lambda: self._fact(DIRECTORY.name, HIRED, self._placed() | manager | {"unit": "u", "role": "r"}),
            lambda: self._fact(DIRECTORY.name, MOVED, self._placed() | manager),
            lambda: self._fact(DIRECTORY.name, self.chance.choice([LINKED, UNLINKED]), person),
            lambda: self._fact(PROGRAMME.name, SYSTEM, {"system": "quizzes", "kind": "learning"}),
            lambda: self._rescinded(self.chance.choice(self._evidence)),
        ]
        return self.chance.choice(made)()

    def _placed(self) -> dict[str, str]:
        return {"person_id": self.chance.choice([*PEOPLE, "m-0", "m-2", "stranger"])}

    def _somebody(self) -> dict[str, str]:
        if self.chance.random() < 0.3:
            return {"mbox": f"mailto:{self.chance.choice(MAILS)}"}
        return {"person_id": self.chance.choice(PEOPLE)}

    def _published(self, skill: str, version: int, effective_from: str = "2026-01-01T00:00:00Z", **asked: Any) -> Fact:
        data = policy_data(version, (skill,), **asked) | {"policy": f"{skill}-in-practice"}
        return self._fact(PROGRAMME.name, POLICY, data | {"effective_from": effective_from})

    def _rescinded(self, event: Event) -> Fact:
        data = {"event": {"source": event.source, "id": event.id}, "reason": "twice"}
        return self._fact(EVIDENCE.name, "praxis.evidence.rescinded.v1", data)

    def _again(self, event: Event) -> Fact:
        return self._read(EVIDENCE.name, next(self._offsets[EVIDENCE.name]), event)

    def _fact(self, topic: str, type_: str, data: dict[str, Any]) -> Fact:
        offset = next(self._offsets[topic])
        return self._read(topic, offset, self._event(topic, offset, type_, data))

    def _event(self, topic: str, offset: int, type_: str, data: dict[str, Any]) -> Event:
        content = msgspec.json.encode(data)
        return Event(id=f"{topic}-{offset}", source="/tests", type=type_, data=content, principal="work")

    def _read(self, topic: str, offset: int, event: Event) -> Fact:
        made = event.to_record(topic)
        found = read_fact(Record(topic, 0, offset, made.key, made.value, made.headers, next(self._now)))
        assert found is not None
        return found


async def apply(decider: Deciding, facts: Sequence[Fact]) -> None:
    async with decider.database.sessions.begin() as session:
        await Decider().apply(session, facts)


async def proposed(decider: Deciding) -> list[str]:
    return [str(row.latest) for row in await decider.query("SELECT latest FROM grants WHERE state = 'proposed'")]


async def one_by_one(*_: Any) -> int:
    return 0


@pytest.mark.parametrize("seed", range(4))
async def test_the_same_is_written(
    decider: Deciding,
    fresh: Callable[[], Awaitable[Deciding]],  # noqa: F811
    seed: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    history = History(Random(seed))
    stretches = [history.first()]
    await apply(decider, stretches[0])
    for _ in range(8):
        stretches.append(history.stretch(await proposed(decider)))
        await apply(decider, stretches[-1])
    monkeypatch.setattr(projection, "_together", one_by_one)
    monkeypatch.setattr(projection, "_strangers", one_by_one)
    other = await fresh()
    for facts in stretches:
        await apply(other, facts)
    together, apart = await tables(decider), await tables(other)
    for name in WRITTEN:
        assert together[name] == apart[name], name
    outcomes = {row[4] for row in together["ledger"]}
    assert {"pending", "granted", "proposed"} <= outcomes


async def test_a_policy_that_no_longer_asks_for_a_skill_does_not_judge_it(decider: Deciding) -> None:
    await decider.publish(1, skills=("python", "java"))
    await decider.publish(2, skills=("java",))
    await decider.apply_skill(1)
    assert await decider.decide() == []
    await decider.apply_skill(2, skill="java")
    assert await decider.decide() == ["pending"]
