"""``dead.letters``: what a projection could not take: where it is and why, never its text."""

from praxis_events.contracts.base import EventData, Name, contract
from praxis_events.topics import DEAD_LETTERS


@contract("praxis.log.record-rejected.v1", DEAD_LETTERS)
class RecordRejected(EventData):
    projection: Name
    topic: Name
    partition: int
    offset: int
    code: Name


@contract("praxis.log.record-retried.v1", DEAD_LETTERS)
class RecordRetried(EventData):
    """A person had the projection take the record after all."""

    projection: Name
    topic: Name
    partition: int
    offset: int
