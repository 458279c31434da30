"""Impact in any order and any batches, with copies, rescissions and late links: every cell is the naive oracle's."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praxis_metrics.calendar import Grain, Period, periods
from praxis_metrics.kpis import KPIS
from praxis_metrics.lattice import ALL, Slice
from praxis_metrics.series import Point
from tests.services.metrics.oracle import Heard, Told
from tests.services.metrics.oracles import impact_histories
from tests.services.metrics.oracles.impact import Found, the_oracle
from tests.services.metrics.said.histories import Spoken, heard_record
from tests.services.metrics.world import World, statement

BERLIN = ZoneInfo("Europe/Berlin")
IMPACT = (
    "tasks-with-new-skills", "revision-cycles", "error-reduction", "time-saved", "productivity", "revenue-influenced",
    "return-on-investment",
)  # fmt: skip
PUBLISHED = IMPACT

SLICES = [
    *(Slice("unit", name) for name in "uv"), *(Slice("role", name) for name in "rs"), Slice("skill", "sql"),
    Slice("currency", "EUR"), Slice("currency", "USD"), Slice("pathway", "p"), Slice("cohort", "q/c"),
]  # fmt: skip
SPANS = [
    (Grain.QUARTER, date(2025, 1, 1), date(2026, 6, 30)),
    (Grain.MONTH, date(2026, 3, 1), date(2026, 4, 30)),
    (Grain.WEEK, date(2026, 3, 23), date(2026, 4, 12)),
]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(
    spoken=impact_histories.histories_of_work(),
    heard=impact_histories.heard,
    told=impact_histories.completions,
    cut=st.integers(0, 30),
)
async def test_every_cell_is_what_the_naive_oracle_finds(
    world: World, spoken: list[Spoken], heard: list[Heard], told: list[Told], cut: int
) -> None:
    await world.fresh(BERLIN)
    records = [each.record for each in spoken], [heard_record(each) for each in heard], [
        statement(each.body, credential=each.credential, id_assigned=each.id_assigned) for each in told
    ]  # fmt: skip
    await world.takes([record for each in records for record in each[:cut]])
    await world.takes([record for each in records for record in each[cut:]])
    oracle = the_oracle(spoken, heard, told, BERLIN)
    for kpi, grain, of, span in asked():
        points = (await world.series(kpi, *span, grain, of)).points
        for period, point in zip(periods(*span, grain), points, strict=True):
            agrees(point, oracle.cell(kpi, *period, of), (kpi, grain, of, period))


def asked() -> Iterator[tuple[str, Grain, Slice, Period]]:
    for kpi in map(KPIS.__getitem__, IMPACT):
        for grain, first, last in SPANS:
            if grain in kpi.grains:
                yield kpi.name, grain, ALL, Period(first, last)
            if grain == kpi.cut_grain:
                for of in SLICES:
                    if of.kind in kpi.cuts:
                        yield kpi.name, grain, of, Period(first, last)


def agrees(point: Point, found: Found | None, where: object) -> None:
    if found is None:
        assert (point.value, point.n, point.unmatched, point.interval) == (None, 0, 0, None), where
        return
    assert point.value == pytest.approx(found.value), where
    assert (point.n, point.unmatched) == (found.n, found.unmatched), where
    assert [point.numerator, point.denominator] == pytest.approx([found.numerator, found.denominator]), where
    assert point.detail == pytest.approx(found.detail), where
    if point.interval is not None:
        assert point.interval.low <= point.interval.high, where
