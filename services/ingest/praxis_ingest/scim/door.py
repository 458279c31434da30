"""The SCIM door: change a resource, tell what follows from it, and keep both or neither.

The events are durable on the log before the row is committed. If the commit then fails, the client's next attempt tells
them again, which says nothing new.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from pydantic import ValidationError
from scim2_models import InvalidValueException, NotFoundException, PreconditionFailedException
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from praxis_events.clock import Clock
from praxis_events.contracts import contract_for
from praxis_events.envelope import Event
from praxis_events.log import EventLog
from praxis_events.topics import DIRECTORY
from praxis_ingest.scim import store
from praxis_ingest.scim.resources import Kind, Resource, Stored
from praxis_ingest.scim.telling import Told, said, tell
from praxis_service.auth import Principal

Change = Callable[[Resource], Resource]
"""The resource as it is to be, from a copy of it as it is."""


class ScimDoor:
    """Raises ``LogUnavailable`` when the log does not acknowledge: then nothing has changed here."""

    def __init__(
        self, log: EventLog, sessions: async_sessionmaker[AsyncSession], clock: Clock, *, deactivated_leaves: bool
    ) -> None:
        self._log, self._sessions, self._clock, self._leaves = log, sessions, clock, deactivated_leaves

    async def create(self, kind: Kind, resource: Resource, principal: Principal) -> Stored:
        now = self._clock()
        stored = Stored(uuid4(), kind, _keepable(kind, resource), Told().kept(), 1, now, now)
        async with self._sessions.begin() as session:
            await store.insert(session, stored)
            return await self._tell(session, stored, principal)

    async def change(self, kind: Kind, id_: UUID, change: Change, if_match: str | None, principal: Principal) -> Stored:
        """Under the resource's lock. Raises what ``change`` raises, and ``PreconditionFailedException``."""
        async with self._sessions.begin() as session:
            before = await _locked(session, kind, id_, if_match)
            resource = _keepable(kind, change(before.resource.model_copy(deep=True)))
            if resource.model_dump() == before.resource.model_dump():
                return before
            now = self._clock()
            after = replace(before, resource=resource, version=before.version + 1, modified=now)
            await store.update(session, after, now)
            return await self._tell(session, after, principal)

    async def delete(self, kind: Kind, id_: UUID, if_match: str | None, principal: Principal) -> None:
        """A deleted user is a deactivated one, of whom nothing is kept here."""
        async with self._sessions.begin() as session:
            stored = await _locked(session, kind, id_, if_match)
            await store.delete(session, id_)
            if kind is Kind.USER:
                stored.resource.active = False
                events, _ = await self._events(session, stored, principal)
                await self._append(events)

    async def _tell(self, session: AsyncSession, stored: Stored, principal: Principal) -> Stored:
        """Of the user, and of those who were waiting to be told who their manager is."""
        if stored.kind is Kind.GROUP:
            return stored
        events: list[Event] = []
        for each in (stored, *await store.reports_of(session, stored)):
            found, told = await self._events(session, each, principal)
            if told.kept() != each.told:
                await store.note_told(session, replace(each, told=told.kept()))
            events += found
        await self._append(events)
        return stored

    async def _events(self, session: AsyncSession, stored: Stored, principal: Principal) -> tuple[list[Event], Told]:
        manager_id = await store.person_of(session, store.manager_of(stored.resource))
        now_said = said(stored.resource, manager_id, deactivated_leaves=self._leaves)
        return tell(Told.of(stored.told), now_said, self._clock(), principal.key, stored.id)

    async def _append(self, events: Sequence[Event]) -> None:
        for event in events:
            _check(event)
        if events:
            await self._log.append([event.to_record(DIRECTORY.name) for event in events])


async def _locked(session: AsyncSession, kind: Kind, id_: UUID, if_match: str | None) -> Stored:
    stored = await store.find(session, kind, id_, lock=True)
    if stored is None:
        raise NotFoundException(detail=f"There is no {kind} {id_}")
    if if_match is not None and not {stored.etag, "*"} & {each.strip() for each in if_match.split(",")}:
        raise PreconditionFailedException(detail=f"The {kind} has changed: it is at {stored.etag}")
    return stored


def _keepable(kind: Kind, resource: Resource) -> Resource:
    """Without a password, which is no business of ours. Raises ``InvalidValueException`` for a user without a userName,
    which must not be empty (RFC 7643 §4.1.1)."""
    if kind is Kind.USER:
        if not (resource.user_name or "").strip():
            raise InvalidValueException(detail="userName: must not be empty")
        resource.password = None
    return resource


_ATTRIBUTES = {
    "person_id": "employeeNumber",
    "name": "displayName",
    "unit": "department",
    "role": "title",
    "worker_type": "userType",
    "time_zone": "timezone",
    "manager_id": "manager",
    "identifiers": "emails",
}


def _check(event: Event) -> None:
    """No event goes to the log that its readers could not read."""
    contract = contract_for(event.type)
    if contract is None:
        raise LookupError(event.type)
    try:
        contract.model.model_validate_json(event.data)
    except ValidationError as error:
        first: Any = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = str(first["loc"][0])
        raise InvalidValueException(detail=f"{_ATTRIBUTES.get(field, field)}: {first['msg']}") from None
