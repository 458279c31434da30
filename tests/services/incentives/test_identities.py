"""Who is meant by a name, given who claims what."""

import hashlib

import pytest

from praxis_events.contracts.base import PersonRef
from praxis_incentives.identities import CREDENTIALS, Identities, Vouchers, credential_subject, subject_of
from praxis_people.identifiers import SHARED

ANN = "mbox:ann@example.org"
ANN_HASH = f"mbox_sha1sum:{hashlib.sha1(b'mailto:ann@example.org', usedforsecurity=False).hexdigest()}"


@pytest.mark.parametrize(
    ("ref", "subject"),
    [
        ({"person_id": "p-1"}, "person:p-1"),
        ({"mbox": "mailto:Ann@Example.org"}, ANN),
        ({"account": {"homePage": "https://github.com", "name": "ann"}}, "account:https://github.com|ann"),
    ],
)
def test_a_reference_names_a_subject(ref: dict[str, object], subject: str) -> None:
    assert subject_of(PersonRef.model_validate(ref)) == subject


def test_a_credential_is_named_by_an_account_that_can_be_linked() -> None:
    assert credential_subject("key-1") == f"account:{CREDENTIALS}|key-1"


@pytest.mark.parametrize(
    ("claims", "subject", "resolved", "disputed"),
    [
        ({}, ANN, ANN, False),
        ({}, "person:p-1", "person:p-1", False),
        ({ANN: ["p-1"]}, ANN, "person:p-1", False),
        ({ANN_HASH: ["p-1"]}, ANN, "person:p-1", False),
        ({ANN: ["p-1", "p-2"]}, ANN, ANN, True),
        ({ANN: ["p-1"], ANN_HASH: ["p-2"]}, ANN, ANN, True),
        ({ANN: [SHARED]}, ANN, ANN, True),
        ({ANN_HASH: ["p-1", SHARED]}, ANN, ANN, True),
    ],
)
def test_a_subject_is_the_one_person_who_claims_it(
    claims: dict[str, list[str]], subject: str, resolved: str, disputed: bool
) -> None:
    who = Identities(claims)
    assert (who.resolve(subject), who.disputed(subject)) == (resolved, disputed)


@pytest.mark.parametrize(("learner", "attester"), [(ANN, ANN_HASH), (ANN_HASH, ANN)])
def test_an_address_and_its_hash_are_one_even_when_nobody_claims_either(learner: str, attester: str) -> None:
    assert Vouchers.of(Identities({}), learner, [learner, attester]).name(attester) == learner


def test_two_who_vouch_are_one_when_one_is_the_others_hash() -> None:
    vouchers = Vouchers.of(Identities({}), "person:p-1", [ANN, ANN_HASH])
    assert vouchers.name(ANN) == vouchers.name(ANN_HASH) == ANN
