"""What became of each record of the batch in hand, and how many were rejected one after another."""

from collections.abc import Collection, Iterator

from praxis_events.log import Record, TopicPartition

MAX_IN_A_ROW = 25
"""So many poison records one after another are no longer bad data but a bad projection: it stops instead."""


class Rejections:
    """A row ends with a record that was applied. It goes on from batch to batch; each partition has its own.

    ``known`` are records that were rejected before, in another generation, say: they make no row longer and end none.
    """

    def __init__(self, known: Collection[tuple[TopicPartition, int]] = ()) -> None:
        self._known = frozenset(known)
        self._rows: dict[TopicPartition, int] = {}
        self._batch: dict[TopicPartition, dict[int, tuple[Record, Exception | None]]] = {}

    def begin(self) -> None:
        """A new batch; what was noted of one that was not committed is forgotten."""
        self._batch = {}

    def stop(self, partition: TopicPartition) -> None:
        """Its row begins anew once a person has cleared it."""
        self._rows.pop(partition, None)

    def accept(self, record: Record) -> None:
        self._note(record, None)

    def reject(self, record: Record, error: Exception) -> None:
        self._note(record, error)

    def rejected(self) -> Iterator[tuple[Record, Exception]]:
        for records in self._batch.values():
            for record, error in records.values():
                if error is not None:
                    yield record, error

    def too_many(self, partition: TopicPartition, until: int | None = None) -> Exception | None:
        """The error of the first record, up to the offset ``until``, before which too many had been rejected."""
        row = self._rows.get(partition, 0)
        for offset, error in self._counted(partition):
            if until is not None and offset > until:
                return None
            row = row + 1 if error is not None else 0
            if row > MAX_IN_A_ROW:
                return error
        return None

    def end(self) -> None:
        """The batch is committed."""
        for partition in self._batch:
            for _, error in self._counted(partition):
                self._rows[partition] = 0 if error is None else self._rows.get(partition, 0) + 1
        self._batch = {}

    def _counted(self, partition: TopicPartition) -> Iterator[tuple[int, Exception | None]]:
        for offset, (_, error) in sorted(self._batch.get(partition, {}).items()):
            if error is None or (partition, offset) not in self._known:
                yield offset, error

    def _note(self, record: Record, error: Exception | None) -> None:
        self._batch.setdefault(record.topic_partition, {})[record.offset] = (record, error)
