"""What is kept of a record: its time, its days, whom it names, its names as they are compared. Pure."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from praxis_events.envelope import Event
from praxis_events.log import NewRecord, Record
from praxis_events.upcasting import UnknownVersion
from praxis_metrics.calendar import FIRST_DAY, LAST_DAY
from praxis_metrics.changes import Change, Source
from praxis_metrics.said.naming import Reference
from praxis_metrics.said.taking import Other, Rescission, Said, Taken, take, takes_back
from tests.services.metrics.build import applied, hired, mail, said
from tests.services.metrics.build import takes_back as rescission

BERLIN = ZoneInfo("Europe/Berlin")
APPENDED = datetime(2026, 5, 1, tzinfo=UTC)
OWNER = {"person_id": "owner"}


def taken(new: NewRecord) -> Taken | None:
    appended_ms = int(APPENDED.timestamp() * 1_000)
    return take(Record(new.topic, 0, 7, new.key, new.value, new.headers, appended_ms), BERLIN)


def kept(type_: str, data: dict[str, Any]) -> Said:
    found = taken(said(type_, data))
    assert isinstance(found, Said)
    return found


def test_its_own_time_and_the_local_day_of_it() -> None:
    found = kept("evidence.skill-applied", applied("ann", "bob", "2026-03-02T23:30:00Z"))
    assert (found.type, found.place, found.appended_at) == ("evidence.skill-applied", 7, APPENDED)
    assert (found.at, found.day) == (datetime(2026, 3, 2, 23, 30, tzinfo=UTC), date(2026, 3, 3))
    assert found.changes == Change(Source.WORK, date(2026, 3, 3), date(2026, 3, 3))


def test_days_are_local_ones_already() -> None:
    step = {"step": "s", "stage": "embed", "owner": OWNER, "success": "x", "starts_on": "2026-03-02"}
    found = kept("programme.step-planned", {**step, "ends_on": "2026-04-15"})
    assert (found.at, found.day) == (datetime(2026, 3, 1, 23, tzinfo=UTC), date(2026, 3, 2))
    assert found.changes == Change(Source.PROGRAMME, date(2026, 3, 2), LAST_DAY)


def test_without_a_time_of_its_own_it_is_the_senders_or_the_logs_and_holds_for_all_days() -> None:
    found = kept("programme.skill-defined", {"skill": "sql", "name": "SQL", "owner": OWNER})
    assert (found.at, found.changes) == (APPENDED, Change(Source.PROGRAMME, FIRST_DAY))
    data, time = b'{"system": "lms", "kind": "work"}', datetime(2026, 4, 1, tzinfo=UTC)
    told = taken(Event("1", "x", "praxis.programme.system-registered.v1", data, time).to_record("programme.design"))
    assert isinstance(told, Said)
    assert (told.at, told.changes) == (time, Change(Source.PROGRAMME, FIRST_DAY))


@pytest.mark.parametrize(("at", "day"), [("0001-01-01T00:00:00Z", FIRST_DAY), ("9999-12-31T00:00:00Z", LAST_DAY)])
def test_wrong_clocks_change_days_that_can_be_asked_for(at: str, day: date) -> None:
    assert kept("evidence.skill-applied", applied("ann", "bob", at)).changes == Change(Source.WORK, day, day)


def test_everybody_named_and_the_sender() -> None:
    found = kept("evidence.skill-applied", applied("ann", {"person_id": "bob"}, "2026-03-02T10:00:00Z"))
    assert found.people == (
        Reference("learner", "mbox:ann@example.org", None),
        Reference("attested_by", None, "bob"),
        Reference("sent_by", "account:urn:praxis:credential|tool", None),
    )
    review = {"person_id": "ann", "reviewer_id": "bob", "completed_at": "2026-03-02T10:00:00Z", "cited_evidence": []}
    assert kept("people.review-completed", {**review, "discussed_learning": True}).people[:2] == (
        Reference("person", None, "ann"),
        Reference("reviewer", None, "bob"),
    )


def test_names_are_in_the_form_in_which_they_are_compared() -> None:
    long = "https://lms.example/" + "a" * 900
    mapped = {"activity": long, "skills": [{"skill": "sql"}], "confirmed_by": OWNER}
    assert msgspec.json.decode(kept("programme.activity-mapped", mapped).data)["activity"].startswith("sha256:")
    data = msgspec.json.decode(kept("evidence.skill-applied", applied("ann", "bob", "2026-03-02T10:00:00Z")).data)
    assert data["artefact"] == {"system": "github", "id": "acme/app#1"}


def test_what_jsonb_cannot_hold_is_left_out_and_what_looks_like_it_is_not() -> None:
    given = "a\x00b\\u0000c\\\x00"
    barrier = {"barrier": "time", "severity": 3, "at": "2026-03-02T10:00:00Z", "text": given}
    assert msgspec.json.decode(kept("programme.barrier-reported", barrier).data)["text"] == "ab\\u0000c\\"


def test_rescissions_and_what_is_kept_elsewhere_take_their_ids() -> None:
    assert isinstance(taken(hired("ann", "2026-01-01T00:00:00Z")), Other)
    found = taken(rescission("work", "one"))
    assert isinstance(found, Rescission)
    assert (found.by, found.undone) == ("work", Event("one", "tools", "", b"").key)


def test_unknown_types_are_passed_and_newer_versions_wait() -> None:
    assert taken(Event("1", "x", "praxis.work.imagined.v1", b"{}").to_record("work.evidence")) is None
    with pytest.raises(UnknownVersion):
        taken(Event("1", "x", "praxis.work.habit-done.v9", b"{}").to_record("work.evidence"))


def test_a_rescission_takes_back_what_is_of_its_area() -> None:
    assert takes_back("work", "work.habit-done")
    assert takes_back("evidence", "work.habit-done")
    assert not takes_back("work", "evidence.skill-applied")
    assert not takes_back("programme", "people.promoted")


def test_a_person_by_identifier_is_a_key() -> None:
    done = {"person": mail("Ann"), "habit": "h", "at": "2026-03-02T10:00:00Z"}
    assert kept("work.habit-done", done).people[0] == Reference("person", "mbox:ann@example.org", None)
