"""What the directory says of people whom no evidence and no review names: it changes nobody's case, and a roster brings
much of it. It is taken together, where evidence has to be taken one by one."""

from collections.abc import Sequence
from itertools import takewhile

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.contracts.directory import IdentityLinked, IdentityUnlinked
from praxis_incentives.decider import managers, who
from praxis_incentives.decider.facts import Fact
from praxis_incentives.identities import keys_of
from praxis_people.directory import apply_changes, change_of
from praxis_people.manager_changes import ManagerChange


def of_directory(facts: Sequence[Fact]) -> Sequence[Fact]:
    """The facts, from the first on, that say who somebody is or whose manager."""
    return list(takewhile(lambda fact: isinstance(fact.data, ManagerChange | IdentityLinked | IdentityUnlinked), facts))


async def strangers(session: AsyncSession, facts: Sequence[Fact]) -> int:
    """How many of these facts of the directory, from the first on, are about nobody whom evidence names."""
    claimed = await who.keys_of_persons(session, {_person(each) for each in facts})
    for fact in facts:
        claimed[_person(fact)] |= _linked(fact)
    known = await who.known_keys(session, set().union(*claimed.values()))
    return len(list(takewhile(lambda fact: not known & claimed[_person(fact)], facts)))


async def take_strangers(session: AsyncSession, facts: Sequence[Fact]) -> None:
    await managers.keep(session, facts)
    links = [
        change_of(each.event, each.place, each.data)
        for each in facts
        if isinstance(each.data, IdentityLinked | IdentityUnlinked)
    ]
    await apply_changes(session, links)


def _person(fact: Fact) -> str:
    assert isinstance(fact.data, ManagerChange | IdentityLinked | IdentityUnlinked)
    return fact.data.person_id


def _linked(fact: Fact) -> set[str]:
    if not isinstance(fact.data, IdentityLinked | IdentityUnlinked):
        return set()
    change = change_of(fact.event, fact.place, fact.data)
    return {key for identifier in change.identifiers for key in keys_of(identifier)}
