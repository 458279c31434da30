"""Keys of identifiers: equal where the identifiers are, different where they are not, and fit for an index."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_events.contracts.base import Account, Identifier, PersonRef
from praxis_people.identifiers import MAX_BYTES, bounded, claimed_by, key_of, key_of_ref, shown

ADDRESS = "ann@example.org"
BARE, MAILTO = (hashlib.sha1(text.encode()).hexdigest() for text in (ADDRESS, f"mailto:{ADDRESS}"))
ACCOUNT = {"homePage": "https://lms.example", "name": "Ann|7"}


@pytest.mark.parametrize(
    ("agent", "key"),
    [
        ({"mbox": "mailto:ann@example.org"}, "mbox:ann@example.org"),
        ({"mbox": "MailTo:Ann@Example.ORG"}, "mbox:ann@example.org"),
        ({"mbox_sha1sum": BARE.upper()}, f"mbox_sha1sum:{BARE}"),
        ({"openid": "https://id.example/Ann"}, "openid:https://id.example/Ann"),
        ({"account": ACCOUNT}, "account:https://lms.example|Ann|7"),
        ({"objectType": "Group", "member": [{"mbox": "mailto:ann@example.org"}]}, None),
        ({"name": "Ann"}, None),
    ],
)
def test_the_key_of_an_agent(agent: dict[str, Any], key: str | None) -> None:
    assert key_of(agent) == key


@pytest.mark.parametrize(
    ("ref", "key"),
    [
        (Identifier(mbox="mailto:Ann@example.org"), "mbox:ann@example.org"),
        (Identifier(mbox_sha1sum=MAILTO.upper()), f"mbox_sha1sum:{MAILTO}"),
        (Identifier(openid="https://id.example/Ann"), "openid:https://id.example/Ann"),
        (
            Identifier(account=Account(home_page="https://lms.example", name="Ann|7")),
            "account:https://lms.example|Ann|7",
        ),
        (PersonRef(mbox="mailto:Ann@example.org", name="Ann"), "mbox:ann@example.org"),
        (PersonRef(person_id="p-1"), None),
    ],
)
def test_events_name_people_by_the_same_keys_as_statements(ref: Identifier | PersonRef, key: str | None) -> None:
    assert key_of_ref(ref) == key


def test_accounts_of_one_name_on_two_pages_are_two() -> None:
    assert key_of({"account": ACCOUNT}) != key_of({"account": {**ACCOUNT, "homePage": "https://hr.example"}})


def test_case_matters_in_accounts_and_openids() -> None:
    assert key_of({"account": ACCOUNT}) != key_of({"account": {**ACCOUNT, "name": "ann|7"}})
    assert key_of({"openid": "https://id.example/Ann"}) != key_of({"openid": "https://id.example/ann"})


def test_an_address_stands_for_both_its_hashes_and_a_hash_only_for_itself() -> None:
    bare, mailto = f"mbox_sha1sum:{BARE}", f"mbox_sha1sum:{MAILTO}"
    assert claimed_by("mbox:ann@example.org") == {"mbox:ann@example.org", bare, mailto}
    assert claimed_by(bare) == {bare}
    assert claimed_by(mailto) == {mailto}


def test_the_hashes_are_those_of_the_address_in_lower_case() -> None:
    key = key_of({"mbox": "mailto:ANN@example.org"})
    assert key is not None
    assert f"mbox_sha1sum:{MAILTO}" in claimed_by(key)


@pytest.mark.parametrize(
    "key", ["openid:https://id.example/mbox:x", "account:https://lms.example|mbox:ann@example.org"]
)
def test_nothing_else_stands_for_more_than_itself(key: str) -> None:
    assert claimed_by(key) == {key}


@pytest.mark.parametrize(
    "agent",
    [
        {"mbox": "mailto:ann@example.org"},
        {"mbox_sha1sum": BARE},
        {"openid": "https://id.example/Ann:7"},
        {"account": ACCOUNT},
    ],
)
def test_a_key_shows_its_identifier(agent: dict[str, Any]) -> None:
    key = key_of(agent)
    assert key is not None
    assert shown(key) == agent


def test_a_digest_shows_none() -> None:
    assert shown(f"{key_of({'openid': 'https://id.example/' + 'a' * MAX_BYTES})}") is None


@given(st.text())
def test_every_text_fits_an_index_once_bounded(text: str) -> None:
    assert len(bounded(text).encode()) <= MAX_BYTES
    assert "\0" not in bounded(text)


@given(st.text(max_size=20), st.text(max_size=20))
def test_bounded_texts_stay_different(one: str, other: str) -> None:
    long = "é" * MAX_BYTES
    assert (bounded(one + long) == bounded(other + long)) == (one == other)
    assert (bounded(one) == bounded(other)) == (one == other)


def test_what_fits_is_left_alone() -> None:
    assert bounded("é" * (MAX_BYTES // 2)) == "é" * (MAX_BYTES // 2)
    assert bounded("é" * (MAX_BYTES // 2) + "x").startswith("sha256:")


@pytest.mark.parametrize(
    "agent",
    [
        {"mbox": f"mailto:{'a' * MAX_BYTES}@example.org"},
        {"openid": f"https://id.example/{'a' * MAX_BYTES}"},
        {"account": {"homePage": "https://lms.example", "name": "a\0b"}},
        {"account": {"homePage": "https://lms.example", "name": "a" * MAX_BYTES}},
    ],
)
def test_keys_are_bounded_and_stand_for_themselves(agent: dict[str, Any]) -> None:
    key = key_of(agent)
    assert key is not None
    assert key.startswith("sha256:")
    assert claimed_by(key) == {key}
