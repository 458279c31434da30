"""Bare HTTP/1.1 clients: so light that the server is what is measured."""

import asyncio
import base64
from collections.abc import Iterator
from typing import Self
from urllib.parse import urlsplit


async def post_all(url: str, key: str, secret: str, bodies: Iterator[bytes], connections: int) -> int:
    """POST every body over ``connections`` kept-alive connections; returns how many were answered 200.

    Raises ``RuntimeError`` on any other answer.
    """
    parts = urlsplit(url)
    credential = base64.b64encode(f"{key}:{secret}".encode()).decode()
    head = (
        f"POST {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nAuthorization: Basic {credential}\r\n"
        "Content-Type: application/json\r\nX-Experience-API-Version: 1.0.3\r\nContent-Length: "
    ).encode()
    counts = await asyncio.gather(
        *(_connection(parts.hostname or "", parts.port or 80, head, bodies) for _ in range(connections))
    )
    return sum(counts)


async def _connection(host: str, port: int, head: bytes, bodies: Iterator[bytes]) -> int:
    reader, writer = await asyncio.open_connection(host, port)
    answered = 0
    for body in bodies:
        writer.write(head + b"%d\r\n\r\n" % len(body) + body)
        await _answer(reader)
        answered += 1
    writer.close()
    await writer.wait_closed()
    return answered


class Client:
    """One kept-alive connection for GET, one request at a time."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, headers: str) -> None:
        self._reader, self._writer, self._headers = reader, writer, headers

    @classmethod
    async def open(cls, host: str, port: int, key: str, secret: str) -> Self:
        credential = base64.b64encode(f"{key}:{secret}".encode()).decode()
        headers = f"Host: {host}\r\nAuthorization: Basic {credential}\r\nAccept: application/json\r\n"
        return cls(*await asyncio.open_connection(host, port), headers)

    async def get(self, path: str) -> bytes:
        """The body. Raises ``RuntimeError`` for any answer but 200."""
        self._writer.write(f"GET {path} HTTP/1.1\r\n{self._headers}\r\n".encode())
        return await _answer(self._reader)

    async def close(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    answer = await reader.readuntil(b"\r\n\r\n")
    length = int(answer.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
    text = await reader.readexactly(length)
    if not answer.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"{answer!r} {text!r}")
    return text
