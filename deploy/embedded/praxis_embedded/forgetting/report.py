"""What an erasure did, and what is left to expire. It names nobody who was forgotten."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from praxis_events.times import format_time
from praxis_people.forgetting.looking import Look
from praxis_people.forgetting.person import Person


@dataclass(slots=True)
class Report:
    """``roles``: by topic and role, how many records; ``records``: by topic."""

    person: Person
    too_short: int
    records: Counter[str] = field(default_factory=Counter)
    kept_behind: int = 0
    roles: Counter[tuple[str, str]] = field(default_factory=Counter)
    compacted: int = 0
    credentials: int = 0
    accounts: int = 0
    audit: int = 0
    rebuilt: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def add(self, look: Look) -> None:
        self.roles += look.roles
        self.records += Counter(record.topic for record, each in look.found if each.roles)
        self.kept_behind += sum(not each.roles for _, each in look.found)

    def as_json(self, now: datetime, retention: timedelta) -> dict[str, Any]:
        return {
            "at": format_time(now),
            "identifiers": dict(Counter(kind_of(each) for each in self.person.identifiers)),
            "left_alone": [{"identifier": each.key, "reason": each.reason} for each in self.person.left_alone],
            "looked_for_only_where_they_name_a_person": self.too_short,
            "topics": {
                topic: {
                    "records": count,
                    "roles": {role: many for (where, role), many in sorted(self.roles.items()) if where == topic},
                }
                for topic, count in sorted(self.records.items())
            },
            "copies_kept_behind": self.kept_behind,
            "originals_removed": self.compacted,
            "credentials_removed": self.credentials,
            "accounts_changed": self.accounts,
            "audit_entries_changed": self.audit,
            "rebuilt": self.rebuilt,
            "left_to_the_database": self.refused,
            "expires": [
                {
                    "what": "backups, snapshots and WAL archives that were made before",
                    "when": format_time(now + retention),
                },
                {"what": "what running processes hold in memory", "when": "at their next start"},
            ],
        }


def kind_of(identifier: frozenset[str]) -> str:
    kinds = {key.partition(":")[0] for key in identifier}
    return "mbox" if "mbox" in kinds else min(kinds)


def lines(report: dict[str, Any]) -> Iterator[str]:
    """For people."""
    for topic, found in report["topics"].items():
        roles = ", ".join(f"{role} {many:,}" for role, many in found["roles"].items())
        yield f"{topic}: {found['records']:,} records ({roles})"
    if not report["topics"]:
        yield "no record mentions the person"
    for left in report["left_alone"]:
        yield f"left alone: {left['identifier']}, as {left['reason']}"
    if report["looked_for_only_where_they_name_a_person"]:
        yield (
            f"{report['looked_for_only_where_they_name_a_person']} names or ids are too short to be looked for in texts"
        )
    if report["originals_removed"]:
        yield f"{report['originals_removed']:,} originals are removed from the log"
    if report["credentials_removed"]:
        yield f"{report['credentials_removed']:,} credentials are removed"
    if report["audit_entries_changed"]:
        yield f"{report['audit_entries_changed']:,} entries of the audit log are changed"
    for service, generation in report["rebuilt"].items():
        yield f"{service}: rebuilt as generation {generation}"
    for what in report["left_to_the_database"]:
        yield f"the database may not be told to clear its {what}: it will, in its own time"
    for each in report["expires"]:
        yield f"expires: {each['what']}: {each['when']}"
