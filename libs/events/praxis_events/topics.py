"""The topics of Praxis. Only statements are many; all the rest is people's pace, in one partition and one order."""

from zlib import crc32

from praxis_events.log import Topic

STATEMENT_PARTITIONS = 12

STATEMENTS = Topic("learning.statements", STATEMENT_PARTITIONS, max_record_bytes=8_000_000)
DIRECTORY = Topic("people.directory", 1)
ATTRIBUTES = Topic("people.attributes", 1)
EVIDENCE = Topic("work.evidence", 1)
PROGRAMME = Topic("programme.design", 1)
REVIEWS = Topic("recognition.reviews", 1)
DECISIONS = Topic("recognition.decisions", 1)
DEAD_LETTERS = Topic("dead.letters", 1)

TOPICS = (STATEMENTS, DIRECTORY, ATTRIBUTES, EVIDENCE, PROGRAMME, REVIEWS, DECISIONS, DEAD_LETTERS)


def statement_partition(statement_id: bytes) -> int:
    """The partition of a statement, by the 16 bytes of its UUID: even load, and all copies of an id in one order.

    Computed here and not by a client library, because their partitioners differ.
    """
    return crc32(statement_id) % STATEMENT_PARTITIONS
