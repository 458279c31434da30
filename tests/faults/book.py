"""What the clients sent, and what they were told."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

GIVEN_BY_THE_DOOR = ("id", "stored", "authority", "version")

EventName = tuple[str, str]
"""Source and id."""


@dataclass
class Book:
    """Contents are JSON texts, as ``said`` and ``content`` make them. ``violations``: what no client may be told."""

    statements: dict[str, set[str]] = field(default_factory=dict)
    acknowledged: set[tuple[str, str]] = field(default_factory=set)
    refused: set[tuple[str, str]] = field(default_factory=set)
    without_id: Counter[str] = field(default_factory=Counter)
    assigned: dict[str, str] = field(default_factory=dict)
    void_targets: set[str] = field(default_factory=set)

    events: dict[EventName, set[str]] = field(default_factory=dict)
    acknowledged_events: set[tuple[EventName, str]] = field(default_factory=set)
    refused_events: set[tuple[EventName, str]] = field(default_factory=set)

    answers: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)

    def sends_statement(self, statement: Mapping[str, Any]) -> None:
        """Call it before each attempt."""
        if "id" in statement:
            self.statements.setdefault(statement["id"], set()).add(said(statement))
        else:
            self.without_id[said(statement)] += 1
        if statement["object"].get("objectType") == "StatementRef":
            self.void_targets.add(statement["object"]["id"])

    def statement_is_acknowledged(self, statement: Mapping[str, Any], id_: str) -> None:
        if "id" in statement:
            if statement["id"] != id_:
                self.violations.append(f"{statement['id']} was acknowledged as {id_}")
            self.acknowledged.add((id_, said(statement)))
        else:
            self.assigned[id_] = said(statement)

    def sends_event(self, event: Mapping[str, Any]) -> None:
        """Call it before each attempt."""
        self.events.setdefault(name_of(event), set()).add(content(event["type"], event["data"]))

    @property
    def statements_kept(self) -> int:
        return len({id_ for id_, _ in self.acknowledged}) + len(self.assigned)

    @property
    def events_kept(self) -> int:
        return len({name for name, _ in self.acknowledged_events})


def said(statement: Mapping[str, Any]) -> str:
    """What the client says in a statement, as sent or as stored."""
    own = {name: value for name, value in statement.items() if name not in GIVEN_BY_THE_DOOR}
    if "stored" in statement and statement.get("timestamp") == statement["stored"]:
        del own["timestamp"]
    return json.dumps(own, sort_keys=True)


def content(type_: str, data: Any) -> str:
    return json.dumps([type_, data], sort_keys=True)


def name_of(event: Mapping[str, Any]) -> EventName:
    return event["source"], event["id"]
