"""Endorsements, managers and teams through the log: whose cases each event changes, also of whom it does not name."""

from typing import Any
from uuid import UUID

from praxis_incentives.decider.folding import Folding
from tests.services.incentives.decider.test_folding import Fresh, fresh, relay_all, tables  # noqa: F401 - a fixture
from tests.services.incentives.decider.test_reviewing import REVIEWER, casework
from tests.services.incentives.deciding import UNLINKED, Deciding

HIRED, MOVED = "praxis.people.hired.v1", "praxis.people.manager-changed.v1"
ALIAS = "ann@example.org"


async def endorse(decider: Deciding, endorser: str, learner: str, day: int = 1, **more: Any) -> Any:
    who = {"mbox": f"mailto:{endorser}"} if "@" in endorser else {"person_id": endorser}
    return await decider.apply_skill(
        day,
        "peer-endorsement",
        learner={"person_id": learner},
        attested_by=who,
        artefact={"system": "github", "id": f"{endorser}-{learner}-{day}"},
        **more,
    )


async def work(decider: Deciding, *learners: str) -> None:
    """Each lacks the word of two peers."""
    for number, learner in enumerate(learners, 1):
        await decider.apply_skill(number, learner={"person_id": learner}, artefact={"system": "jira", "id": learner})


async def hire(decider: Deciding, person: str, manager: str | None, since: str = "2026-01-01") -> Any:
    at = {"effective_at": f"{since}T00:00:00Z"}
    return await decider.send(HIRED, {"person_id": person, "unit": "u", "role": "r", "manager_id": manager, **at})


async def latest(decider: Deciding) -> dict[str, str]:
    return {body["learner"].removeprefix("person:"): body["outcome"] for body in await decider.bodies()}


async def ring(decider: Deciding, *people: str) -> None:
    """Each endorses the next, and a stranger endorses each: then all that a ring lacks is a person's look."""
    await work(decider, *(each for each in people if "@" not in each))
    for endorser, learner in zip(people, (*people[1:], people[0]), strict=True):
        await endorse(decider, f"stranger-of-{learner}", learner)
        await endorse(decider, endorser, learner)


async def test_who_closes_a_ring_holds_all_who_are_in_it(decider: Deciding) -> None:
    await decider.publish()
    await ring(decider, "a", "b", "c", "d")
    await decider.decide()
    assert await latest(decider) == {"a": "held", "b": "held", "c": "held", "d": "held"}
    outcomes = [(body["learner"][-1], body["outcome"]) for body in await decider.bodies()]
    assert [each for each in outcomes if each[0] == "b"] == [
        ("b", "pending"), ("b", "pending"), ("b", "granted"), ("b", "held"),
    ]  # fmt: skip


async def test_a_person_decides_about_each_case_by_itself(decider: Deciding) -> None:
    await decider.publish()
    await ring(decider, "a", "b")
    await decider.decide()
    cases = {body["learner"]: UUID(body["decision"]) for body in await decider.bodies()}
    await casework(decider).act(cases["person:a"], "released", REVIEWER, "I asked both.", "key")
    await casework(decider).act(cases["person:b"], "upheld", REVIEWER, "Arranged.", "key")
    assert await decider.decide() == ["granted", "revoked"]
    await endorse(decider, "e", "b", day=9)  # the rest of what b has is free
    assert await decider.decide() == ["granted"]
    assert {each["reason"] for each in (await decider.bodies())[-1]["excluded"]} == {"declined"}


async def test_an_endorsement_withdrawn_opens_the_ring_for_all(decider: Deciding) -> None:
    await decider.publish()
    await ring(decider, "a", "b", "c")
    await decider.decide()
    await decider.rescind(next(each for each in decider.sent if b'"c-a-1"' in each.data))
    await decider.decide()
    assert await latest(decider) == {"a": "revoked", "b": "granted", "c": "granted"}


async def test_a_link_closes_a_ring_among_others_and_an_unlink_opens_it(decider: Deciding) -> None:
    await decider.publish()
    await work(decider, "a", "b", "c", "d")
    for endorser, learner in (("a", "b"), ("b", "c"), ("c", "d"), (ALIAS, "a")):
        await endorse(decider, f"stranger-of-{learner}", learner)
        await endorse(decider, endorser, learner)
    await decider.decide()
    assert set((await latest(decider)).values()) == {"granted"}
    await decider.link("d", ALIAS)
    assert await decider.decide() == ["held"] * 4
    await decider.link("d", ALIAS, UNLINKED)
    assert await decider.decide() == ["granted"] * 4


async def test_a_busy_endorser_counts_for_the_first_four(decider: Deciding) -> None:
    await decider.publish()
    first = [await endorse(decider, "busy", f"l-{number}", number) for number in range(1, 6)]
    await decider.decide()
    reasons = {body["learner"]: [each["reason"] for each in body["excluded"]] for body in await decider.bodies()}
    assert reasons == {**{f"person:l-{n}": [] for n in range(1, 5)}, "person:l-5": ["endorser-limit"]}
    await decider.rescind(first[1])
    assert await decider.decide() == ["refused", "pending"]
    assert (await decider.bodies())[-1]["excluded"] == []


async def test_only_the_manager_of_that_time_verifies_and_a_correction_is_held(decider: Deciding) -> None:
    await decider.publish()
    await hire(decider, "p-1", "m-1")
    await decider.apply_skill(1)
    await decider.apply_skill(2, "project-result")
    assert await decider.decide() == ["pending", "granted"]
    correction = {"person_id": "p-1", "manager_id": "m-9", "effective_at": "2026-02-01T00:00:00Z"}
    told = await decider.send(MOVED, correction)
    assert await decider.decide() == ["held"]
    assert (await decider.bodies())[-1]["excluded"][0]["reason"] == "not-their-manager"
    await decider.rescind(told, "people")
    assert await decider.decide() == ["granted"]
    await decider.send(MOVED, correction | {"effective_at": "2026-03-02T00:00:00Z"})
    assert await decider.decide() == []


async def test_a_managers_alias_counts_once_it_is_linked(decider: Deciding) -> None:
    await decider.publish()
    await hire(decider, "p-1", "m-1")
    await decider.apply_skill(1, attested_by={"mbox": f"mailto:{ALIAS}"})
    assert await decider.decide() == ["refused"]
    await decider.link("m-1", ALIAS)
    assert await decider.decide() == ["pending"]


async def test_a_peer_of_the_same_team_weighs_less_as_it_was_then(decider: Deciding) -> None:
    def worth(body: dict[str, Any]) -> float:
        return float(next(each["actual"] for each in body["criteria"] if each["criterion"] == "threshold"))

    await decider.publish()
    await hire(decider, "a", "m")
    await endorse(decider, "a", "p-1")
    await endorse(decider, "m-2", "p-1")
    await decider.decide()
    assert worth((await decider.bodies())[-1]) == 0.5
    await endorse(decider, "a", "p-2")
    await decider.decide()
    assert worth((await decider.bodies())[-1]) == 0.3
    await hire(decider, "p-2", "m")
    assert await decider.decide() == ["pending"]
    assert worth((await decider.bodies())[-1]) == 0.2
    moved = {"person_id": "a", "manager_id": "n", "effective_at": "2026-02-01T00:00:00Z"}
    await decider.send(MOVED, moved)
    assert await decider.decide() == ["pending"]
    assert worth((await decider.bodies())[-1]) == 0.3


async def test_it_is_folded_and_derived_again(decider: Deciding, fresh: Fresh) -> None:  # noqa: F811
    await decider.publish()
    await hire(decider, "a", "m")
    await ring(decider, "a", "b", "c")
    await decider.decide()
    case = UUID((await decider.bodies())[-1]["decision"])
    await casework(decider).act(case, "upheld", REVIEWER, "Arranged.", "key")
    await decider.decide()
    await relay_all(decider)
    other = await fresh()
    await Folding(other.log, other.database.sessions, "again").to_end()
    before, after = await tables(decider), await tables(other)
    assert {name: after[name] for name in ("ledger", "grants", "cases")} == {
        name: before[name] for name in ("ledger", "grants", "cases")
    }
