"""Statements of the size that real exporters send (about 980 bytes), each with its own id."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
VERBS = (
    "https://w3id.org/xapi/video/verbs/played",
    "https://w3id.org/xapi/video/verbs/paused",
    "http://adlnet.gov/expapi/verbs/interacted",
    "http://adlnet.gov/expapi/verbs/completed",
)


def statements(count: int, *, people: int = 500, courses: int = 20, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Learners who watch in sittings of some minutes, spread over a month."""
    random = Random(seed)
    for number in range(count):
        person, course = random.randrange(people), random.randrange(courses)
        moment = START + timedelta(seconds=number % 40 * 45, minutes=(number // 40) * 7 % 43_200)
        yield _statement(UUID(int=random.getrandbits(128), version=4), person, course, moment, random)


def bodies(batches: int, size: int, seed: int = 1) -> list[bytes]:
    """Request bodies of ``size`` statements each."""
    made = statements(batches * size, seed=seed)
    return [json.dumps([next(made) for _ in range(size)]).encode() for _ in range(batches)]


def _statement(statement_id: UUID, person: int, course: int, moment: datetime, random: Random) -> dict[str, Any]:
    home = "https://learn.example.org"
    second = round(random.random() * 900, 3)
    return {
        "id": str(statement_id),
        "actor": {"objectType": "Agent", "account": {"homePage": home, "name": f"learner-{person:06}"}},
        "verb": {"id": random.choice(VERBS), "display": {"en-US": "watched"}},
        "object": {
            "id": f"{home}/courses/{course}/videos/{random.randrange(40)}",
            "definition": {"type": "https://w3id.org/xapi/video/activity-type/video", "name": {"en-US": "A lecture"}},
            "objectType": "Activity",
        },
        "result": {"extensions": {"https://w3id.org/xapi/video/extensions/time": second}},
        "context": {
            "contextActivities": {
                "category": [{"id": "https://w3id.org/xapi/video", "objectType": "Activity"}],
                "parent": [{
                    "id": f"{home}/courses/{course}", "objectType": "Activity",
                    "definition": {"type": "http://adlnet.gov/expapi/activities/course"},
                }],
            },
            "extensions": {
                "https://w3id.org/xapi/video/extensions/length": 900.0,
                "https://w3id.org/xapi/video/extensions/session-id": f"{random.getrandbits(128):032x}",
            },
        },
        "timestamp": moment.isoformat(),
    }  # fmt: skip
