"""What a service gives to the runner: how to decode its records, and how to apply them."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.log import Record

T = TypeVar("T")


class PoisonRecord(Exception):
    """This record can never be applied. It goes to ``dead.letters`` with ``code``; the projection goes on."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Projection(Protocol[T]):
    """Rows derived from the log. ``apply`` runs inside the runner's transaction and never commits."""

    @property
    def name(self) -> str: ...

    @property
    def topics(self) -> tuple[str, ...]: ...

    @property
    def rebuildable(self) -> bool:
        """Whether its rows can be made again from the log: then a commit need not wait for the disk."""
        ...

    @property
    def serial(self) -> bool:
        """Whether one transaction at a time may run over all its partitions, as a decider needs."""
        ...

    def decode(self, record: Record) -> T | None:
        """Pure. ``None``: not of interest. Raises ``PoisonRecord``, ``ValueError`` or ``UnknownVersion``."""
        ...

    async def apply(self, session: AsyncSession, items: Sequence[T]) -> None:
        """Write what the items mean. Items of one partition come in log order, whole batches of several partitions."""
        ...
