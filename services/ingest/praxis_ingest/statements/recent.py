"""The statements accepted in the last moments, which the store may not have yet: for the 409 check."""

from collections import OrderedDict
from collections.abc import Iterable
from uuid import UUID


class RecentStatements:
    """A bounded memory of acknowledged statements, oldest forgotten first. One replica's own: races between replicas
    are settled by the log's order, and reported as conflicts by the store."""

    def __init__(self, max_bytes: int = 32_000_000) -> None:
        self._max_bytes, self._bytes = max_bytes, 0
        self._bodies: OrderedDict[UUID, bytes] = OrderedDict()

    def those(self, ids: Iterable[UUID]) -> dict[UUID, bytes]:
        """The bodies of those that are remembered."""
        bodies = self._bodies
        return {each: bodies[each] for each in ids if each in bodies}

    def put(self, statements: Iterable[tuple[UUID, bytes]]) -> None:
        """Call it after the log acknowledged, never before: an unacknowledged id must be sent again."""
        for statement_id, body in statements:
            if self._bodies.setdefault(statement_id, body) is body:
                self._bytes += len(body)
        while self._bytes > self._max_bytes:
            self._bytes -= len(self._bodies.popitem(last=False)[1])
