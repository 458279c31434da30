"""``GET /policies``: every published version, in the publisher's terms and in plain words."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.clock import Clock
from praxis_events.contracts.base import canonical
from praxis_events.contracts.programme import Criteria, Reward
from praxis_incentives.consistency import Consistency
from praxis_incentives.criteria import in_plain_words
from praxis_incentives.policies import read_policy
from praxis_service.auth import Authenticator
from praxis_service.parameters import refuse_unknown
from praxis_service.problem import NotFound

State = Literal["in-effect", "scheduled", "superseded", "withdrawn"]

_VERSIONS = text(
    "SELECT policy, version, data, effective_from, "
    "EXISTS (SELECT FROM programme_rescinded r WHERE r.event = p.event) AS withdrawn "
    "FROM policies p WHERE CAST(:policy AS text) IS NULL OR policy = :policy ORDER BY policy, version DESC"
)


class PolicyVersion(BaseModel):
    """``hash`` is what decisions name the version by: SHA-256 of the published data's canonical JSON (RFC 8785)."""

    version: int
    hash: str
    state: State
    owner: dict[str, Any]
    skills: list[str]
    criteria: Criteria
    in_plain_words: list[str]
    reward: Reward
    effective_from: datetime


class PolicyView(BaseModel):
    """``in_effect`` is the version that new cases are judged by. Newest version first."""

    policy: str
    in_effect: int | None
    versions: list[PolicyVersion]


class PolicyList(BaseModel):
    policies: list[PolicyView]
    consistent: bool
    watermark: datetime | None


class PolicyRoutes:
    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        clock: Clock,
        consistency: Consistency,
        authenticate: Authenticator,
    ) -> None:
        self._sessions, self._clock = sessions, clock
        self._consistency, self._authenticate = consistency, authenticate

    def router(self) -> APIRouter:
        router = APIRouter(tags=["recognition"])
        router.add_api_route("/policies", self.all, methods=["GET"], summary="Policies with their versions")
        router.add_api_route("/policies/{policy}", self.one, methods=["GET"], summary="One policy with its versions")
        return router

    async def all(self, request: Request) -> PolicyList:
        """Every policy by name; sees what was acknowledged before, or says that it may not."""
        await self._authenticate(request)
        refuse_unknown(request)
        return await self._consistency.in_one_generation(self._all)

    async def one(self, request: Request, policy: str) -> PolicyView:
        await self._authenticate(request)
        refuse_unknown(request)
        found = [] if "\x00" in policy else await self._consistency.in_one_generation(lambda: self._awaited(policy))
        if not found:
            raise NotFound(f"There is no policy {policy!r}.")
        return found[0]

    async def _all(self) -> PolicyList:
        freshness = await self._consistency.wait()
        return PolicyList(
            policies=await self._read(None), consistent=freshness.consistent, watermark=freshness.watermark
        )

    async def _awaited(self, policy: str) -> list[PolicyView]:
        await self._consistency.wait()
        return await self._read(policy)

    async def _read(self, policy: str | None) -> list[PolicyView]:
        async with self._sessions() as session:
            rows = (await session.execute(_VERSIONS, {"policy": policy})).all()
        now = self._clock()
        return [_view(name, list(versions), now) for name, versions in groupby(rows, key=lambda row: row.policy)]


def _view(policy: str, rows: list[Row[Any]], now: datetime) -> PolicyView:
    """``rows``: its versions, newest first."""
    current = _in_effect(rows, now)
    return PolicyView(
        policy=policy, in_effect=current, versions=[_version(row, _state(row, current, now)) for row in rows]
    )


def _in_effect(rows: Iterable[Row[Any]], now: datetime) -> int | None:
    return next((row.version for row in rows if row.effective_from <= now and not row.withdrawn), None)


def _state(row: Row[Any], current: int | None, now: datetime) -> State:
    if row.withdrawn:
        return "withdrawn"
    if row.version == current:
        return "in-effect"
    return "scheduled" if row.effective_from > now and row.version > (current or 0) else "superseded"


def _version(row: Row[Any], state: State) -> PolicyVersion:
    policy = read_policy(bytes(row.data))
    published = policy.published
    return PolicyVersion(
        version=policy.version,
        hash=policy.hash,
        state=state,
        owner=canonical(published.owner),
        skills=published.skills,
        criteria=published.criteria,
        in_plain_words=in_plain_words(policy.criteria),
        reward=published.reward,
        effective_from=published.effective_from,
    )
