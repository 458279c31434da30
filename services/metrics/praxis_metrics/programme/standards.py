"""Central standards, and which departures of teams from them are in effect. Pure."""

from typing import Any, Literal, NamedTuple

WhyNot = Literal["no-such-standard", "about-something-else", "no-bounds", "out-of-bounds"]


class Standard(NamedTuple):
    about: str
    least: float | None
    most: float | None


def why_not(standard: Standard | None, about: str, value: Any) -> WhyNot | None:
    """Why an override has no effect; ``None`` where it is in effect.

    A standard without bounds leaves no room: it holds for all.
    """
    if standard is None:
        return "no-such-standard"
    if about != standard.about:
        return "about-something-else"
    if standard.least is None or standard.most is None:
        return "no-bounds"
    if isinstance(value, bool | str) or not standard.least <= value <= standard.most:
        return "out-of-bounds"
    return None
