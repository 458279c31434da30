"""xAPI statements from a file to ``POST /xapi/statements``, in batches over a few connections.

A statement without an id gets one that follows from its bytes. So each line has the same id whenever it is sent, and
an import that is repeated, wholly or in part, stores nothing twice.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, NamedTuple
from uuid import UUID, uuid5

import httpx
import msgspec

from praxis_embedded.importing.files import Line, LinesFile
from praxis_embedded.importing.journal import Journal
from praxis_embedded.importing.posting import ImportFailed, detail, post, problem

BATCH_BYTES = 4_000_000

_LINES = UUID("6f0d6f1e-54e6-5d0b-9a55-2d6d2a5b7f10")
"""The namespace of ids that follow from a line's bytes."""


class Refusal(NamedTuple):
    """A line that was not stored, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class Outcome:
    """So far, or in the end. ``stored`` counts what the server acknowledged, also what it had already; ``read`` the
    bytes of the file; ``trouble`` says why nothing moves at the moment."""

    stored: int = 0
    refused: list[Refusal] = field(default_factory=list)
    read: int = 0
    trouble: str = ""


class _Batch(NamedTuple):
    lines: list[Line]
    bodies: list[bytes]


class _Identified(msgspec.Struct, gc=False):
    id: Any = msgspec.UNSET


_decode = msgspec.json.Decoder(_Identified).decode


@asynccontextmanager
async def statements_client(url: str, key: str, secret: str, connections: int) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    headers = {"X-Experience-API-Version": "1.0.3", "Content-Type": "application/json"}
    async with httpx.AsyncClient(
        base_url=url, auth=(key, secret), headers=headers, limits=limits, timeout=60, trust_env=False
    ) as client:
        yield client


class StatementImport:
    """One file's import. ``tell`` is called whenever the outcome has changed."""

    def __init__(
        self,
        client: httpx.AsyncClient,
        journal: Journal,
        tell: Callable[[Outcome], None],
        *,
        batch: int,
        connections: int,
    ) -> None:
        self._client, self._journal, self._tell = client, journal, tell
        self._batch, self._connections = batch, connections
        self._under_way: dict[int, int] = {}
        self._outcome = Outcome()

    async def run(self, file: LinesFile) -> Outcome:
        """Raises ``ImportFailed``, and ``OSError`` for a file that cannot be read."""
        queue: asyncio.Queue[_Batch | None] = asyncio.Queue(maxsize=self._connections)
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(self._connections):
                    tasks.create_task(self._send_all(queue))
                for batch in self._batches(file.lines(self._journal.next_line())):
                    self._under_way[batch.lines[0].number] = batch.lines[-1].number
                    await queue.put(batch)
                for _ in range(self._connections):
                    await queue.put(None)
        except* (ImportFailed, OSError) as errors:
            if self._under_way:
                self._journal.reached(min(self._under_way), now=True)
            raise errors.exceptions[0] from None
        self._journal.done()
        return self._outcome

    def _batches(self, lines: Iterator[Line]) -> Iterator[_Batch]:
        batch, size = _Batch([], []), 0
        for line in lines:
            try:
                body = identified(line.body)
            except ValueError as error:
                self._outcome.refused.append(Refusal(line.number, str(error)))
                continue
            if batch.lines and (len(batch.lines) >= self._batch or size + len(body) > BATCH_BYTES):
                yield batch
                batch, size = _Batch([], []), 0
            batch.lines.append(line)
            batch.bodies.append(body)
            size += len(body)
        if batch.lines:
            yield batch

    async def _send_all(self, queue: "asyncio.Queue[_Batch | None]") -> None:
        while (batch := await queue.get()) is not None:
            await self._send(batch)
            first, last = batch.lines[0].number, batch.lines[-1].number
            del self._under_way[first]
            self._journal.reached(min(self._under_way, default=last + 1))
            self._outcome.read = max(self._outcome.read, batch.lines[-1].read)
            self._tell(self._outcome)

    async def _send(self, batch: _Batch) -> None:
        answer = await self._post(batch.bodies)
        if answer.status_code == HTTPStatus.OK:
            self._outcome.stored += len(batch.lines)
        elif faults := _faults(answer, len(batch.lines)):
            self._outcome.refused += [Refusal(batch.lines[i].number, reason) for i, reason in faults.items()]
            kept = [i for i in range(len(batch.lines)) if i not in faults]
            if kept:
                await self._send(_Batch([batch.lines[i] for i in kept], [batch.bodies[i] for i in kept]))
        elif len(batch.lines) > 1 and answer.status_code in _WHOLE:
            middle = len(batch.lines) // 2
            await self._send(_Batch(batch.lines[:middle], batch.bodies[:middle]))
            await self._send(_Batch(batch.lines[middle:], batch.bodies[middle:]))
        elif answer.status_code in _WHOLE:
            self._outcome.refused.append(Refusal(batch.lines[0].number, detail(answer)))
        else:
            raise ImportFailed(f"the server answers {answer.status_code}: {detail(answer)}")

    async def _post(self, bodies: Sequence[bytes]) -> httpx.Response:
        def trouble(why: str) -> None:
            self._outcome.trouble = why
            self._tell(self._outcome)

        return await post(self._client, "/xapi/statements", b"[" + b",".join(bodies) + b"]", trouble)


_WHOLE = (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def identified(line: bytes) -> bytes:
    """The statement with an id: its own, else one made of its bytes. Raises ``ValueError`` when it is no object."""
    try:
        found = _decode(line)
    except msgspec.DecodeError:
        raise ValueError("the line is not one JSON object") from None
    if found.id is not msgspec.UNSET:
        return line
    rest = line[1:].lstrip()
    separator = b"" if rest.startswith(b"}") else b","
    return b'{"id":"%s"' % str(uuid5(_LINES, line.decode())).encode() + separator + rest


def _faults(answer: httpx.Response, statements: int) -> dict[int, str]:
    """The statements that the answer blames, by their place in the batch, with the reasons."""
    found: dict[int, list[str]] = {}
    for error in problem(answer).get("errors", []):
        place, _, path = str(error.get("pointer", "")).removeprefix("/").partition("/")
        if place.isdigit() and int(place) < statements:
            found.setdefault(int(place), []).append(f"/{path} {error['detail']}" if path else str(error["detail"]))
    return {place: "; ".join(reasons) for place, reasons in found.items()}
