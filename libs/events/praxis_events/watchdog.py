"""Whether a projection stands still while its log and its database answer. Pure.

Clients of brokers that were restarted may hold a partition and read nothing, or wait for one that nobody holds, without
any error (aiokafka#847, #1154): so the checkpoints are watched, not the client.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from praxis_events.log import TopicPartition

Mark = tuple[int, datetime | None]
"""Where a checkpoint is, and up to when the log was read there: one of them moves every second or so."""

MOST = timedelta(hours=1)


class Watchdog:
    """``patience``: how long nothing may move. It doubles with each alarm, and is what it was once something moves."""

    def __init__(self, patience: timedelta, now: datetime) -> None:
        self._patience = self._now_patience = patience
        self._since: dict[TopicPartition, tuple[Mark, datetime]] = {}
        self._alarmed_at = now

    def begin(self, now: datetime) -> None:
        """From now on somebody reads who did not before: they have the whole patience before them."""
        self._alarmed_at = max(self._alarmed_at, now)

    def still(self, marks: Mapping[TopicPartition, Mark], now: datetime) -> set[TopicPartition]:
        """The partitions that have not moved for too long; after an alarm it waits again."""
        known = self._since
        self._since = {
            each: known[each] if each in known and known[each][0] == mark else (mark, now)
            for each, mark in marks.items()
        }
        since = {each: max(at, self._alarmed_at) for each, (_, at) in self._since.items()}
        if any(each in known and self._since[each] != known[each] for each in marks) and not any(
            now - at >= self._patience for at in since.values()
        ):
            self._now_patience = self._patience
        found = {each for each, at in since.items() if now - at >= self._now_patience}
        if found:
            self._alarmed_at = now
            self._now_patience = min(self._now_patience * 2, MOST)
        return found
