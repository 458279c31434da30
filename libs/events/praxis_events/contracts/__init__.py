"""What each event type carries: one module a topic, registered by type.

A released version never changes (``tests/libs/events/golden`` has one file for each); a new version is a new model and
a pure upcaster from the one before (``praxis_events.upcasting``).
"""

from praxis_events.contracts import attributes, dead_letter, directory, evidence, programme, recognition, reviews, work
from praxis_events.contracts.base import Contract, EventData, contract_for, contracts, registered_types

__all__ = [
    "Contract",
    "EventData",
    "attributes",
    "contract_for",
    "contracts",
    "dead_letter",
    "directory",
    "evidence",
    "programme",
    "recognition",
    "registered_types",
    "reviews",
    "work",
]
