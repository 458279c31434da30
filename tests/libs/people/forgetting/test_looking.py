"""Looking through a log: what is known of somebody grows while reading, and copies keep their order."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_events.log import NewRecord, Position, Record, TopicPartition
from praxis_events.postgres_log import PostgresLog
from praxis_events.reading import read
from praxis_events.topics import DIRECTORY, EVIDENCE, STATEMENTS, TOPICS
from praxis_people.forgetting.looking import Reading, append_replacements, look, person_in
from praxis_people.forgetting.pseudonyms import Pseudonyms
from praxis_people.forgetting.redacting import Redactor
from praxis_people.identifiers import claimed_by
from tests.libs.people.forgetting.build import BOB, HASH, MAIL, NAME, TOKEN, event_record, record, redactor

VERB, THING = {"id": "v:1"}, {"id": "o:1"}


def quiet(_: int) -> None:
    """No progress is shown."""


@pytest.fixture
async def log(database_url: str) -> AsyncIterator[PostgresLog]:
    log = await PostgresLog.open(database_url)
    await log.ensure_topics(TOPICS)
    yield log
    await log.close()


def statement(name: str, actor: dict[str, Any], **more: Any) -> NewRecord:
    value = msgspec.json.encode({"actor": actor, "verb": VERB, "object": THING, **more})
    return NewRecord(
        STATEMENTS.name, 0, f"{name}/{msgspec.json.encode(actor).hex()}".encode(), value, (("ce_id", b"1"),)
    )


async def test_a_mail_address_is_found_by_its_hash_and_a_name_beside_it(log: PostgresLog) -> None:
    text = {"response": f"as {NAME} said"}
    await log.append([statement("1", BOB, result=text), statement("2", {"mbox": f"mailto:{MAIL}", "name": NAME})])
    link = event_record("praxis.people.identity-linked.v1", {"person_id": "p", "identifiers": [{"mbox_sha1sum": HASH}]})
    await log.append([NewRecord(DIRECTORY.name, 0, link.key, link.value, link.headers)])
    person = await person_in(log, "p", [], quiet)
    assert person.identifiers == (claimed_by(f"mbox:{MAIL}"),)
    assert person.names == {NAME}
    seen = await look(log, Redactor(Pseudonyms(person, TOKEN)), quiet)
    assert len(seen.found) == 3


async def test_a_name_that_somebody_else_bears_is_not_looked_for(log: PostgresLog) -> None:
    me = {"mbox": f"mailto:{MAIL}", "name": NAME}
    await log.append(
        [statement("1", me), statement("2", {**BOB, "name": NAME}), statement("3", BOB, result={"response": NAME})]
    )
    person = await person_in(log, f"mailto:{MAIL}", [], quiet)
    assert person.names == frozenset()
    assert len((await look(log, Redactor(Pseudonyms(person, TOKEN)), quiet)).found) == 1


async def test_repeated_it_finds_nothing_but_originals_until_they_are_removed(log: PostgresLog) -> None:
    me = {"mbox": f"mailto:{MAIL}"}
    places = await log.append([statement(str(n), me if n % 3 else BOB) for n in range(30)])
    mine = {place for n, place in enumerate(places) if n % 3}
    person = await person_in(log, f"mailto:{MAIL}", [], quiet)
    first = await look(log, Redactor(Pseudonyms(person, TOKEN)), quiet)
    assert {Position(*each.topic_partition, each.offset) for each, _ in first.found} == mine
    await append_replacements(log, first.found, quiet)
    second = await look(log, Redactor(Pseudonyms(person, TOKEN)), quiet)
    assert (second.found, second.lingering) == ([], mine)
    await log.compact(second.lingering)
    third = await look(log, Redactor(Pseudonyms(person, TOKEN)), quiet)
    assert (third.found, third.lingering) == ([], set())
    left = [each async for each in read(log, TopicPartition(STATEMENTS.name, 0))]
    assert sorted(each.place for each in left) == [place.offset for place in places]


async def test_the_directory_is_replaced_last(log: PostgresLog, database_url: str) -> None:
    seen = [
        (before, found)
        for before in (event_record("t", {"person_id": "emp-7302"}, topic) for topic in (DIRECTORY.name, EVIDENCE.name))
        if (found := redactor().redact(before)) is not None
    ]
    calls: list[set[str]] = []

    class Noting(PostgresLog):
        async def append(self, records: Sequence[NewRecord]) -> list[Position]:
            calls.append({each.topic for each in records})
            return await log.append(records)

    noting = await Noting.open(database_url)
    await append_replacements(noting, seen, quiet)
    await noting.close()
    assert calls == [{EVIDENCE.name}, {DIRECTORY.name}]


# -- copies of one event -----------------------------------------------------------------------------------------------

copies = st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=12)
"""Which event, and whether the copy mentions the person."""


def kept(records: list[Record]) -> list[Record]:
    """What compaction leaves: the last of each key."""
    last = {each.key: each for each in records}
    return sorted(last.values(), key=lambda each: each.offset)


@given(copies, st.integers(0, 12))
def test_of_copies_the_first_stays_the_first_also_when_interrupted(written: list[tuple[int, bool]], lost: int) -> None:
    """``lost``: so many of the first round's replacements are not appended; then it is repeated."""
    log = [
        record(
            {"n": place, "by": f"mailto:{MAIL}" if mentions else ""}, EVIDENCE.name, place, f"{event}/{place}".encode()
        )
        for place, (event, mentions) in enumerate(written)
    ]
    before = [(each.key, each.place) for each in log]
    for missing in (lost, 0, 0):
        reading = Reading(redactor())
        for each in log:
            reading.take(each)
        seen = reading.seen().found
        for each, found in seen[: max(0, len(seen) - missing)]:
            new = found.record
            log.append(Record(each.topic, each.partition, len(log), new.key, new.value, new.headers, 5_000))
    left = kept(log)
    assert [each for each in left if MAIL.encode() in each.value] == []
    assert sorted((each.key, each.place) for each in left) == sorted(before)
    for event in range(3):
        mine = [each.place for each in left if each.key.startswith(f"{event}/".encode())]
        assert mine == sorted(mine)
