"""Who claims an identifier: links, unlinks and rescissions in any batches, against a naive fold of all of them."""

import hashlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from itertools import count
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_people.directory import (
    IDENTITY_TABLES,
    IdentityChange,
    apply_changes,
    apply_rescinded,
    owned_keys,
    owners,
)
from praxis_people.identifiers import SHARED, claimed_by
from praxis_service.database import engine_for

MAIL, OTHER_MAIL = "mbox:ann@example.org", "mbox:bob@example.org"
BARE, MAILTO = (
    f"mbox_sha1sum:{hashlib.sha1(sent.encode()).hexdigest()}" for sent in ("ann@example.org", "mailto:ann@example.org")
)
ACCOUNT, OPENID = "account:https://lms.example|7", "openid:https://id.example/ann"
KEYS = sorted({*claimed_by(MAIL), *claimed_by(OTHER_MAIL), ACCOUNT, OPENID})
PERSONS = ["p-1", "p-2", SHARED]
_events = count(1)


@pytest.fixture(scope="module")
async def directory(postgres: EmbeddedPostgres) -> AsyncIterator[AsyncSession]:
    await postgres.ensure_database("people_directory")
    engine = engine_for(postgres.url("people_directory"), pool_size=1)
    async with engine.connect() as connection, AsyncSession(connection) as session:
        for statement in IDENTITY_TABLES:
            await session.execute(text(statement))
        yield session
    await engine.dispose()


@pytest.fixture
async def session(directory: AsyncSession) -> AsyncSession:
    await emptied(directory)
    return directory


async def emptied(session: AsyncSession) -> None:
    await session.execute(text("TRUNCATE identity_events, identity_rescinded, identity_claims"))


def change(person: str, *identifiers: str, linked: bool) -> IdentityChange:
    number = next(_events)
    return IdentityChange(UUID(int=number), number, person, identifiers, linked)


def link(person: str, *identifiers: str) -> IdentityChange:
    return change(person, *identifiers, linked=True)


def unlink(person: str, *identifiers: str) -> IdentityChange:
    return change(person, *identifiers, linked=False)


async def test_a_key_is_its_one_claimants(session: AsyncSession) -> None:
    await apply_changes(session, [link("p-1", ACCOUNT, OPENID)])
    assert await owners(session, [ACCOUNT, OPENID, MAIL]) == {ACCOUNT: "p-1", OPENID: "p-1"}
    assert await owned_keys(session, "p-1") == sorted([ACCOUNT, OPENID])


@pytest.mark.parametrize("hashed", [BARE, MAILTO])
async def test_a_claimed_address_answers_for_its_hashes(session: AsyncSession, hashed: str) -> None:
    await apply_changes(session, [link("p-1", MAIL)])
    assert await owners(session, [hashed]) == {hashed: "p-1"}


@pytest.mark.parametrize("hashed", [BARE, MAILTO])
async def test_a_claimed_hash_answers_for_its_address(session: AsyncSession, hashed: str) -> None:
    await apply_changes(session, [link("p-1", hashed)])
    assert await owners(session, [MAIL]) == {MAIL: "p-1"}


async def test_a_link_that_would_join_two_persons_is_quarantined_and_undone_restores(session: AsyncSession) -> None:
    disputed = link("p-2", ACCOUNT)
    await apply_changes(session, [link("p-1", ACCOUNT, OPENID), disputed])
    assert await owners(session, [ACCOUNT, OPENID]) == {OPENID: "p-1"}
    assert await owned_keys(session, "p-1") == [OPENID]

    assert await apply_rescinded(session, [disputed.event]) == {ACCOUNT}
    assert await owners(session, [ACCOUNT]) == {ACCOUNT: "p-1"}


async def test_an_address_and_its_hash_of_two_persons_are_one_dispute(session: AsyncSession) -> None:
    await apply_changes(session, [link("p-1", MAIL), link("p-2", MAILTO)])
    assert await owners(session, [MAIL, MAILTO, BARE]) == {BARE: "p-1"}


@pytest.mark.parametrize(("shared", "claimed"), [(MAIL, MAIL), (MAIL, BARE), (MAILTO, MAIL), (ACCOUNT, ACCOUNT)])
async def test_a_shared_identifier_is_nobodys_until_it_is_shared_no_more(
    session: AsyncSession, shared: str, claimed: str
) -> None:
    await apply_changes(session, [link(SHARED, shared)])
    assert await owners(session, KEYS) == {}
    await apply_changes(session, [link("p-1", claimed)])
    assert await owners(session, [shared, claimed]) == {}
    assert claimed_by(claimed) & await apply_changes(session, [unlink(SHARED, shared), link("p-1", shared)])
    assert await owners(session, [shared, claimed]) == dict.fromkeys((shared, claimed), "p-1")


async def test_giving_up_a_claim_settles_a_dispute(session: AsyncSession) -> None:
    await apply_changes(session, [link("p-1", ACCOUNT), link("p-2", ACCOUNT)])
    assert await apply_changes(session, [unlink("p-1", ACCOUNT)]) == {ACCOUNT}
    assert await owners(session, [ACCOUNT]) == {ACCOUNT: "p-2"}


async def test_unlinking_an_address_leaves_a_hash_that_was_claimed_by_itself(session: AsyncSession) -> None:
    await apply_changes(session, [link("p-1", MAIL, MAILTO), unlink("p-1", MAIL)])
    assert await owners(session, [MAILTO, BARE]) == {MAILTO: "p-1"}


async def test_the_copy_at_the_first_position_counts(session: AsyncSession) -> None:
    first = link("p-1", ACCOUNT)
    again = IdentityChange(first.event, first.position + 100, "p-2", (ACCOUNT, OPENID), linked=True)
    await apply_changes(session, [first, again])
    await apply_changes(session, [again])
    assert await owners(session, [ACCOUNT, OPENID]) == {ACCOUNT: "p-1"}


async def test_a_rescission_that_comes_first_waits(session: AsyncSession) -> None:
    undone, standing = link("p-1", ACCOUNT), link("p-1", OPENID)
    assert await apply_rescinded(session, [undone.event]) == set()
    await apply_changes(session, [undone, standing])
    assert await owners(session, [ACCOUNT, OPENID]) == {OPENID: "p-1"}


async def test_rescinding_an_unlink_restores_the_link_before_it(session: AsyncSession) -> None:
    linked, gone = link("p-1", ACCOUNT), unlink("p-1", ACCOUNT)
    await apply_changes(session, [linked, gone])
    assert await owners(session, [ACCOUNT]) == {}
    await apply_rescinded(session, [gone.event])
    assert await owners(session, [ACCOUNT]) == {ACCOUNT: "p-1"}


# -- any history, in any batches ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rescission:
    event: UUID


Entry = IdentityChange | Rescission

event_ids = st.integers(1, 8).map(lambda number: UUID(int=number))
identifiers = st.lists(
    st.sampled_from([MAIL, BARE, MAILTO, OTHER_MAIL, ACCOUNT, OPENID]), min_size=1, max_size=3, unique=True
)
entries = st.one_of(
    *[st.tuples(event_ids, st.sampled_from(PERSONS), identifiers, st.sampled_from([True, True, False]))] * 4,
    event_ids.map(Rescission),
)
histories = st.lists(entries, max_size=14).map(
    lambda found: [
        each if isinstance(each, Rescission) else IdentityChange(each[0], position, each[1], tuple(each[2]), each[3])
        for position, each in enumerate(found)
    ]
)


class Naive:
    """Who claims what at the end of a history, looking at all of it again for each question."""

    def __init__(self, history: Iterable[Entry]) -> None:
        entries = list(history)
        rescinded = {each.event for each in entries if isinstance(each, Rescission)}
        self.standing: list[IdentityChange] = []
        seen: set[UUID] = set()
        for each in entries:
            if isinstance(each, IdentityChange) and each.event not in seen:
                seen.add(each.event)
                if each.event not in rescinded:
                    self.standing.append(each)

    def claims(self, person: str, identifier: str) -> bool:
        said = [c.linked for c in self.standing if c.person_id == person and identifier in c.identifiers]
        return bool(said) and said[-1]

    def claimed_keys(self, person: str) -> set[str]:
        return {key for identifier in KEYS if self.claims(person, identifier) for key in claimed_by(identifier)}

    def claimants(self, key: str) -> list[str]:
        """An address is claimed by whoever claims it or a hash of it; a hash also by whoever claims its address."""
        return [person for person in PERSONS if self.claimed_keys(person) & claimed_by(key)]

    def owners(self) -> dict[str, str]:
        found = {key: self.claimants(key) for key in KEYS}
        return {key: persons[0] for key, persons in found.items() if len(persons) == 1 and persons != [SHARED]}

    def owned(self, person: str) -> list[str]:
        return sorted(key for key in self.claimed_keys(person) if self.owners().get(key) == person)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=histories, batch=st.integers(1, 14), rescissions_first=st.booleans())
async def test_any_history_in_any_batches(
    directory: AsyncSession, history: list[Entry], batch: int, rescissions_first: bool
) -> None:
    await emptied(directory)
    if rescissions_first:
        history = sorted(history, key=lambda each: isinstance(each, IdentityChange))
    for start in range(0, len(history), batch):
        part = history[start : start + batch]
        before = await owners(directory, KEYS)
        touched = await apply_changes(directory, [each for each in part if isinstance(each, IdentityChange)])
        touched |= await apply_rescinded(directory, {each.event for each in part if isinstance(each, Rescission)})
        after = await owners(directory, KEYS)
        moved = {key for key in KEYS if before.get(key) != after.get(key)}
        assert moved <= touched | {key for key in KEYS if claimed_by(key) & touched}
        assert after == Naive(history[: start + batch]).owners()
    naive = Naive(history)
    assert [await owned_keys(directory, person) for person in PERSONS] == [naive.owned(person) for person in PERSONS]
