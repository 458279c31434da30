"""The finding of pilots: each with its groups, its metrics, what they have shown and what was decided."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import DAY
from praxis_metrics.changes import Source
from praxis_metrics.findings import Finding, Looked
from praxis_metrics.kpis import KPIS
from praxis_metrics.programme.figures import few, interval_of, rounded
from praxis_metrics.programme.governance_schemas import StepOut
from praxis_metrics.programme.observing import OBSERVED
from praxis_metrics.programme.pilots.comparing import Compared, compare
from praxis_metrics.programme.pilots.differences import METHOD, Change, Three
from praxis_metrics.programme.pilots.groups import Pairs
from praxis_metrics.programme.pilots.reading import Pilot, read_pilots
from praxis_metrics.programme.pilots.schemas import (
    ChangeOut,
    ConclusionOut,
    CostOut,
    DaysOut,
    FiguresOut,
    GroupOut,
    MetricOut,
    PeriodsOut,
    PilotFound,
)
from praxis_metrics.programme.pilots.states import state_of
from praxis_metrics.programme.pilots.verdict import RECOMMENDED, Judgement, Seen, Trial, judged, overall
from praxis_metrics.programme.steps import steps_of
from praxis_people.identifiers import bounded

REMINDER = "over since {}: its owner has to conclude it (programme.pilot-concluded)"

_NOTHING = Three(None, None, None)
_UNKNOWN = Change(None, None)


async def _compute(session: AsyncSession, looked: Looked) -> Mapping[str, Mapping[str, Any]]:
    pilots = await read_pilots(session)
    pairs, steps = Pairs(session), {each.step: each for each in await steps_of(session, looked.through + DAY)}
    compared = await compare(session, pilots, pairs, looked)
    found = [await _pilot(pilot, compared[pilot.pilot], pairs, steps, looked) for pilot in pilots]
    return {bounded(each.pilot): each.model_dump(mode="json") for each in found}


async def _pilot(
    pilot: Pilot, compared: Sequence[Compared], pairs: Pairs, steps: Mapping[str, StepOut], looked: Looked
) -> PilotFound:
    first, last = pilot.period
    groups = await pairs.of(pilot.treated, pilot.comparison, first)
    trial = Trial(pilot.registered_on, first, groups.is_randomised)
    judgements = [judged(_seen(each), trial) for each in compared]
    whole, state = overall(judgements), state_of(pilot.period, looked, is_concluded=pilot.conclusion is not None)
    final_on = max(each.final_on for each in compared)
    earlier, before, during = (DaysOut(first=days.first, last=days.last) for days in pilot.windows)
    return PilotFound(
        pilot=pilot.pilot,
        objective=pilot.objective,
        owner=_person(pilot.owner),
        sponsor=_person(pilot.sponsor),
        starts_on=first,
        ends_on=last,
        state=state,
        pre_registered=trial.is_pre_registered,
        verdict=whole.verdict,
        recommendation=RECOMMENDED[whole.verdict] if looked.through >= final_on else None,
        decision=pilot.conclusion and pilot.conclusion["decision"],
        reminder=f"over since {last}: its owner has to conclude it (programme.pilot-concluded)"
        if state == "to-be-concluded"
        else None,
        success=pilot.success,
        registered_on=pilot.registered_on,
        final_on=final_on,
        periods=PeriodsOut(earlier=earlier, before=before, during=during),
        treated=GroupOut(filters=dict(pilot.treated), people=few(len(groups.treated.people), looked.threshold)),
        comparison=GroupOut(
            filters=dict(pilot.comparison), people=few(len(groups.comparison.people), looked.threshold)
        ),
        in_both=few(groups.both, looked.threshold),
        randomised=trial.is_randomised,
        association_only=not trial.is_randomised,
        method=f"difference in differences, intention to treat; {METHOD}",
        metrics=[_metric(each, judgement) for each, judgement in zip(compared, judgements, strict=True)],
        reasons=[*trial.objections, *whole.reasons],
        conclusion=None if pilot.conclusion is None else ConclusionOut(**pilot.conclusion),
        roll_out=None if pilot.conclusion is None else steps.get(pilot.conclusion["step"]),
        extends=pilot.extends,
        costs=[CostOut(**each) for each in pilot.costs],
    )


def _seen(compared: Compared) -> Seen:
    found = compared.difference
    return Seen(
        direction=compared.metric.direction,
        threshold=compared.metric.threshold,
        interval=None if found is None else found.effect.interval,
        trend=None if found is None else found.trend.interval,
        obstacles=compared.obstacles,
    )


def _metric(compared: Compared, judgement: Judgement) -> MetricOut:
    metric, kpi, found = compared.metric, KPIS[compared.metric.kpi], compared.difference
    treated, comparison = compared.people or (None, None)
    return MetricOut(
        kpi=kpi.name,
        definition_version=kpi.version,
        unit=kpi.unit,
        figure=OBSERVED[kpi.name].words if kpi.name in OBSERVED else None,
        filters=dict(metric.filters),
        direction=metric.direction,
        threshold=metric.threshold,
        baseline=metric.baseline,
        final_on=compared.final_on,
        treated=_figures(_NOTHING if found is None else found.treated, treated),
        comparison=_figures(_NOTHING if found is None else found.comparison, comparison),
        effect=_change(_UNKNOWN if found is None else found.effect),
        trend=_change(_UNKNOWN if found is None else found.trend),
        suppressed=compared.is_suppressed,
        verdict=judgement.verdict,
        reasons=list(judgement.reasons),
    )


def _figures(found: Three, n: int | None) -> FiguresOut:
    return FiguresOut(earlier=rounded(found.earlier), before=rounded(found.before), during=rounded(found.during), n=n)


def _change(found: Change) -> ChangeOut:
    return ChangeOut(value=rounded(found.value), interval=interval_of(found.interval))


def _person(found: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if found is None else dict(found)


PILOTS = Finding(
    "pilots", 1, _compute, (Source.LEARNING, Source.PEOPLE, Source.WORK, Source.PROGRAMME, Source.ENROLMENTS)
)
