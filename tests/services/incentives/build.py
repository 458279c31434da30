"""Builders for cases: everything has a plain default, so that a test says only what it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from praxis_events.contracts.evidence import Kind
from praxis_events.contracts.programme import Criteria
from praxis_incentives.cases import Case, Grant
from praxis_incentives.decision import Decision
from praxis_incentives.evidence import ArtefactKey, Evidence
from praxis_incentives.findings import Finding
from praxis_incentives.policies import Policy, read_policy
from praxis_incentives.standing import Standing

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)
LEARNER = "person:p-1"


def day(number: int) -> datetime:
    return datetime(2026, 1, 1, 10, tzinfo=UTC) + timedelta(days=number)


def policy_data(version: int = 1, skills: tuple[str, ...] = ("python",), reward: str = "badge", **criteria: Any) -> Any:
    return {
        "policy": "python-in-practice",
        "version": version,
        "owner": {"person_id": "p-7"},
        "skills": list(skills),
        "criteria": criteria,
        "reward": {"type": reward, "name": "Python in practice"},
        "effective_from": "2026-01-01T00:00:00Z",
    }


def policy(version: int = 1, skills: tuple[str, ...] = ("python",), reward: str = "badge", **criteria: Any) -> Policy:
    return read_policy(msgspec.json.encode(policy_data(version, skills, reward, **criteria)))


def item(
    id_: str,
    kind: Kind = "manager-verification",
    attester: str | None = "person:m-1",
    submitter: str | None = "account:urn:praxis:credential|work",
    on: int = 60,
    artefact: str | None = None,
    **changes: Any,
) -> Evidence:
    """One item about an artefact of its own, unless ``artefact`` names one."""
    known: dict[str, Any] = {"skill": "python", "learner": LEARNER} | changes
    return Evidence(
        id=id_,
        kind=kind,
        attester=attester,
        submitter=submitter,
        artefact=ArtefactKey.of("github", artefact or f"acme/app#{id_}"),
        occurred_at=day(on),
        **known,
    )


def case(**changes: Any) -> Case:
    given: dict[str, Any] = {"learner": LEARNER, "place": 0}
    return Case(**(given | changes))


def grant(id_: str = "g", *evidence: str, **changes: Any) -> Grant:
    given: dict[str, Any] = {
        "id": id_,
        "ledger_index": 0,
        "version": 1,
        "at": day(70),
        "evidence": frozenset(evidence),
        "state": "granted",
        "latest": id_,
    }
    return Grant(**(given | changes))


def standing(*items: Evidence, before: tuple[Grant, ...] = (), at: datetime = NOW) -> Standing:
    return Standing(items, before, at)


def criteria(**asked: Any) -> Criteria:
    return Criteria.model_validate(asked)


def finding(decision: Decision, criterion: str) -> Finding:
    return next(each for each in decision.findings if each.criterion == criterion)


def reasons(decision: Decision) -> dict[str, str]:
    return {each.evidence: each.reason for each in decision.excluded}
