"""The list of events for people is current, and lacks none."""

from pathlib import Path

from praxis_events.contracts import contracts
from praxis_events.event_list import text

PUBLISHED = Path(__file__).parents[3] / "docs" / "api" / "events.md"


def test_the_published_one_is_current() -> None:
    assert PUBLISHED.read_text() == text(), "make docs"


def test_every_type_has_a_row_with_its_fields() -> None:
    rows = {line.split(" | ")[0].removeprefix("| "): line for line in text().splitlines()}
    assert {contract.type for contract in contracts()} <= rows.keys()
    assert rows["praxis.work.task-eligible.v1"].split(" | ")[1] == "task, skill, person, from, due_at?"
    assert "behaviour (models, sponsors, allocates, discusses, celebrates)" in rows["praxis.programme.leader-acted.v1"]
