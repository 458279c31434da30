from collections.abc import AsyncIterator

import pytest
from fastapi import Request, Response

from praxis_service.body import read_body
from praxis_service.problem import TooLarge
from tests.libs.service.serving import client_of


async def measured(request: Request) -> Response:
    return Response(str(len(await read_body(request, 10))))


async def in_chunks(*sizes: int) -> AsyncIterator[bytes]:
    for size in sizes:
        yield b"x" * size


@pytest.mark.parametrize("size", [0, 1, 10])
async def test_a_body_within_the_limit_is_read_whole(size: int) -> None:
    async with client_of(("/", measured)) as client:
        assert (await client.post("/", content=b"x" * size)).text == str(size)


async def test_a_declared_length_beyond_the_limit_is_refused() -> None:
    async with client_of(("/", measured)) as client:
        answer = await client.post("/", content=b"x" * 11)
    assert answer.status_code == 413
    assert answer.json()["detail"] == "The body has more than 10 bytes."


async def test_chunks_are_counted() -> None:
    async with client_of(("/", measured)) as client:
        assert (await client.post("/", content=in_chunks(4, 6))).text == "10"
        assert (await client.post("/", content=in_chunks(4, 6, 1))).status_code == 413


async def test_nothing_is_read_past_the_limit() -> None:
    received: list[int] = []

    async def endless() -> dict[str, object]:
        received.append(4)
        return {"type": "http.request", "body": b"xxxx", "more_body": True}

    with pytest.raises(TooLarge):
        await read_body(Request({"type": "http", "headers": []}, endless), 10)
    assert len(received) == 3
