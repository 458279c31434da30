"""Who is calling."""

from dataclasses import dataclass

from praxis_events.contracts.base import PersonRef
from praxis_people.identifiers import claimed_by, key_of_ref
from praxis_service.access.scopes import may, may_send
from praxis_service.access.table import Data


@dataclass(frozen=True, slots=True)
class Principal:
    """``key`` names the credential, and ``scopes`` what it may do; ``shows``: whose data the route shows to it;
    ``person``: who that is, as far as the credential itself says so; ``secret_digest``: of a credential that came with
    its secret, a hash that is another one once the credential is made again.
    """

    key: str
    scopes: frozenset[str]
    shows: Data = Data.NONE
    person: PersonRef | None = None
    secret_digest: bytes | None = None

    def may(self, scope: str) -> bool:
        return may(self.scopes, scope)

    def may_send(self, event_type: str) -> bool:
        """Whether the event door takes ``event_type`` from this credential."""
        return may_send(self.scopes, event_type)

    def is_person(self, person: PersonRef) -> bool:
        """Whether the credential itself says that it is this person's own."""
        return self.person is not None and not _names(self.person).isdisjoint(_names(person))


def _names(person: PersonRef) -> frozenset[str]:
    key = key_of_ref(person)
    return frozenset([f"person:{person.person_id}"]) if key is None else claimed_by(key)
