"""Forgetting a person in what identity providers keep here: the rows are no projection, so no rebuild forgets them."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_ingest.scim import store
from praxis_ingest.scim.resources import POLICY, EnterpriseUser, Kind, Stored
from praxis_ingest.scim.store import Wanted
from praxis_people.forgetting.person import Person
from praxis_people.forgetting.pseudonyms import Pseudonyms
from praxis_people.forgetting.walking import Walk

TABLE = "ingest.scim_resources"


async def erase(session: AsyncSession, pseudonyms: Pseudonyms) -> int:
    """Delete the person's own users, and mention them nowhere else; how many resources that changed."""
    every = [each for kind in Kind for each in await store.select(session, Wanted(kind))]
    own = {each.id for each in every if each.kind is Kind.USER and _is_of(each, pseudonyms.person)}
    for id_ in own:
        await store.delete(session, id_)
    changed = len(own)
    for each in every:
        if each.id not in own and (after := _without(each, own, pseudonyms)) is not None:
            await store.update(session, after, each.modified)
            changed += 1
    return changed


def _is_of(user: Stored, person: Person) -> bool:
    enterprise = user.resource[EnterpriseUser]
    numbers = {user.told["person_id"], enterprise.employee_number if enterprise else None}
    mails = [user.resource.user_name, *(each.value for each in user.resource.emails or ())]
    return (person.person_id is not None and person.person_id in numbers) or any(
        person.is_one_of(f"mbox:{str(mail).lower()}") for mail in mails
    )


def _without(stored: Stored, gone: set[UUID], pseudonyms: Pseudonyms) -> Stored | None:
    """``None`` where the person is not mentioned."""
    resource = stored.resource.model_copy(deep=True)
    names = {*map(str, gone), pseudonyms.person.person_id}
    if stored.kind is Kind.GROUP:
        resource.members = [each for each in resource.members or () if each.value not in names] or None
    elif store.manager_of(resource) in names:
        resource[EnterpriseUser].manager = None
    walk = Walk(pseudonyms, bounded=False)
    body = resource.model_dump(exclude={"id", "meta"})
    written: Any = msgspec.json.decode(walk.value(msgspec.json.encode(body)))
    told: Any = msgspec.json.decode(walk.value(msgspec.json.encode(stored.told)))
    if written == stored.resource.model_dump(exclude={"id", "meta"}) and told == stored.told:
        return None
    return replace(stored, resource=stored.kind.model.model_validate(written, scim_policy=POLICY), told=told)
