"""Whom a ``person_id`` or an identifier means, by the directory's records alone."""

from itertools import count
from typing import Any

import pytest

from praxis_people.forgetting.person import Person
from praxis_people.forgetting.who import Ambiguous, Directory
from praxis_people.identifiers import SHARED, claimed_by
from tests.libs.people.forgetting.build import event_record

LINKED, UNLINKED = "praxis.people.identity-linked.v1", "praxis.people.identity-unlinked.v1"
RESCINDED = "praxis.people.rescinded.v1"


class Story:
    """A directory, event by event."""

    def __init__(self) -> None:
        self.directory, self._offsets = Directory(), count()

    def tell(self, type_: str, data: dict[str, Any]) -> str:
        offset = next(self._offsets)
        self.directory.take(event_record(type_, data, offset=offset))
        return f"e-{offset}"

    def link(self, person: str, mail: str, type_: str = LINKED) -> str:
        return self.tell(type_, {"person_id": person, "identifiers": [{"mbox": f"mailto:{mail}"}]})

    def rescind(self, event: str) -> None:
        self.tell(RESCINDED, {"event": {"source": "/tests", "id": event}, "reason": "a mistake"})

    def person(self, asked: str, *also: str) -> Person:
        return self.directory.person(asked, also)


def left_alone(person: Person) -> list[str]:
    return [each.key for each in person.left_alone]


def test_every_identifier_ever_linked_with_its_hashes() -> None:
    story = Story()
    story.link("ann", "Ann@x.org")
    story.link("ann", "old@x.org")
    story.link("ann", "old@x.org", UNLINKED)
    story.link("bob", "bob@x.org")
    found = story.person("ann")
    assert found.keys == claimed_by("mbox:ann@x.org") | claimed_by("mbox:old@x.org")
    assert len(found.identifiers) == 2
    assert left_alone(found) == []


def test_by_an_identifier_or_by_its_hash_the_same_person_is_found() -> None:
    story = Story()
    story.link("ann", "ann@x.org")
    for asked in ("mailto:ANN@x.org", *claimed_by("mbox:ann@x.org")):
        assert story.person(asked).person_id == "ann"


def test_somebody_whom_the_directory_does_not_know() -> None:
    assert Story().person("mailto:cem@x.org").identifiers == (claimed_by("mbox:cem@x.org"),)
    assert Story().person("cem") == Person("cem", ())


def test_what_somebody_else_claims_now_is_left_alone_unless_it_is_asked_for() -> None:
    story = Story()
    story.link("ann", "ann@x.org")
    story.link("ann", "desk@x.org")
    story.link("ann", "desk@x.org", UNLINKED)
    story.link("bob", "desk@x.org")
    found = story.person("ann")
    assert found.keys == claimed_by("mbox:ann@x.org")
    assert left_alone(found) == ["mbox:desk@x.org"]
    forced = story.person("ann", "mailto:desk@x.org")
    assert forced.keys == claimed_by("mbox:ann@x.org") | claimed_by("mbox:desk@x.org")
    assert left_alone(forced) == []


def test_what_somebody_else_gave_up_is_the_persons() -> None:
    story = Story()
    story.link("bob", "ann@x.org")
    story.link("bob", "ann@x.org", UNLINKED)
    story.link("ann", "ann@x.org")
    assert story.person("ann").keys == claimed_by("mbox:ann@x.org")


def test_a_rescinded_link_was_never_sent() -> None:
    story = Story()
    story.rescind("e-1")
    story.link("ann", "dee@x.org")
    assert left_alone(story.person("ann")) == ["mbox:dee@x.org"]
    assert story.person("mailto:dee@x.org").person_id is None


def test_an_identifier_of_two_persons_is_ambiguous() -> None:
    story = Story()
    story.link("ann", "desk@x.org")
    story.link("bob", "desk@x.org")
    with pytest.raises(Ambiguous, match="2 persons"):
        story.person("mailto:desk@x.org")


def test_what_is_no_identifier_cannot_be_taken_too() -> None:
    with pytest.raises(LookupError, match="no identifier"):
        Story().person("ann", "desk")


def test_what_is_shared_is_nobodys_and_nobody_is_never_forgotten() -> None:
    story = Story()
    story.link(SHARED, "info@x.org")
    story.link("ann", "info@x.org")
    assert left_alone(story.person("ann")) == ["mbox:info@x.org"]
    story.link("ann", "info@x.org", UNLINKED)
    assert story.person("mailto:info@x.org").person_id is None
    with pytest.raises(LookupError, match="nobody"):
        story.person(SHARED)
