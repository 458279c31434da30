"""New, duplicate, conflicting: pure."""

from typing import Any

from praxis_ingest.events.door import settle
from praxis_ingest.events.judgement import judge
from praxis_ingest.events.outcomes import Admitted
from tests.services.ingest.events.samples import ADMIN, NOW, hired, received


def judged(*sent: dict[str, Any]) -> list[Any]:
    return [judge(received(each, index), ADMIN, NOW, None) for index, each in enumerate(sent)]


def test_new_events_are_appended_in_their_order() -> None:
    outcome, fresh = settle(judged(hired("1"), hired("2")), {})
    assert [(each.index, each.id, each.duplicate) for each in outcome.accepted] == [(0, "1", False), (1, "2", False)]
    assert [each.event.id for each in fresh] == ["1", "2"]
    assert outcome.refused == ()


def test_a_known_event_is_a_duplicate() -> None:
    [first] = judged(hired("1"))
    assert isinstance(first, Admitted)
    outcome, fresh = settle([first], {first.event.key: first.digest})
    assert [each.duplicate for each in outcome.accepted] == [True]
    assert fresh == []


def test_a_known_event_with_other_content_is_a_conflict() -> None:
    [first, other] = judged(hired("1"), hired("1", unit="sales"))
    outcome, fresh = settle([other], {first.event.key: first.digest})
    assert [(each.index, each.status, each.id, each.errors[0].pointer) for each in outcome.refused] == [
        (1, 409, "1", "/1/id")
    ]
    assert (outcome.accepted, fresh) == ((), [])


def test_a_request_is_compared_with_itself() -> None:
    outcome, fresh = settle(judged(hired("1"), hired("1"), hired("1", unit="sales")), {})
    assert [(each.index, each.duplicate) for each in outcome.accepted] == [(0, False), (1, True)]
    assert [(each.index, each.status) for each in outcome.refused] == [(2, 409)]
    assert len(fresh) == 1


def test_a_refused_event_leaves_its_id_free() -> None:
    outcome, fresh = settle(judged(hired("1", unit=""), hired("1")), {})
    assert [each.index for each in outcome.refused] == [0]
    assert [(each.index, each.duplicate) for each in outcome.accepted] == [(1, False)]
    assert len(fresh) == 1
