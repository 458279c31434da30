"""xAPI statements from a file to ``POST /xapi/statements``, in batches over a few connections.

Each has an id that follows from what the file says. So it has the same id whenever it is sent, and an import that is
repeated, wholly or in part, stores nothing twice.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID, uuid5

import httpx
import msgspec

from praxis_embedded.importing.files import LinesFile
from praxis_embedded.importing.journal import Place
from praxis_embedded.importing.posting import ImportFailed, detail, post, problem
from praxis_embedded.importing.refused import RefusedRow

BATCH_BYTES = 4_000_000

_LINES = UUID("6f0d6f1e-54e6-5d0b-9a55-2d6d2a5b7f10")
"""The namespace of ids that follow from a line's bytes."""


class Told(NamedTuple):
    """A statement that a file tells. ``line`` is where it stands, ``read`` how many of the file's bytes were read by
    then; ``columns`` says from which of its columns a part of the statement was filled, by JSON Pointer.
    """

    line: int
    id: str
    body: bytes
    read: int
    columns: Mapping[str, str] = {}


Reading: TypeAlias = Callable[[int], Iterator[Told | RefusedRow]]
"""What a file tells from a line on, and what of it cannot be used, in the file's order."""


@dataclass(slots=True)
class Outcome:
    """So far, or in the end. ``stored`` counts what the server acknowledged, also what it had already; ``read`` the
    bytes of the file; ``trouble`` says why nothing moves at the moment."""

    stored: int = 0
    refused: list[RefusedRow] = field(default_factory=list)
    read: int = 0
    trouble: str = ""


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
        journal: Place,
        tell: Callable[[Outcome], None],
        *,
        batch: int,
        connections: int,
    ) -> None:
        self._client, self._journal, self._tell = client, journal, tell
        self._batch, self._connections = batch, connections
        self._under_way: dict[int, int] = {}
        self._outcome = Outcome()

    async def run(self, read: Reading) -> Outcome:
        """Raises ``ImportFailed``, and ``OSError`` for a file that cannot be read."""
        queue: asyncio.Queue[Sequence[Told] | None] = asyncio.Queue(maxsize=self._connections)
        try:
            async with asyncio.TaskGroup() as tasks:
                for _ in range(self._connections):
                    tasks.create_task(self._send_all(queue))
                for batch in self._batches(read(self._journal.next_line())):
                    self._under_way[batch[0].line] = batch[-1].line
                    await queue.put(batch)
                for _ in range(self._connections):
                    await queue.put(None)
        except* (ImportFailed, OSError) as errors:
            if self._under_way:
                self._journal.reached(min(self._under_way), now=True)
            raise errors.exceptions[0] from None
        self._journal.done()
        return self._outcome

    def _batches(self, told: Iterator[Told | RefusedRow]) -> Iterator[Sequence[Told]]:
        """What one line tells stays together, as a line is resumed whole; one request has no id twice."""
        batch: list[Told] = []
        ids: set[str] = set()
        size = 0
        for _, line in groupby(self._usable(told), attrgetter("line")):
            fresh = list(line)
            larger = size + sum(len(each.body) for each in fresh)
            if batch and (len(batch) >= self._batch or larger > BATCH_BYTES or any(each.id in ids for each in fresh)):
                yield batch
                batch, ids, larger = [], set(), larger - size
            batch += fresh
            ids.update(each.id for each in fresh)
            size = larger
        if batch:
            yield batch

    def _usable(self, told: Iterator[Told | RefusedRow]) -> Iterator[Told]:
        for each in told:
            if isinstance(each, Told):
                yield each
            else:
                self._outcome.refused.append(each)

    async def _send_all(self, queue: "asyncio.Queue[Sequence[Told] | None]") -> None:
        while (batch := await queue.get()) is not None:
            await self._send(batch)
            first, last = batch[0].line, batch[-1].line
            del self._under_way[first]
            self._journal.reached(min(self._under_way, default=last + 1))
            self._outcome.read = max(self._outcome.read, batch[-1].read)
            self._tell(self._outcome)

    async def _send(self, batch: Sequence[Told]) -> None:
        answer = await self._post([each.body for each in batch])
        if answer.status_code == HTTPStatus.OK:
            self._outcome.stored += len(batch)
        elif faults := _faults(answer, batch):
            self._outcome.refused += faults.values()
            kept = [each for place, each in enumerate(batch) if place not in faults]
            if kept:
                await self._send(kept)
        elif len(batch) > 1 and answer.status_code in _WHOLE:
            await self._send(batch[: len(batch) // 2])
            await self._send(batch[len(batch) // 2 :])
        elif answer.status_code in _WHOLE:
            self._outcome.refused.append(RefusedRow(batch[0].line, "", detail(answer)))
        else:
            raise ImportFailed(f"the server answers {answer.status_code}: {detail(answer)}")

    async def _post(self, bodies: Sequence[bytes]) -> httpx.Response:
        def trouble(why: str) -> None:
            self._outcome.trouble = why
            self._tell(self._outcome)

        return await post(self._client, "/xapi/statements", b"[" + b",".join(bodies) + b"]", trouble)


_WHOLE = (HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def statements_of(file: LinesFile) -> Reading:
    """A file's statements, one a line."""

    def read(first: int) -> Iterator[Told | RefusedRow]:
        for line in file.lines(first):
            try:
                yield Told(line.number, *identified(line.body), line.read)
            except ValueError as error:
                yield RefusedRow(line.number, "", str(error))

    return read


def identified(line: bytes) -> tuple[str, bytes]:
    """The statement's id and the statement with it: its own, else one made of its bytes.

    Raises ``ValueError`` when it is no object.
    """
    try:
        found = _decode(line)
    except msgspec.DecodeError:
        raise ValueError("the line is not one JSON object") from None
    if found.id is not msgspec.UNSET:
        return str(found.id), line
    made, rest = str(uuid5(_LINES, line.decode())), line[1:].lstrip()
    separator = b"" if rest.startswith(b"}") else b","
    return made, b'{"id":"%s"' % made.encode() + separator + rest


def refused(told: Told, faults: Sequence[tuple[str, str]]) -> RefusedRow:
    """A statement that breaks rules; of each the pointer into it, and what must hold."""
    columns = [column for pointer, column in told.columns.items() if (faults[0][0] + "/").startswith(pointer + "/")]
    return RefusedRow(told.line, columns[0] if columns else "", "; ".join(" ".join(each).strip() for each in faults))


def _faults(answer: httpx.Response, batch: Sequence[Told]) -> dict[int, RefusedRow]:
    """The statements that the answer blames, by their place in the batch."""
    found: dict[int, list[tuple[str, str]]] = {}
    for error in problem(answer).get("errors", []):
        place, slash, path = str(error.get("pointer", "")).removeprefix("/").partition("/")
        if place.isdigit() and int(place) < len(batch):
            found.setdefault(int(place), []).append((slash + path, str(error["detail"])))
    return {place: refused(batch[place], faults) for place, faults in found.items()}
