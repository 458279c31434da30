"""The weights of the items add up to the threshold; those of all peers together count only up to their cap."""

from collections.abc import Iterable
from decimal import Decimal

from praxis_events.contracts.evidence import Kind
from praxis_events.contracts.programme import Criteria
from praxis_incentives.evidence import Evidence
from praxis_incentives.findings import Finding, counted
from praxis_incentives.standing import Standing

NAMES: dict[Kind, str] = {
    "task-completed": "a completed task",
    "project-result": "a project result",
    "peer-endorsement": "a peer's endorsement",
    "manager-verification": "a manager's verification",
    "assessor-validation": "an assessor's validation",
}


def asks(criteria: Criteria) -> str:
    limit = criteria.per_endorser
    worth = ", ".join(f"{name} {criteria.weights.of(kind):g}" for kind, name in NAMES.items())
    return (
        f"Evidence worth at least {criteria.threshold:g}: {worth}; "
        f"a peer of the same team {criteria.weights.of_peer(same_team=True):g}, half as much each time that "
        f"one peer endorses again, and one peer's word at most {counted(limit.times, 'time')} within "
        f"{counted(limit.days, 'day')}; "
        f"all peers together at most {criteria.max_peer_weight:g}."
    )


def judge(criteria: Criteria, standing: Standing) -> Finding:
    required, reached = _exact(criteria.threshold), weight(criteria, standing.items)
    met = reached >= required
    return Finding(
        "threshold",
        met,
        criteria.threshold,
        float(reached),
        f"The evidence is worth {_plain(reached)}; {_plain(required)} is asked.",
        None if met else f"Evidence worth {_plain(required - reached)} more, not from peers alone.",
    )


def weight(criteria: Criteria, items: Iterable[Evidence]) -> Decimal:
    """The sum in decimal arithmetic: 0.6 and 0.8 make 1.4 exactly."""
    peers, others = Decimal(0), Decimal(0)
    for item in items:
        if item.by_peer:
            peers += _of_peer(criteria, item)
        else:
            others += _exact(criteria.weights.of(item.kind))
    return others + min(peers, _exact(criteria.max_peer_weight))


def _of_peer(criteria: Criteria, item: Evidence) -> Decimal:
    """Half as much each time that one endorses the same person."""
    return _exact(criteria.weights.of_peer(same_team=item.endorsed.same_team)) / Decimal(2) ** item.endorsed.of_pair


def _exact(number: float) -> Decimal:
    """The decimal that was written in the policy."""
    return Decimal(repr(number))


def _plain(number: Decimal) -> str:
    return f"{float(number):g}"
