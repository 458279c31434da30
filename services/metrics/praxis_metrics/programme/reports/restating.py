"""What a published report said that is said differently now. Pure."""

from collections.abc import Iterator, Mapping
from math import isclose
from typing import Any, Literal, NamedTuple

from praxis_metrics.programme.reports.schemas import RestatementOut, Snapshot

Why = Literal["definition-changed", "hidden-now", "was-provisional", "late-data"]

_ROUNDING = 1e-9
"""Sums of floats depend on their order, by less than this share."""


class _Figure(NamedTuple):
    """``says``: what a reader would compare."""

    says: Mapping[str, Any]
    version: int | None = None
    suppressed: bool = False
    provisional: bool = False


def restatements(then: Snapshot, now: Snapshot) -> Iterator[RestatementOut]:
    """In the order in which the report tells them; what is new comes last."""
    said, says = _figures(then), _figures(now)
    for name in [*said, *(name for name in says if name not in said)]:
        was, is_ = said.get(name), says.get(name)
        if was is None or is_ is None or not _same(was.says, is_.says):
            yield RestatementOut(
                figure=name, then=was and dict(was.says), now=is_ and dict(is_.says), why=_why(was, is_)
            )


def _why(then: _Figure | None, now: _Figure | None) -> Why:
    if then is not None and now is not None and then.version != now.version:
        return "definition-changed"
    if then is not None and now is not None and now.suppressed and not then.suppressed:
        return "hidden-now"
    return "was-provisional" if then is not None and then.provisional else "late-data"


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return one.keys() == other.keys() and all(_equal(value, other[name]) for name, value in one.items())


def _equal(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return isclose(one, other, rel_tol=_ROUNDING, abs_tol=_ROUNDING)
    return bool(one == other)


def _figures(snapshot: Snapshot) -> dict[str, _Figure]:
    """By a name that a reader understands."""
    found = {"headline": _Figure({"kpis": snapshot.headline})}
    for kpi in snapshot.kpis:
        says = kpi.model_dump(include={"value", "numerator", "denominator", "n"})
        found[f"KPI {kpi.kpi}"] = _Figure(says, kpi.definition_version, kpi.suppressed, kpi.provisional)
    for goal in snapshot.goals:
        says = goal.model_dump(mode="json", include={"baseline", "target", "due_on", "value", "progress", "standing"})
        found[f"goal {goal.goal}"] = _Figure(says, goal.definition_version, goal.suppressed, goal.provisional)
    for kind, trials in (("pilot", snapshot.pilots), ("pathway", snapshot.pathways)):
        for trial in trials:
            found[f"{kind} {trial.id}"] = _Figure(trial.model_dump(exclude={"id"}))
    for barrier in snapshot.barriers:
        found[f"barrier {barrier.barrier}"] = _Figure(barrier.model_dump(exclude={"barrier"}))
    found["disagreements"] = _Figure({"kpis": snapshot.disagreements})
    for each in snapshot.decisions:
        name = f"{each.kind} {each.id} on {each.on}"
        found[name] = _Figure(each.model_dump(include={"decision"}))
    return found
