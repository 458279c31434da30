"""Closing what aiokafka opened, bounded, whatever state the brokers are in.

In tasks of their own: its ``stop`` lets the cancellation of its own parts out, which would cancel the caller, and then
leaves the rest of them running.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer


async def discard_consumer(consumer: AIOKafkaConsumer, timeout: float) -> None:
    if not await _ended(consumer.stop(), timeout):
        for part in (consumer._coordinator, consumer._fetcher, consumer._client):
            if part is not None:
                await _ended(part.close(), timeout)


async def discard_producer(producer: AIOKafkaProducer, timeout: float) -> None:
    """Without waiting for what the broker does not take."""
    if not await _ended(producer.stop(), timeout):
        await _ended(producer.client.close(), timeout)


async def _ended(closing: Coroutine[Any, Any, None], timeout: float) -> bool:
    """Whether it came to its end in time and without an error."""
    task = asyncio.create_task(closing)
    await asyncio.wait([task], timeout=timeout)
    if not task.done():
        task.cancel()
        return False
    return not task.cancelled() and task.exception() is None
