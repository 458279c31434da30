"""Which statements the store has already: one query at a time, for all requests that ask meanwhile."""

import asyncio
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_BODIES = text("SELECT id, body FROM statements WHERE id = ANY(:ids)")


class Question(NamedTuple):
    ids: Collection[UUID]
    answer: "asyncio.Future[dict[UUID, bytes]]"


class StoredStatements:
    """Bodies in the store by id. Many requests wait for one round trip, not each for its own."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._waiting: list[Question] = []
        self._asking: asyncio.Task[None] | None = None

    async def bodies(self, ids: Collection[UUID]) -> dict[UUID, bytes]:
        """Those that the store had at some moment after this was called. Raises what the database raises."""
        question = Question(ids, asyncio.get_running_loop().create_future())
        self._waiting.append(question)
        if self._asking is None:
            self._asking = asyncio.create_task(self._ask(), name="statement-lookup")
        return await question.answer

    async def _ask(self) -> None:
        try:
            while self._waiting:
                group, self._waiting = self._waiting, []
                await self._answer(group)
        finally:
            self._asking = None

    async def _answer(self, group: Collection[Question]) -> None:
        try:
            found = await self._find([each for question in group for each in question.ids])
        except Exception as error:  # whatever it is, it is for those who asked
            for question in group:
                if not question.answer.done():
                    question.answer.set_exception(error)
        else:
            for question in group:
                if not question.answer.done():  # else its request has gone
                    question.answer.set_result(_those(question.ids, found))
        finally:
            for question in group:
                question.answer.cancel()

    async def _find(self, ids: list[UUID]) -> dict[UUID, bytes]:
        async with self._engine.connect() as connection:
            rows = await connection.execute(_BODIES, {"ids": ids})
            return {row.id: row.body for row in rows}


def _those(ids: Iterable[UUID], found: Mapping[UUID, bytes]) -> dict[UUID, bytes]:
    return {each: found[each] for each in ids if each in found} if found else {}
