"""Who is meant by a reference in evidence: pure, from the claims that the people directory holds.

A *subject* is the text that names somebody: ``person:<id>`` or an identifier's key (``praxis_people.identifiers``). A
credential is named by an account, so that the directory can say whose it is as it does for any other account.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from praxis_events.contracts.base import PersonRef
from praxis_people.identifiers import SHARED, claimed_by, key_of, key_of_ref
from praxis_service.auth import Principal

CREDENTIALS = "urn:praxis:credential"
"""The ``homePage`` of a credential's account; ``name`` is its key. Link it to a person whose own credential it is."""

PERSON = "person:"


def subject_of(ref: PersonRef) -> str:
    """Raises ``ValueError`` for a reference to nobody."""
    subject = person(ref.person_id) if ref.person_id else key_of_ref(ref)
    if subject is None:
        raise ValueError("the reference names nobody")
    return subject


def person(person_id: str) -> str:
    return f"{PERSON}{person_id}"


def credential_subject(principal: str) -> str:
    subject = key_of({"account": {"homePage": CREDENTIALS, "name": principal}})
    if subject is None:
        raise ValueError("a credential has a key")
    return subject


def subjects_of(principal: Principal) -> frozenset[str]:
    """Every name by which the caller's own person may be known: the credential's account, and what it says itself."""
    own = {credential_subject(principal.key)}
    return frozenset(own if principal.person is None else own | {subject_of(principal.person)})


def keys_of(subject: str) -> frozenset[str]:
    """Every key by which the directory may know a subject: a mail address also by its hashes."""
    return claimed_by(subject)


@dataclass(frozen=True, slots=True)
class Identities:
    """Resolves subjects. ``claims``: by key, the ids of the persons who claim it."""

    claims: Mapping[str, Collection[str]]

    def resolve(self, subject: str) -> str:
        """The one person who claims the subject, else the subject itself."""
        persons = self._claimants(subject)
        return person(persons.pop()) if len(persons) == 1 and SHARED not in persons else subject

    def disputed(self, subject: str) -> bool:
        """Two persons claim it, or it is said to be shared: nobody's until one of them gives it up."""
        claimants = self._claimants(subject)
        return len(claimants) > 1 or SHARED in claimants

    def _claimants(self, subject: str) -> set[str]:
        return {person_id for key in keys_of(subject) for person_id in self.claims.get(key, ())}


@dataclass(frozen=True, slots=True)
class Vouchers:
    """Names for those who vouch for one learner, such that an address and its hash are one even when nobody claims
    either. ``addresses``: by hash, the address among the case's subjects that it is a hash of.
    """

    who: Identities
    learner: str
    addresses: Mapping[str, str]

    @classmethod
    def of(cls, who: Identities, learner: str, subjects: Iterable[str]) -> "Vouchers":
        return cls(who, learner, {key: each for each in sorted(subjects) for key in keys_of(each) - {each}})

    def name(self, subject: str) -> str:
        resolved = self.who.resolve(subject)
        if keys_of(resolved) & keys_of(self.learner):
            return self.learner
        return self.addresses.get(resolved, resolved)
