"""The product and its bare ceiling in turn, round by round: their ratio counts, for the speed of machines drifts."""

from collections.abc import Awaitable, Callable
from statistics import median
from time import perf_counter
from typing import NamedTuple, Protocol

from rich.console import Console

ROUNDS = 5

console = Console(highlight=False, soft_wrap=True)


class Subject(Protocol):
    """What is measured. ``product`` and ``ceiling`` do the same work and return how many units of it they did."""

    title: str
    unit: str
    target: float | None

    async def prepare(self) -> None:
        """Make fresh input for the next round; not timed."""
        ...

    async def product(self) -> int: ...

    async def ceiling(self) -> int: ...


class Spread(NamedTuple):
    least: float
    middle: float
    most: float


class Result(NamedTuple):
    """``product`` and ``ceiling`` are units a second, medians; ``ratios`` is of each round's pair."""

    title: str
    unit: str
    target: float | None
    product: float
    ceiling: float
    ratios: Spread


class Limit(NamedTuple):
    """A figure that stands for itself; less is better."""

    title: str
    value: float
    target: float


async def compare(subject: Subject, rounds: int = ROUNDS) -> Result:
    """One round to warm up, then ``rounds`` that count. Either side is first in every other round."""
    pairs: list[tuple[float, float]] = []
    for number in range(rounds + 1):
        await subject.prepare()
        product, ceiling = await _pair(subject, product_first=number % 2 == 0)
        if number:
            pairs.append((product, ceiling))
            console.print(f"  {subject.title}: round {number} of {rounds}, {product / ceiling:.2f}", style="dim")
    ratios = sorted(product / ceiling for product, ceiling in pairs)
    return Result(
        title=subject.title,
        unit=subject.unit,
        target=subject.target,
        product=median(product for product, _ in pairs),
        ceiling=median(ceiling for _, ceiling in pairs),
        ratios=Spread(ratios[0], median(ratios), ratios[-1]),
    )


async def _pair(subject: Subject, *, product_first: bool) -> tuple[float, float]:
    if product_first:
        return await _rate(subject.product), await _rate(subject.ceiling)
    ceiling = await _rate(subject.ceiling)
    return await _rate(subject.product), ceiling


async def _rate(work: Callable[[], Awaitable[int]]) -> float:
    """Units a second."""
    start = perf_counter()
    count = await work()
    return count / (perf_counter() - start)
