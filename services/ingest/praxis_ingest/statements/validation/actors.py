"""Agents and Groups (xAPI 1.0.3, Data §2.4.2) and the authority (§2.4.9)."""

import re

from msgspec import UNSET

from praxis_ingest.statements.iri import is_iri, is_mailto
from praxis_ingest.statements.model import Account, Actor, Agent
from praxis_ingest.statements.remembered import Remembered
from praxis_ingest.statements.validation.inspection import IRI, Inspection
from praxis_ingest.statements.validation.parts import Parts

_SHA1 = re.compile(r"[0-9a-fA-F]{40}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_is_account_name = Remembered(lambda text: _CONTROL.search(text) is None).__getitem__
_ONE_IDENTIFIER = "must have exactly one of mbox, mbox_sha1sum, openid and account"


def check_actor(actor: Actor, at: str, seen: Inspection) -> None:
    """An Agent or a Group; without an objectType an Agent."""
    kind = actor.object_type
    if kind is UNSET or kind == "Agent":
        _check_agent(actor, at, seen)
        if actor.member is not UNSET:
            seen.fault(f"{at}/member", 'is allowed only in a Group: objectType must be "Group"')
    elif kind == "Group":
        check_group(actor, at, seen)
    else:
        seen.fault(f"{at}/objectType", 'must be "Agent" or "Group"')


def check_group(group: Actor, at: str, seen: Inspection) -> None:
    """An identified Group, or an anonymous one with its members."""
    if group.object_type != "Group":
        seen.fault(f"{at}/objectType", 'must be "Group"')
        return
    identifiers = _check_identifiers(group, at, seen)
    if identifiers > 1:
        seen.fault(at, "must have at most one of mbox, mbox_sha1sum, openid and account")
    if identifiers == 0 and not group.member:
        seen.fault(f"{at}/member", "is required in a Group without an identifier, with at least one Agent")
    if group.member is not UNSET:
        for index, member in enumerate(group.member):
            _check_member(member, f"{at}/member/{index}", seen)


def check_authority(authority: Actor, at: str, seen: Inspection) -> None:
    """An Agent, or for 3-legged OAuth an anonymous Group of application and user (§2.4.9)."""
    check_actor(authority, at, seen)
    if authority.object_type != "Group":
        return
    if _count_identifiers(authority):
        seen.fault(at, "must be an Agent, or a Group without an identifier (OAuth)")
    if authority.member is not UNSET and len(authority.member) != 2:
        seen.fault(f"{at}/member", "must hold exactly two Agents (OAuth): the application and the user")


def _check_member(member: Agent, at: str, seen: Inspection) -> None:
    if member.object_type is UNSET or member.object_type == "Agent":
        _check_agent(member, at, seen)
    else:
        seen.fault(f"{at}/objectType", 'must be "Agent": a Group holds only Agents')


def _check_agent(agent: Agent, at: str, seen: Inspection) -> None:
    if _check_identifiers(agent, at, seen) != 1:
        seen.fault(at, _ONE_IDENTIFIER)


def _check_identifiers(agent: Agent, at: str, seen: Inspection) -> int:
    """Check the form of each inverse functional identifier; returns how many there are (§2.4.2.3)."""
    if agent.account is not UNSET:
        _check_account(agent.account, f"{at}/account", seen)
    if agent.mbox is not UNSET and not is_mailto(agent.mbox):
        seen.fault(f"{at}/mbox", "must be a mailto IRI with one mail address, such as mailto:ann@example.org")
    if agent.mbox_sha1sum is not UNSET and not _SHA1.fullmatch(agent.mbox_sha1sum):
        seen.fault(f"{at}/mbox_sha1sum", "must be the SHA-1 of a mailto IRI: 40 hexadecimal digits")
    if agent.openid is not UNSET and not is_iri(agent.openid):
        seen.fault(f"{at}/openid", IRI)
    return _count_identifiers(agent)


def _count_identifiers(agent: Agent) -> int:
    return (
        (agent.account is not UNSET)
        + (agent.mbox is not UNSET)
        + (agent.mbox_sha1sum is not UNSET)
        + (agent.openid is not UNSET)
    )


def _check_account(account: Account, at: str, seen: Inspection) -> None:
    """Stricter than the specification in one point: databases cannot keep an identifier with U+0000 in it."""
    if not is_iri(account.home_page):
        seen.fault(f"{at}/homePage", IRI)
    if not _is_account_name(account.name):
        seen.fault(f"{at}/name", "must not hold control characters")


ACTORS = Parts(Actor, check_actor)
