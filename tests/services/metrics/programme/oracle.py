"""The barrier audit once more, from what was said, in plain Python and slow on purpose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

CODES = ("time", "access", "recognition", "manager", "relevance", "other")


@dataclass(frozen=True)
class Voice:
    """A report, or a withdrawal (without ``severity``). ``who``: the person, ``None`` without a name."""

    who: str | None
    barrier: str
    severity: int | None
    at: datetime
    survey: str | None = None
    taken_back: bool = False


@dataclass(frozen=True)
class Row:
    barrier: str
    people: int
    severity: float
    score: float


def audit(voices: Sequence[Voice], surveys: dict[str, str], quarter: str, zone: ZoneInfo) -> list[Row]:
    """The first in rank first. ``surveys``: the quarter of each that was sent."""
    worst: dict[str, dict[str, int]] = {}
    for number, voice in enumerate(voices):
        if voice.taken_back or voice.barrier not in CODES or _quarter(voice, surveys, zone) != quarter:
            continue
        who = voice.who or f"nameless {number}"
        named = worst.setdefault(voice.barrier, {})
        named[who] = max(named.get(who, 0), voice.severity or 3)
    everybody = {who for named in worst.values() for who in named}
    rows = [
        Row(barrier, len(named), sum(named.values()) / len(named), sum(named.values()) / len(everybody))
        for barrier, named in worst.items()
    ]
    return sorted(rows, key=lambda row: (-sum(worst[row.barrier].values()), -row.people, row.barrier))


def _quarter(voice: Voice, surveys: dict[str, str], zone: ZoneInfo) -> str:
    if voice.survey in surveys:
        return surveys[voice.survey]
    day = voice.at.astimezone(zone)
    return f"{day.year}-Q{(day.month + 2) // 3}"
