"""All that the log holds about a person, for that person (GDPR Art. 15 and 20)."""

import json
from collections.abc import Callable
from datetime import datetime
from itertools import count
from typing import Any

from praxis_events.log import EventLog, Record
from praxis_events.times import format_time, from_ms
from praxis_people.forgetting.looking import look
from praxis_people.forgetting.person import Person
from praxis_people.forgetting.pseudonyms import Pseudonyms, new_token
from praxis_people.forgetting.redacting import Redacted, Redactor


class Strangers:
    """Other people in records that are not the person's own: the same one has the same number throughout."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._next = count(1)

    def __call__(self, key: str) -> str:
        if key not in self._numbers:
            self._numbers[key] = next(self._next)
        return f"somebody-{self._numbers[key]}"


async def exported(log: EventLog, person: Person, now: datetime, tell: Callable[[int], None]) -> dict[str, Any]:
    """See docs/forgetting.md for its shape. Records stand in the order in which the log took them, topic by topic."""
    redactor = Redactor(Pseudonyms(person, new_token()), Strangers())
    seen = await look(log, redactor, tell)
    return {
        "exported_at": format_time(now),
        "person_id": person.person_id,
        "identifiers": [sorted(each) for each in person.identifiers],
        "names": sorted(person.names),
        "not_included": [{"identifier": each.key, "reason": each.reason} for each in person.left_alone],
        "records": [_shown(record, each) for record, each in seen.found if each.roles],
    }


def _shown(record: Record, found: Redacted) -> dict[str, Any]:
    headers = {name: text.decode(errors="replace") for name, text in record.headers}
    if not found.own and "principal" not in found.roles:
        headers.pop("ce_principal", None)
    return {
        "topic": record.topic,
        "partition": record.partition,
        "offset": record.offset,
        "appended_at": format_time(from_ms(record.placed_ms)),
        "roles": sorted(found.roles),
        "own": found.own,
        "headers": headers,
        "value": _json(record.value if found.own else found.record.value),
    }


def _json(value: bytes) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return value.decode(errors="replace")
