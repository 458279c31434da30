"""What is shown of one activity, with whatever is about few people left out. Pure."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from praxis_metrics.kpis.kpi import Interval

NEVER_APPLIED, NO_FEEDBACK, NO_SKILL, NOT_REQUIRED = "never-applied", "no-feedback", "teaches-no-skill", "not-required"
FLAGS = {
    NEVER_APPLIED: "Taught, and by nobody applied in time.",
    NO_FEEDBACK: "Begun, and nobody said anything of it.",
    NO_SKILL: "No map gives it a skill now.",
    NOT_REQUIRED: "It teaches skills, and none that any role requires.",
}
"""Each with what it means."""


class Learning(NamedTuple):
    """``began`` and ``completed``: learners, whoever they are; ``numerator`` and ``denominator``: employees who began
    long enough ago, and those of them who have completed. ``hours``: the median until then."""

    began: int
    completed: int
    unmatched: int
    numerator: int
    denominator: int
    interval: Interval | None
    hours: float | None
    hours_interval: Interval | None


class Application(NamedTuple):
    """Pairs of a person and a skill; ``n``: people; ``waiting``: people whose time is not over."""

    numerator: int
    denominator: int
    n: int
    waiting: int
    interval: Interval | None


class Feedback(NamedTuple):
    """``sentiment``: the mean, from -2 to 2; ``people``: of whom ``responses`` are at least."""

    responses: int
    sentiment: float
    people: int


NOTHING_APPLIED = Application(0, 0, 0, 0, None)


def figures(
    learning: Learning,
    applied: Mapping[str | None, Application],
    feedback: Feedback | None,
    threshold: int,
    *,
    mapped: bool,
    required: bool,
) -> dict[str, Any]:
    """``applied``: by skill and, for ``None``, of all skills. ``mapped``: whether a map gives it any skill now;
    ``required``: whether any role asks for one of these."""
    whole = applied.get(None, NOTHING_APPLIED)
    by_skill = {skill: each for skill, each in applied.items() if skill is not None}
    # Beside the sum of all, one hidden skill would be a subtraction away: all of them are hidden with it.
    split = not any(_few(each.n, threshold) for each in by_skill.values())
    application = _application(whole, threshold, hidden=_few(whole.n, threshold))
    fit = [] if required else [NOT_REQUIRED if mapped else NO_SKILL]
    return {
        **_learning(learning, threshold),
        "application": application,
        "applied": [
            {"skill": s, **_application(each, threshold, hidden=not split)} for s, each in sorted(by_skill.items())
        ],
        "feedback": _feedback(feedback, threshold),
        "flags": [*_flags(learning, application, feedback, threshold), *fit],
    }


def _few(people: int, threshold: int) -> bool:
    return 0 < people < threshold


def _learning(found: Learning, threshold: int) -> dict[str, Any]:
    hidden = _few(found.began, threshold)
    completion = None if _few(found.denominator, threshold) else _completion(found)
    value: float | None = None if completion is None else completion["value"]
    shown: dict[str, Any] = {
        "began": found.began,
        "completed": found.completed,
        "unmatched": found.unmatched,
        "completion": completion,
        "drop_off": None if value is None else 1 - value,
        "hours_to_complete": {"median": found.hours, "interval": _interval(found.hours_interval)},
    }
    return {"suppressed": hidden, **(dict.fromkeys(shown) if hidden else shown)}


def _completion(found: Learning) -> dict[str, Any]:
    return {
        "value": found.numerator / found.denominator if found.denominator else None,
        "numerator": found.numerator,
        "denominator": found.denominator,
        "interval": _interval(found.interval),
    }


def _application(found: Application, threshold: int, *, hidden: bool) -> dict[str, Any]:
    shown = {
        "value": found.numerator / found.denominator if found.denominator else None,
        "numerator": found.numerator,
        "denominator": found.denominator,
        "n": found.n,
        "waiting": None if _few(found.waiting, threshold) else found.waiting,
        "interval": _interval(found.interval),
    }
    return {"suppressed": hidden, **(dict.fromkeys(shown) if hidden else shown)}


def _feedback(found: Feedback | None, threshold: int) -> dict[str, Any]:
    if found is None:
        return {"suppressed": False, "responses": 0, "sentiment": None}
    if _few(found.people, threshold):
        return {"suppressed": True, "responses": None, "sentiment": None}
    return {"suppressed": False, "responses": found.responses, "sentiment": found.sentiment}


def _interval(found: Interval | None) -> dict[str, Any] | None:
    return None if found is None else found._asdict()


def _flags(learning: Learning, application: Mapping[str, Any], feedback: Feedback | None, threshold: int) -> list[str]:
    """Only what the figures beside them show."""
    never = bool(application["denominator"]) and application["numerator"] == 0
    silent = feedback is None and learning.began >= max(threshold, 1)
    return [flag for flag, holds in ((NEVER_APPLIED, never), (NO_FEEDBACK, silent)) if holds]
