"""From a page's form and links to ``/kpis`` and back."""

from datetime import date

import pytest

from praxis_metrics.calendar import Grain
from praxis_metrics.dashboard.choosing import ShownQuery, as_data
from praxis_metrics.kpis import KPIS
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.schemas import ComparisonOut
from praxis_service.problem import BadRequest
from tests.services.metrics.dashboard.points import point, series

RATE = KPIS["application-rate"]


def asked(**given: str) -> ShownQuery:
    return ShownQuery.model_validate(given)


def test_a_slice_comes_with_its_grain() -> None:
    query = asked(slice="unit:sales & more", grain="week", compare="previous", to="2026-03-31").of(RATE)
    assert (query.unit, query.grain, query.compare) == ("sales & more", Grain.QUARTER, "previous")
    assert query.last == date(2026, 3, 31)
    assert asked(compare="unit:sales").of(RATE).grain == Grain.QUARTER
    assert asked(grain="week", compare="all").of(RATE).grain == Grain.WEEK


@pytest.mark.parametrize("kpi", KPIS.values(), ids=lambda kpi: kpi.name)
def test_what_is_shown_first_is_published(kpi: Kpi) -> None:
    assert asked().of(kpi).grain in kpi.grains


@pytest.mark.parametrize("slice_", ["sales", "team:sales", "unit:", ""])
def test_a_slice_that_is_none_is_named(slice_: str) -> None:
    with pytest.raises(BadRequest) as refused:
        asked(slice=slice_).of(RATE)
    assert refused.value.errors[0].parameter == "slice"


def test_links_lead_to_the_same_for_programs_and_to_the_periods_before() -> None:
    shown = series(point(1, 3), point(2, 4))
    shown.filters = {"unit": "sales & more"}
    shown.comparison = ComparisonOut(compare="all", filters={}, points=[])
    assert as_data(shown, "csv") == (
        "/kpis/learning-hours?from=2026-01-01&to=2026-02-28&grain=month&unit=sales+%26+more&compare=all&format=csv"
    )
    query = asked(slice="unit:a&b", to="2026-02-28")
    assert query.earlier(shown) == "slice=unit%3Aa%26b&to=2025-12-31"
    assert (query.latest, asked().latest) == ("slice=unit%3Aa%26b", None)
