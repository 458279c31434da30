"""Who is responsible: people as an answer names them."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_people.identifiers import shown

Person = Mapping[str, Any]
"""``{"person_id": …}``, or one identifier as xAPI writes it where the directory knows nobody behind it."""

_LEARNERS = text("SELECT learner_id, person_id, home FROM learners WHERE learner_id = ANY(:ids)")


async def persons(session: AsyncSession, learners: Iterable[int | None]) -> dict[int | None, Person]:
    """By learner; whoever is known by nothing but a digest is left out."""
    asked = {each for each in learners if each is not None}
    rows = await session.execute(_LEARNERS, {"ids": sorted(asked)})
    found = {row.learner_id: {"person_id": row.person_id} if row.person_id else shown(row.home) for row in rows}
    return {learner: person for learner, person in found.items() if person is not None}
