"""Request bodies of bounded size."""

from fastapi import Request

from praxis_service.problem import TooLarge


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body, at most ``limit`` bytes; no more than that is ever held.

    Raises ``TooLarge``: at once when the request declares its length, else as soon as the limit is passed.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise _too_large(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise _too_large(limit)
    return bytes(body)


def _too_large(limit: int) -> TooLarge:
    return TooLarge(f"The body has more than {limit} bytes.")
