"""Token buckets, by a clock of their own."""

import pytest

from praxis_service.access.rates import MOST_NAMES, TokenBuckets
from praxis_service.problem import TooManyRequests


def buckets(seconds: list[float], per_second: float = 2.0, burst: float = 3.0) -> TokenBuckets:
    return TokenBuckets(per_second, burst, lambda: seconds[0])


def taken(all_: TokenBuckets, name: str, times: int) -> int:
    count = 0
    for _ in range(times):
        try:
            all_.take(name)
        except TooManyRequests:
            continue
        count += 1
    return count


def test_a_burst_passes_and_then_as_many_as_flow_in() -> None:
    seconds = [0.0]
    all_ = buckets(seconds)
    assert taken(all_, "a", 10) == 3
    seconds[0] = 10.0
    assert taken(all_, "a", 10) == 3  # it holds no more
    for step in range(1, 21):
        seconds[0] = 10 + step / 4
        assert taken(all_, "a", 1) == (step % 2 == 0)


def test_who_is_held_is_told_when_to_come_again() -> None:
    seconds = [0.0]
    all_ = buckets(seconds, per_second=0.1, burst=1)
    all_.take("a")
    seconds[0] = 3.0
    with pytest.raises(TooManyRequests) as held:
        all_.take("a")
    assert held.value.headers == {"Retry-After": "7"}


def test_what_is_given_back_can_be_taken_again() -> None:
    all_ = buckets([0.0])
    for _ in range(10):
        all_.take("a")
        all_.give_back("a")
    assert taken(all_, "a", 10) == 3


def test_many_names_take_no_more_memory_and_do_not_refill_an_empty_bucket() -> None:
    all_ = buckets([0.0])
    assert taken(all_, "a", 10) == 3
    for number in range(3 * MOST_NAMES):
        all_.take(f"other-{number}")
    assert len(all_._buckets) <= MOST_NAMES
    assert taken(all_, "a", 1) == 0
