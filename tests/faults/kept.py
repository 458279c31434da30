"""What the clients were told, against the log."""

from collections import Counter, defaultdict

from tests.faults.book import Book
from tests.faults.found import Found


def assert_kept(book: Book, found: Found) -> None:
    """All that was acknowledged is in the log, what was refused was known otherwise, and nobody else wrote anything."""
    _assert_statements_are_kept(book, found)
    _assert_events_are_kept(book, found)
    assert found.dead_letters == []


def _assert_statements_are_kept(book: Book, found: Found) -> None:
    copies: dict[str, set[str]] = defaultdict(set)
    for each in found.statements:
        copies[each.id].add(each.said)
    lost = {id_ for id_, told in book.acknowledged if told not in copies[id_]}
    lost |= {id_ for id_, told in book.assigned.items() if copies[id_] != {told}}
    assert lost == set()
    wrongly_refused = {id_ for id_, told in book.refused if copies[id_] <= {told}}
    assert wrongly_refused == set()

    own = [each for each in found.statements if not each.is_probe]
    never_sent = {e.id for e in own if not e.id_assigned and e.said not in book.statements.get(e.id, ())}
    assert never_sent == set()
    without_id = Counter(each.said for each in own if each.id_assigned)
    assert without_id <= book.without_id  # each attempt gave at most one
    assert len({each.id for each in own if each.id_assigned}) == without_id.total()


def _assert_events_are_kept(book: Book, found: Found) -> None:
    copies: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in found.events:
        copies[each.name].add(each.content)
    lost = {name for name, told in book.acknowledged_events if told not in copies[name]}
    assert lost == set()
    wrongly_refused = {name for name, told in book.refused_events if copies[name] <= {told}}
    assert wrongly_refused == set()
    never_sent = {name for name, contents in copies.items() if not contents <= book.events.get(name, set())}
    assert never_sent == set()
