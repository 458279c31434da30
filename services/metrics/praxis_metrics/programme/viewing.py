"""Whose record somebody may read: their own, and those of whoever reports to them now, as with decisions."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_people.directory import owners
from praxis_people.forgetting.person import CREDENTIALS
from praxis_people.identifiers import bounded, key_of_ref
from praxis_people.reporting_lines import reports_among
from praxis_service.access.table import Data
from praxis_service.auth import Principal


async def own_persons(session: AsyncSession, principal: Principal) -> frozenset[str]:
    """The ``person_id`` of the caller: whom the directory links the credential to, and who it itself says it is. What
    two persons claim is nobody's."""
    keys = {bounded(f"{CREDENTIALS}{principal.key}")}
    said: set[str] = set()
    if principal.person is not None:
        key = key_of_ref(principal.person)
        keys |= set() if key is None else {key}
        said = {principal.person.person_id} if principal.person.person_id else set()
    return frozenset({*(await owners(session, keys)).values(), *said})


async def may_read(
    session: AsyncSession, principal: Principal, own: Collection[str], person_id: str, now: datetime
) -> bool:
    """``own``: the caller's own persons."""
    if principal.shows is Data.ALL or person_id in own:
        return True
    return principal.shows is Data.SUBTREE and bool(await reports_among(session, [person_id], own, now))
