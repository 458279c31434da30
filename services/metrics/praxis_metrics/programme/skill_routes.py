"""``/skills/coverage``, ``/activities/quality`` and ``/activities/suggestions``: as published, read when asked."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.clock import Clock
from praxis_metrics.programme import skill_definitions, skill_reading
from praxis_metrics.programme.activities import ACTIVITIES
from praxis_metrics.programme.activity_figures import FLAGS
from praxis_metrics.programme.activity_schemas import QualityOut, QualityQuery, SuggestionsOut, SuggestionsQuery
from praxis_metrics.programme.skill_schemas import CoverageOut, CoverageQuery
from praxis_metrics.programme.skills import SKILLS
from praxis_metrics.programme.suggestions import SUGGESTIONS
from praxis_metrics.series import snapshot
from praxis_metrics.watermark import watermark
from praxis_service.auth import Authenticator


def skill_router(sessions: async_sessionmaker[AsyncSession], authenticate: Authenticator, clock: Clock) -> APIRouter:
    router = APIRouter(tags=["metrics"], dependencies=[Depends(authenticate)])

    @router.get("/skills/coverage")
    async def skills_coverage(query: Annotated[CoverageQuery, Query()]) -> CoverageOut:
        """Which skills roles require, how many hold them, and what teaches them."""
        async with sessions.begin() as session:
            await snapshot(session)
            found, further = await skill_reading.coverage(session, query)
            mark = await watermark(session, SKILLS.name)
        filters = {name: value for name in ("skill", "role", "unit") if (value := getattr(query, name)) is not None}
        return CoverageOut.model_validate({
            "definition": skill_definitions.COVERAGE, "definition_version": SKILLS.version, "watermark": mark,
            "as_of": clock(), "filters": filters, "skills": found, "next": further,
            "not_taught": [each["skill"] for each in found if each["required_by"] and not each["taught_by"]],
        })  # fmt: skip

    @router.get("/activities/quality")
    async def activities_quality(query: Annotated[QualityQuery, Query()]) -> QualityOut:
        """What each activity leads to: who completes it, what they say of it, and whether it is applied at work."""
        async with sessions.begin() as session:
            await snapshot(session)
            page = await skill_reading.quality(session, query)
            mark = await watermark(session, ACTIVITIES.name)
        return QualityOut.model_validate({
            "definition": skill_definitions.QUALITY, "definition_version": ACTIVITIES.version, "watermark": mark,
            "as_of": clock(), "total": page.total, "flags": FLAGS, "activities": page.found,
        })  # fmt: skip

    @router.get("/activities/suggestions")
    async def activities_suggestions(query: Annotated[SuggestionsQuery, Query()]) -> SuggestionsOut:
        """Skills that activities without any may teach, by their text, for a person to confirm."""
        async with sessions.begin() as session:
            await snapshot(session)
            page = await skill_reading.suggestions(session, query)
            mark = await watermark(session, SUGGESTIONS.name)
        return SuggestionsOut.model_validate({
            "definition": skill_definitions.SUGGESTIONS, "definition_version": SUGGESTIONS.version, "watermark": mark,
            "as_of": clock(), "total": page.total, "activities": page.found,
        })  # fmt: skip

    return router
