"""A history like those that learning platforms export: learners watch in sittings, statements have about 980 bytes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
PEOPLE, COURSES, VIDEOS = 2_000, 20, 40
AT_ONCE = 8
"""Sittings that overlap at any time."""

PAUSE = timedelta(seconds=45)
"""The usual time between two statements of one sitting."""

LAST = 1 / 5
"""How likely each statement is the last of its sitting: five in a sitting, as in a public week of video statements."""

HOME = "https://learn.example.org"
COMPLETED = "http://adlnet.gov/expapi/verbs/completed"
VERBS = (
    "https://w3id.org/xapi/video/verbs/played",
    "https://w3id.org/xapi/video/verbs/paused",
    "https://w3id.org/xapi/video/verbs/seeked",
    "http://adlnet.gov/expapi/verbs/interacted",
)


@dataclass(frozen=True, slots=True)
class Sitting:
    person: int
    course: int
    session: str

    @property
    def registration(self) -> str | None:
        """A quarter of the courses are launched under a registration, as cmi5 does; the others have none."""
        return None if self.course % 4 else str(uuid5(NAMESPACE_URL, f"{self.person}/{self.course}"))


def statements(seed: int = 1) -> Iterator[dict[str, Any]]:
    """Without end, in order of time."""
    random = Random(seed)
    sittings = [_sitting(random) for _ in range(AT_ONCE)]
    moment = START
    while True:
        place = random.randrange(AT_ONCE)
        last = random.random() < LAST
        moment += PAUSE / AT_ONCE * random.uniform(0.2, 1.8)
        yield _statement(sittings[place], COMPLETED if last else random.choice(VERBS), moment, random)
        if last:
            sittings[place] = _sitting(random)


def batches(history: Iterator[dict[str, Any]], count: int, size: int) -> list[bytes]:
    """The next ``count`` request bodies of ``size`` statements each; a body of one is no array."""
    return [_body([next(history) for _ in range(size)]) for _ in range(count)]


def _body(found: list[dict[str, Any]]) -> bytes:
    return json.dumps(found if len(found) > 1 else found[0]).encode()


def _sitting(random: Random) -> Sitting:
    return Sitting(random.randrange(PEOPLE), random.randrange(COURSES), str(_uuid(random)))


def _uuid(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128), version=4)


def _statement(sitting: Sitting, verb: str, moment: datetime, random: Random) -> dict[str, Any]:
    course = f"{HOME}/courses/{sitting.course}"
    made: dict[str, Any] = {
        "id": str(_uuid(random)),
        "actor": {"objectType": "Agent", "account": {"homePage": HOME, "name": f"learner-{sitting.person:06}"}},
        "verb": {"id": verb, "display": {"en-US": verb.rpartition("/")[2]}},
        "object": {
            "id": f"{course}/videos/{random.randrange(VIDEOS)}",
            "definition": {"type": "https://w3id.org/xapi/video/activity-type/video", "name": {"en-US": "A lecture"}},
            "objectType": "Activity",
        },
        "result": {"extensions": {"https://w3id.org/xapi/video/extensions/time": round(random.random() * 900, 3)}},
        "context": {
            "contextActivities": {
                "category": [{"id": "https://w3id.org/xapi/video", "objectType": "Activity"}],
                "parent": [{
                    "id": course, "objectType": "Activity",
                    "definition": {"type": "http://adlnet.gov/expapi/activities/course"},
                }],
            },
            "extensions": {
                "https://w3id.org/xapi/video/extensions/length": 900.0,
                "https://w3id.org/xapi/video/extensions/session-id": sitting.session,
            },
        },
        "timestamp": moment.isoformat(),
    }  # fmt: skip
    if sitting.registration is not None:
        made["context"]["registration"] = sitting.registration
    return made
