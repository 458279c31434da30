"""``people.attributes``: groups that a person belongs to, for the fairness job alone.

A topic of its own with a scope of its own, so that no projection on which a decision rests can read them.
"""

from typing import Annotated

from pydantic import Field

from praxis_events.contracts.base import EventData, Name, PersonId, contract
from praxis_events.topics import ATTRIBUTES


@contract("praxis.people.attributes-declared.v1", ATTRIBUTES)
class AttributesDeclared(EventData):
    """All that is declared of the person from now on, in place of what was declared before; empty: nothing any more."""

    person_id: PersonId
    attributes: Annotated[dict[Name, Name], Field(max_length=50)]
