"""What is taken out of a record of ``learning.statements``, shape by shape."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_events.log import Record
from praxis_events.projection import PoisonRecord
from praxis_metrics.statements import SITES, Fact, Taken, Uncounted, Void, duration_ms, take
from tests.services.metrics.world import statement

ID = "11111111-1111-4111-8111-111111111111"
REGISTRATION = "22222222-2222-4222-8222-222222222222"
APPENDED = datetime(2026, 3, 2, 10, 0, 1, 500_000, UTC)
STORED = "2026-03-02T10:00:01Z"
BODY: dict[str, Any] = {
    "id": ID,
    "actor": {"mbox": "mailto:Ann@example.org"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "https://lms.example/a"},
    "timestamp": "2026-03-02T10:00:00Z",
    "stored": STORED,
}


def taken(*, credential: str = "lms", id_assigned: bool = False, **changes: Any) -> Taken:
    body = {name: value for name, value in {**BODY, **changes}.items() if value is not None}
    new = statement(body, credential=credential, id_assigned=id_assigned)
    appended_ms = int(APPENDED.timestamp() * 1_000)
    return take(Record(new.topic, new.partition, 7, new.key, new.value, new.headers, appended_ms))


def fact(*, credential: str = "lms", id_assigned: bool = False, **changes: Any) -> Fact:
    found = taken(credential=credential, id_assigned=id_assigned, **changes)
    assert isinstance(found, Fact)
    return found


def test_a_plain_statement() -> None:
    assert taken() == Fact(
        statement_id=UUID(ID),
        appended_at=APPENDED,
        at=datetime(2026, 3, 2, 10, tzinfo=UTC),
        actor="mbox:ann@example.org",
        verb="http://adlnet.gov/expapi/verbs/completed",
        activity="https://lms.example/a",
        course="https://lms.example/a",
        registration=None,
        duration_ms=None,
        fingerprint=None,
    )


def test_all_that_counts() -> None:
    context = {
        "registration": REGISTRATION,
        "contextActivities": {
            "grouping": [{"id": "https://lms.example/c"}],
            "parent": [{"id": "https://lms.example/p"}],
        },
    }
    found = fact(
        context=context, result={"duration": "PT1.5S", "success": True}, authority={"name": "any"}, version="1.0.3"
    )
    assert (found.registration, found.course, found.duration_ms) == (UUID(REGISTRATION), "https://lms.example/c", 1_500)


@pytest.mark.parametrize(
    ("context_activities", "course"),
    [
        ({}, "https://lms.example/a"),
        ({"category": [{"id": "https://lms.example/k"}]}, "https://lms.example/a"),
        ({"grouping": [], "parent": []}, "https://lms.example/a"),
        ({"parent": [{"id": "https://lms.example/p"}, {"id": "https://lms.example/q"}]}, "https://lms.example/p"),
        ({"grouping": [], "parent": [{"id": "https://lms.example/p"}]}, "https://lms.example/p"),
        ({"grouping": {"id": "https://lms.example/g"}}, "https://lms.example/g"),
        (
            {"grouping": [{"id": "https://lms.example/g"}], "parent": {"id": "https://lms.example/p"}},
            "https://lms.example/g",
        ),
    ],
)
def test_the_course_is_the_first_grouping_else_the_first_parent_else_the_object(
    context_activities: dict[str, Any], course: str
) -> None:
    assert fact(context={"contextActivities": context_activities}).course == course


@pytest.mark.parametrize("type_", sorted(SITES))
def test_a_whole_learning_system_is_no_course(type_: str) -> None:
    site = {"id": "https://lms.example", "definition": {"type": type_, "name": {"en": "LMS"}}}
    course = {"id": "https://lms.example/c", "definition": {"type": "http://adlnet.gov/expapi/activities/course"}}
    for named, expected in (
        ({"grouping": [site, course]}, "https://lms.example/c"),
        ({"grouping": site, "parent": [course]}, "https://lms.example/c"),
        ({"grouping": [site], "parent": site}, "https://lms.example/a"),
    ):
        assert fact(context={"contextActivities": named}).course == expected


@pytest.mark.parametrize(
    "thing",
    [
        {"objectType": "Agent", "mbox": "mailto:bob@example.org"},
        {"objectType": "Group", "mbox": "mailto:team@example.org"},
        {"objectType": "StatementRef", "id": REGISTRATION},
        {"objectType": "SubStatement", "actor": BODY["actor"], "verb": BODY["verb"], "object": BODY["object"]},
    ],
)
def test_an_object_that_is_no_activity_is_none_and_no_course(thing: dict[str, Any]) -> None:
    found = fact(object=thing)
    assert (found.activity, found.course) == (None, None)
    in_course = fact(object=thing, context={"contextActivities": {"parent": [{"id": "https://lms.example/p"}]}})
    assert (in_course.activity, in_course.course) == (None, "https://lms.example/p")


@pytest.mark.parametrize(
    ("actor", "key"),
    [
        ({"objectType": "Agent", "mbox": "mailto:ann@example.org", "name": "Ann"}, "mbox:ann@example.org"),
        ({"mbox_sha1sum": "A" * 40}, "mbox_sha1sum:" + "a" * 40),
        ({"openid": "https://id.example/ann"}, "openid:https://id.example/ann"),
        ({"account": {"homePage": "https://lms.example", "name": "7"}}, "account:https://lms.example|7"),
    ],
)
def test_the_actor_is_known_by_its_one_identifier(actor: dict[str, Any], key: str) -> None:
    assert fact(actor=actor).actor == key


@pytest.mark.parametrize(
    ("timestamp", "at"),
    [
        (None, datetime(2026, 3, 2, 10, 0, 1, tzinfo=UTC)),
        ("2026-03-02T10:00:00.123456789Z", datetime(2026, 3, 2, 10, 0, 0, 123_456, UTC)),
        ("2026-03-02T10:00:00+00:00", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2026-03-02T23:30:00-05:30", datetime(2026, 3, 3, 5, tzinfo=UTC)),
    ],
)
def test_its_time_is_timestamp_else_stored(timestamp: str | None, at: datetime) -> None:
    assert fact(timestamp=timestamp).at == at


def test_a_void_names_its_target() -> None:
    voided = {"id": "http://adlnet.gov/expapi/verbs/voided"}
    found = taken(verb=voided, object={"objectType": "StatementRef", "id": REGISTRATION})
    assert found == Void(UUID(ID), APPENDED, UUID(REGISTRATION))


@pytest.mark.parametrize(
    "actor",
    [
        {"objectType": "Group", "mbox": "mailto:team@example.org"},
        {"objectType": "Group", "member": [{"mbox": "mailto:ann@example.org"}]},
    ],
)
def test_a_groups_statement_is_nobodys(actor: dict[str, Any]) -> None:
    assert taken(actor=actor) == Uncounted(UUID(ID), APPENDED)


@pytest.mark.parametrize("at", ["1968-12-31T23:59:59Z", "3001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"])
def test_a_time_that_no_calendar_holds_is_nobodys(at: str) -> None:
    assert taken(timestamp=at) == Uncounted(UUID(ID), APPENDED)


def test_an_actor_without_identifier_is_poison() -> None:
    with pytest.raises(PoisonRecord, match="actor-without-identifier"):
        taken(actor={"name": "Ann"})


@pytest.mark.parametrize("changes", [{"timestamp": "yesterday"}, {"context": {"registration": "7"}}, {"verb": {}}])
def test_what_no_lrs_may_have_stored_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the runner asks no more
        taken(**changes)


def test_long_texts_are_bounded() -> None:
    iri = "https://lms.example/" + "a" * 1_000
    found = fact(object={"id": iri}, verb={"id": iri}, context={"contextActivities": {"parent": [{"id": iri + "/p"}]}})
    digest = f"sha256:{hashlib.sha256(iri.encode()).hexdigest()}"
    assert (found.activity, found.verb) == (digest, digest)
    assert found.course not in (None, digest)


# -- redeliveries without an id ----------------------------------------------------------------------------------------


def test_only_a_statement_sent_with_a_time_and_without_an_id_has_a_fingerprint() -> None:
    assert fact(id_assigned=True).fingerprint is not None
    assert fact(id_assigned=False).fingerprint is None
    assert fact(id_assigned=True, timestamp=None).fingerprint is None
    assert fact(id_assigned=True, timestamp=STORED).fingerprint is None


def test_a_fingerprint_is_credential_actor_verb_object_and_time_and_nothing_else() -> None:
    one = fact(id_assigned=True).fingerprint
    other_id = "33333333-3333-4333-8333-333333333333"
    same = fact(
        id_assigned=True,
        id=other_id,
        stored="2026-03-02T11:00:00Z",
        actor={"mbox": "mailto:ann@example.org", "name": "Ann"},
        object={"id": "https://lms.example/a", "definition": {"name": {"en": "A"}}},
        timestamp="2026-03-02T11:00:00+01:00",
        result={"duration": "PT1H"},
        context={"registration": REGISTRATION},
    )
    assert same.fingerprint == one
    others = [
        fact(id_assigned=True, credential="other"),
        fact(id_assigned=True, actor={"mbox": "mailto:bob@example.org"}),
        fact(id_assigned=True, verb={"id": "http://adlnet.gov/expapi/verbs/passed"}),
        fact(id_assigned=True, object={"id": "https://lms.example/b"}),
        fact(id_assigned=True, object={"objectType": "Agent", "mbox": "mailto:bob@example.org"}),
        fact(id_assigned=True, timestamp="2026-03-02T10:00:00.000001Z"),
    ]
    assert len({one, *(each.fingerprint for each in others)}) == 7


# -- durations ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("PT1S", 1_000), ("PT0S", 0), ("PT1.5S", 1_500), ("PT1,5S", 1_500), ("PT0.0019S", 1), ("PT90M", 5_400_000),
        ("PT1H1M1S", 3_661_000), ("P1D", 86_400_000), ("P1DT1H", 90_000_000), ("P2W", 1_209_600_000),
        ("PT0.5H", 1_800_000), ("P1Y", 2**31 - 1), ("P1M", 2**31 - 1), ("PT99999999999999999999H", 2**31 - 1),
    ],
)  # fmt: skip
def test_a_duration_in_milliseconds(text: str, ms: int) -> None:
    assert duration_ms(text) == ms


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "1H", "PT-1S", "-PT1S", "PT1", "PT1X", "P1H", "PTS", "pt1s", "PT1S ", "٣"]
)
def test_what_is_no_duration_is_none(text: str) -> None:
    assert duration_ms(text) is None


@given(st.integers(0, 24), st.integers(0, 3_000), st.integers(0, 9_999), st.integers(0, 999))
def test_parts_add_up(hours: int, minutes: int, seconds: int, ms: int) -> None:
    length = timedelta(hours=hours, minutes=minutes, seconds=seconds, milliseconds=ms)
    assert duration_ms(f"PT{hours}H{minutes}M{seconds}.{ms:03}S") == length // timedelta(milliseconds=1)
