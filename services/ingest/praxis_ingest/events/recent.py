"""The events acknowledged in the last moments, which the projection may not have yet."""

from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID


class RecentEvents:
    """A bounded memory of event digests, oldest forgotten first; one replica's own."""

    def __init__(self, most: int = 100_000) -> None:
        self._most = most
        self._digests: OrderedDict[UUID, bytes] = OrderedDict()

    def get(self, event: UUID) -> bytes | None:
        return self._digests.get(event)

    def put(self, events: Iterable[tuple[UUID, bytes]]) -> None:
        """Call it after the log acknowledged, never before: an unacknowledged event must be sent again."""
        for event, digest in events:
            self._digests.setdefault(event, digest)
        while len(self._digests) > self._most:
            self._digests.popitem(last=False)
