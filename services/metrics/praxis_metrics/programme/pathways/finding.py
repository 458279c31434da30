"""The finding of pathways: the cohorts of each compared by its outcome."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.changes import Source
from praxis_metrics.findings import Finding, Looked
from praxis_metrics.kpis.bootstrapping import medians
from praxis_metrics.kpis.competing import Curve, curves
from praxis_metrics.kpis.time_to_competency import SHARE_DAYS
from praxis_metrics.programme.pathways.bodies import cohort_of, outcome_of, result_of, tested_of
from praxis_metrics.programme.pathways.cohorts import Pathway, read_members, read_pathways, read_unmatched
from praxis_metrics.programme.pathways.outcomes import Cohort, cohorts_of, is_of_times, read_outcomes
from praxis_metrics.programme.pathways.ranks import Tests, ranked, survived
from praxis_metrics.programme.pathways.schemas import ComparisonFound
from praxis_metrics.statistics import computed
from praxis_people.identifiers import bounded


async def _compute(session: AsyncSession, looked: Looked) -> Mapping[str, Mapping[str, Any]]:
    pathways = await read_pathways(session)
    members, unmatched = await read_members(session), await read_unmatched(session)
    found = {each.pathway: cohorts_of(each, members.get(each.pathway, []), looked) for each in pathways}
    await read_outcomes(session, [(each, found[each.pathway]) for each in pathways], looked)
    bodies = [await _comparison(each, found[each.pathway], unmatched.get(each.pathway, 0), looked) for each in pathways]
    return {bounded(each.pathway): each.model_dump(mode="json") for each in bodies}


async def _comparison(pathway: Pathway, cohorts: Sequence[Cohort], unmatched: int, looked: Looked) -> ComparisonFound:
    compared, curves_ = [each for each in cohorts if each.outcomes], await _curves(pathway, cohorts)
    tests = await _tests(compared) if len(compared) > 1 else None
    result, reason = result_of(tests)
    is_randomised = bool(compared) and all(member.is_randomised for each in compared for member in each.members)
    return ComparisonFound(
        pathway=pathway.pathway,
        version=pathway.version,
        name=pathway.name,
        owner=None if pathway.owner is None else dict(pathway.owner),
        outcome=outcome_of(pathway),
        modules=pathway.modules,
        unmatched=unmatched,
        cohorts=[cohort_of(*each, pathway, looked) for each in zip(cohorts, curves_, strict=True)],
        test=None if tests is None else tested_of(tests.whole),
        pairs=[] if tests is None else [tested_of(each) for each in tests.pairs],
        result=result,
        reasons=[reason],
        randomised=is_randomised,
        association_only=not is_randomised,
    )


async def _curves(pathway: Pathway, cohorts: Sequence[Cohort]) -> list[Curve]:
    """Each cohort's median with its interval; of times by Kaplan and Meier."""
    if is_of_times(pathway):
        return await computed(curves, [list(each.times) for each in cohorts], SHARE_DAYS)
    samples = [(range(len(each.figures)), list(each.figures)) for each in cohorts]
    intervals = await computed(medians, samples) if cohorts else []
    return [
        Curve(median(each.figures) if each.figures else None, interval=interval)
        for each, interval in zip(cohorts, intervals, strict=True)
    ]


async def _tests(compared: Sequence[Cohort]) -> Tests:
    if compared[0].times:
        return await computed(survived, {each.name: list(each.times) for each in compared})
    return await computed(ranked, {each.name: list(each.figures) for each in compared})


PATHWAY_COMPARISONS = Finding(
    "pathway-comparisons",
    1,
    _compute,
    (Source.LEARNING, Source.PEOPLE, Source.WORK, Source.PROGRAMME, Source.ENROLMENTS),
)
