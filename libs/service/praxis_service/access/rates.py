"""How often something may be done: a token bucket for each name, in this process."""

from collections.abc import Callable
from math import ceil

from praxis_service.problem import TooManyRequests

MOST_NAMES = 10_000


class TokenBuckets:
    """Each name has a bucket of ``burst`` tokens that fills by ``per_second``."""

    def __init__(self, per_second: float, burst: float, monotonic: Callable[[], float]) -> None:
        self._per_second, self._burst, self._monotonic = per_second, burst, monotonic
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, name: str) -> None:
        """Raises ``TooManyRequests``, saying when there is a token again, and takes none then."""
        now = self._monotonic()
        left = self._left(name, now)
        if left < 1:
            raise TooManyRequests(ceil((1 - left) / self._per_second))
        if len(self._buckets) >= MOST_NAMES and name not in self._buckets:
            self._make_room(now)
        self._buckets[name] = (left - 1, now)

    def give_back(self, name: str) -> None:
        now = self._monotonic()
        self._buckets[name] = (min(self._burst, self._left(name, now) + 1), now)

    def _left(self, name: str, now: float) -> float:
        left, since = self._buckets.get(name, (self._burst, now))
        return min(self._burst, left + (now - since) * self._per_second)

    def _make_room(self, now: float) -> None:
        """The fuller half goes: a full bucket says nothing, and an empty one must not be forgotten for a new name."""
        by_fullness = sorted(self._buckets, key=lambda name: self._left(name, now))
        for name in by_fullness[MOST_NAMES // 2 :]:
            del self._buckets[name]
