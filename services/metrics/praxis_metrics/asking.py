"""What a query of ``/kpis`` asks for: a KPI, whole periods, a slice, and what to set beside them. Pure."""

from collections.abc import Iterable
from datetime import date

from praxis_metrics.calendar import DAY, Grain, Period, latest, periods
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.lattice import ALL, Slice
from praxis_metrics.schemas import KINDS, SeriesQuery
from praxis_people.identifiers import bounded
from praxis_service.problem import BadRequest, FieldError, NotFound

BY_DEFAULT = {Grain.DAY: 30, Grain.WEEK: 13, Grain.MONTH: 12, Grain.QUARTER: 8}
"""Periods answered when ``from`` is left out."""

MOST_PERIODS = 1_200
"""In one answer: more than three years of days."""

PREVIOUS = "previous"

_SHORTEST = {Grain.DAY: 1, Grain.WEEK: 7, Grain.MONTH: 28, Grain.QUARTER: 90}


def kpi_named(name: str) -> Kpi:
    """Raises ``NotFound``."""
    if name not in KPIS:
        raise NotFound(f"There is no KPI {name!r}; GET /kpis lists them.")
    return KPIS[name]


def asked_periods(query: SeriesQuery, today: date) -> list[Period]:
    """The periods that a query means. Raises ``BadRequest`` when they end before they begin, or are too many."""
    last = query.last or max(today, query.first or today)
    first = query.first or latest(last, query.grain, BY_DEFAULT[query.grain])
    if first > last:
        raise BadRequest("The series ends before it begins.", [FieldError("'from' is after 'to'", parameter="from")])
    if (last - first).days > MOST_PERIODS * _SHORTEST[query.grain]:
        detail = f"at most {MOST_PERIODS} periods in one answer"
        raise BadRequest("The series is too long.", [FieldError(detail, parameter="from")])
    return periods(first, last, query.grain)


def asked_slice(query: SeriesQuery, kpi: Kpi) -> Slice:
    """Raises ``BadRequest`` for what is not published: two slices at once, another kind, another grain."""
    if len(query.slices) > 1:
        raise _unpublished("slices are published one at a time", query.slices[1].kind)
    of = query.slices[0] if query.slices else ALL
    _refuse_unpublished(kpi, of, query.grain, of.kind)
    return of


def compared(query: SeriesQuery, kpi: Kpi, asked: list[Period], of: Slice) -> tuple[list[Period], Slice] | None:
    """The periods and the slice of ``compare``; ``None`` without it. Raises ``BadRequest``."""
    if query.compare is None:
        return None
    if query.compare == PREVIOUS:
        first = latest(asked[0].first - DAY, query.grain, len(asked))
        return periods(first, asked[0].first - DAY, query.grain), of
    other = slice_of(query.compare, "compare", PREVIOUS)
    _refuse_unpublished(kpi, other, query.grain, "compare")
    return asked, other


def slice_of(text: str, parameter: str, *others: str) -> Slice:
    """``all``, or a kind and a name with a colon between. Raises ``BadRequest``, which names ``others`` too."""
    kind, _, name = text.partition(":")
    if text == ALL.kind:
        return ALL
    if kind not in KINDS or not name:
        first = ", ".join([*others, ALL.kind])
        detail = f"must be {first}, or a slice: {_words(KINDS)}, with a colon and its name"
        raise BadRequest("There is no such slice.", [FieldError(detail, parameter=parameter)])
    return Slice(kind, bounded(name))


def _refuse_unpublished(kpi: Kpi, of: Slice, grain: Grain, parameter: str) -> None:
    if of == ALL:
        if grain not in kpi.grains:
            raise _unpublished(f"{kpi.name} is published by {_words(kpi.grains)}", "grain")
    elif of.kind not in kpi.cuts:
        raise _unpublished(f"{kpi.name} is published by {_words(kpi.cuts) or 'no slices'}", parameter)
    elif grain != kpi.cut_grain:
        raise _unpublished(f"slices of {kpi.name} are published by {kpi.cut_grain}", "grain")


def _unpublished(detail: str, parameter: str) -> BadRequest:
    title = "There is no such published figure; GET /kpis says which there are."
    return BadRequest(title, [FieldError(detail, parameter=parameter)])


def _words(names: Iterable[str]) -> str:
    return ", ".join(names)
