from uuid import uuid4

from praxis_ingest.events.recent import RecentEvents


def test_the_oldest_are_forgotten_first() -> None:
    recent = RecentEvents(most=2)
    first, second, third = uuid4(), uuid4(), uuid4()
    recent.put([(first, b"1"), (second, b"2")])
    recent.put([(third, b"3")])
    assert [recent.get(each) for each in (first, second, third)] == [None, b"2", b"3"]


def test_the_first_content_stays() -> None:
    recent = RecentEvents()
    event = uuid4()
    recent.put([(event, b"1"), (event, b"2")])
    assert recent.get(event) == b"1"
