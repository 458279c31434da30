"""The barrier audit is what a naive count finds: told in any order, twice, with aliases that are linked later."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praxis_events.log import NewRecord
from tests.services.metrics.build import fresh_id, linked, mail, said, takes_back
from tests.services.metrics.programme.build import audited, reported, surveyed, told
from tests.services.metrics.programme.oracle import CODES, Voice, audit
from tests.services.metrics.world import World

BERLIN = ZoneInfo("Europe/Berlin")
SURVEYS = {"pulse": "2025-Q4", "check": "2026-Q1"}
QUARTERS = ("2025-Q3", "2025-Q4", "2026-Q1")

moments = st.builds(lambda hours: datetime(2025, 9, 1, tzinfo=UTC) + timedelta(hours=hours), st.integers(0, 24 * 200))
people = st.sampled_from(["ann", "ann-2", "bob", "cem", None])
reports = st.builds(
    Voice, people, st.sampled_from(CODES), st.integers(1, 5), moments,
    st.sampled_from([None, "pulse", "check", "not sent"]), st.booleans(),
)  # fmt: skip
withdrawals = st.builds(
    Voice, people.filter(bool), st.sampled_from([*CODES, "a new job"]), st.none(), moments, st.none(), st.booleans()
)


def records(voice: Voice) -> list[NewRecord]:
    id_, at = fresh_id(), voice.at.isoformat()
    if voice.severity is not None:
        found = reported(voice.who, voice.barrier, voice.severity, at, survey=voice.survey, id_=id_)
    else:
        data = {"pathway": "p", "cohort": "c", "learner": mail(voice.who or ""), "at": at, "reason": voice.barrier}
        found = said("programme.learner-withdrawn", data, id_=id_)
    return [found, found, *([takes_back("programme", id_)] if voice.taken_back else [])]


@pytest.mark.timeout(600)
@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(voices=st.lists(reports | withdrawals, max_size=25), order=st.randoms(use_true_random=False))
async def test_an_audit_is_what_a_naive_count_finds(world: World, voices: list[Voice], order: object) -> None:
    await world.fresh(BERLIN)
    heard = [record for voice in voices for record in records(voice)]
    heard += [surveyed(name, quarter, 9) for name, quarter in SURVEYS.items()]
    heard.append(linked("ann", mail("ann"), mail("ann-2")))
    order.shuffle(heard)  # type: ignore[attr-defined]
    half = len(heard) // 2
    await told(world, heard[:half])
    await told(world, heard[half:])
    once = [Voice("ann" if each.who == "ann-2" else each.who, *_rest(each)) for each in voices]
    for quarter in QUARTERS:
        found = await audited(world, quarter, date(2026, 4, 30))
        expected = audit(once, SURVEYS, quarter, BERLIN)
        assert [(each.barrier, each.people) for each in found.values()] == [
            (row.barrier, row.people) for row in expected
        ]
        for each, row in zip(found.values(), expected, strict=True):
            assert each.severity == pytest.approx(row.severity)
            assert each.score == pytest.approx(row.score)


def _rest(voice: Voice) -> tuple[str, int | None, datetime, str | None, bool]:
    return voice.barrier, voice.severity, voice.at, voice.survey, voice.taken_back
