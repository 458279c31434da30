"""Coverage and quality are what a naive look from person to person finds, in whatever order it was all told."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praxis_metrics.programme.activities import ACTIVITIES
from praxis_metrics.programme.skills import SKILLS
from tests.services.metrics.build import did
from tests.services.metrics.oracle import Heard
from tests.services.metrics.oracles import career_histories as histories
from tests.services.metrics.oracles import skills as oracle
from tests.services.metrics.oracles.careers import Careers
from tests.services.metrics.programme.finding import found, mapped, tell
from tests.services.metrics.said.histories import Spoken, heard_record
from tests.services.metrics.world import World

BERLIN = ZoneInfo("Europe/Berlin")
verbs, things = st.sampled_from(["initialized", "completed", "completed"]), st.sampled_from("abc")
dones = st.lists(st.tuples(histories.agents.filter(lambda who: "mbox" in who), verbs, things, histories.moments))
maps = st.lists(st.tuples(things, histories.lists), max_size=5)


@settings(
    max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(done=dones, told=maps, spoken=histories.spoken, heard=histories.heard, cut=st.integers(0, 60))
async def test_they_are_what_a_naive_look_finds(
    world: World,
    done: list[oracle.Done],
    told: list[tuple[str, list[str]]],
    spoken: list[Spoken],
    heard: list[Heard],
    cut: int,
) -> None:
    await world.fresh(BERLIN)
    acts = [did(who, verb, what, at) for who, verb, what, at in done]
    said, happened = [each.record for each in spoken], [heard_record(each) for each in heard]
    await tell(world, [*said[cut:], *acts[::2], *happened[:cut], *[mapped(*each[:1], *each[1]) for each in told]])
    await found(world, ACTIVITIES)
    await tell(world, [*acts[1::2], *said[:cut], *happened[cut:], *happened[:9], *acts])
    yesterday = datetime.now(BERLIN).date() - timedelta(days=1)
    active = [(who, at) for who, _, _, at in done]
    careers = Careers(active, [*spoken[cut:], *spoken[:cut]], heard, BERLIN, yesterday)

    expected = oracle.coverage(careers)
    for skill, body in (await found(world, SKILLS)).items():
        groups = {(each["kind"], each["slice"]): (each["people"], each["held"]) for each in body["groups"]}
        assert groups == expected.pop(skill, {}), skill
    assert expected == {}
    figures = {iri.rpartition("/")[2]: _figures(body) for iri, body in (await found(world, ACTIVITIES)).items()}
    assert figures == oracle.applied(careers, done, told)


def _figures(body: dict[str, Any]) -> tuple[int, ...]:
    completion, application = body["completion"], body["application"]
    return (
        body["began"], body["completed"], completion["denominator"], completion["numerator"],
        application["denominator"], application["numerator"], application["n"],
    )  # fmt: skip
