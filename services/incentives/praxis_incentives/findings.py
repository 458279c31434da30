"""What a decision says for itself: each criterion met or not, each item left out and why, in plain words."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One criterion: what the policy asks, what there is, and, when unmet, what would meet it."""

    criterion: str
    met: bool
    required: float | int
    actual: float | int
    explanation: str
    remedy: str | None = None


@dataclass(frozen=True, slots=True)
class Excluded:
    """An item that does not count, with a reason for machines, one for people, and what could be done."""

    evidence: str
    reason: str
    explanation: str
    remedy: str | None = None


def counted(number: int, one: str, many: str | None = None) -> str:
    """``1 item``, ``2 items``."""
    return f"{number} {one if number == 1 else many or one + 's'}"
