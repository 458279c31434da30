"""The tables of the report's page, cell by cell as they are read. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from praxis_metrics.programme.reports.figures import counts, measure, number, period, share
from praxis_metrics.programme.reports.schemas import ReportOut, RestatementOut, Snapshot, TrialOut

HIDDEN = "hidden: too few people"

Row: TypeAlias = Sequence[str]


def tables(report: ReportOut) -> Mapping[str, list[Row]]:
    """By what they are about; the first cell of a row names it."""
    told = report.snapshot
    return {
        "goals": list(_goals(told)),
        "kpis": list(_kpis(told)),
        "pilots": list(_trials(told.pilots)),
        "pathways": list(_trials(told.pathways)),
        "barriers": list(_barriers(report)),
        "decisions": list(_decisions(told)),
        "restated": list(_restated(report.restatements)),
    }


def _goals(told: Snapshot) -> Iterator[Row]:
    for goal in told.goals:
        value = HIDDEN if goal.suppressed else f"{number(goal.value)}{period(goal)}"
        what = f"{goal.kpi}{''.join(f', {kind} {name}' for kind, name in goal.filters.items())}"
        due = f"{goal.due_on}"
        yield (
            goal.goal,
            what,
            number(goal.baseline),
            value,
            number(goal.target),
            share(goal.progress),
            due,
            goal.standing,
        )


def _kpis(told: Snapshot) -> Iterator[Row]:
    for kpi in told.kpis:
        value = HIDDEN if kpi.suppressed else measure(kpi)
        note = "; ".join(
            note
            for note, holds in (("provisional", kpi.provisional), ("feedback disagrees", kpi.kpi in told.disagreements))
            if holds
        )
        yield kpi.kpi, f"v{kpi.definition_version}", value, counts(kpi), number(kpi.n), number(kpi.previous), note


def _trials(trials: Iterable[TrialOut]) -> Iterator[Row]:
    for each in trials:
        yield each.id, each.verdict or "none yet", each.recommendation or "none yet"


def _barriers(report: ReportOut) -> Iterator[Row]:
    owners = {each.id: each.owner for each in report.responsible if each.kind == "barrier"}
    for each in report.snapshot.barriers:
        owner = " ".join(str(part) for part in owners.get(each.barrier, {}).values()) or "nobody"
        figures = number(each.people), share(each.prevalence), number(each.severity), number(each.score)
        yield f"{each.rank}. {each.barrier}", *figures, owner


def _decisions(told: Snapshot) -> Iterator[Row]:
    for each in told.decisions:
        yield f"{each.on}", each.kind, each.id, each.decision


def _restated(found: Iterable[RestatementOut]) -> Iterator[Row]:
    for each in found:
        yield each.figure, _said(each.then), _said(each.now), each.why


def _said(figures: dict[str, object] | None) -> str:
    if figures is None:
        return "not there"
    return ", ".join(f"{name} {number(value)}" for name, value in figures.items() if value is not None) or "nothing"
