"""The line between the services and a server: it can be slow, break off, or lose the answers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from random import Random

Address = Path | int
"""A Unix socket, or a port on loopback."""

_CHUNK = 65_536


class Line:
    """Listens on ``here`` and carries what it gets to ``there``, and the answers back."""

    def __init__(self, here: Address, there: Address, chance: Random) -> None:
        self._here, self._there, self._chance = here, there, chance
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._delay = 0.0
        self._answers_are_lost = False

    async def open(self) -> None:
        if isinstance(self._here, Path):
            self._server = await asyncio.start_unix_server(self._connected, self._here)
        else:
            self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._here)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self.cut()
            await self._server.wait_closed()

    def cut(self) -> None:
        """Break off all connections at once; new ones are taken."""
        for writer in self._writers:
            writer.transport.abort()

    @asynccontextmanager
    async def slow(self, longest: float) -> AsyncIterator[None]:
        """Meanwhile everything is late, by up to ``longest`` seconds each way."""
        self._delay = longest
        try:
            yield
        finally:
            self._delay = 0.0

    @asynccontextmanager
    async def losing_answers(self) -> AsyncIterator[None]:
        """Meanwhile the server gets and does everything, and nobody hears of it; then the connections break off."""
        self._answers_are_lost = True
        try:
            yield
        finally:
            self.cut()
            self._answers_are_lost = False

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            server_reader, server_writer = await self._reach()
        except OSError:
            writer.transport.abort()
            return
        own = {writer, server_writer}
        self._writers |= own
        ways = [
            asyncio.create_task(self._carry(reader, server_writer, answers=False)),
            asyncio.create_task(self._carry(server_reader, writer, answers=True)),
        ]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        self._writers -= own
        for each in own:
            each.close()
        await asyncio.gather(*ways, return_exceptions=True)

    async def _reach(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if isinstance(self._there, Path):
            return await asyncio.open_unix_connection(self._there)
        return await asyncio.open_connection("127.0.0.1", self._there)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, answers: bool) -> None:
        with suppress(OSError):
            while data := await reader.read(_CHUNK):
                if self._delay:
                    await asyncio.sleep(self._chance.uniform(0, self._delay))
                if not (answers and self._answers_are_lost):
                    writer.write(data)
                    await writer.drain()
