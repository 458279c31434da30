"""Skills coverage, worked out by hand."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from praxis_metrics.calendar import FIRST_DAY
from praxis_metrics.lattice import ALL, Slice
from praxis_metrics.programme.skills import SKILLS, Group, shown
from tests.services.metrics.build import (
    fresh_id,
    hired,
    leave,
    left,
    linked,
    mail,
    moved,
    said,
    staff,
    takes_back,
    unit,
)
from tests.services.metrics.careers import assessor, profile, validated
from tests.services.metrics.programme.finding import found, mapped, skill, tell
from tests.services.metrics.working import shown as evidence
from tests.services.metrics.world import World

START = "2026-01-05T00:00:00Z"


def analysts(*names: str, team: str = "data") -> list[Any]:
    return [
        record for who in names for record in (hired(who, START, role="analyst", unit=team), linked(who, mail(who)))
    ]


def groups(body: dict[str, Any]) -> dict[tuple[str, str], tuple[int | None, int | None]]:
    return {(each["kind"], each["slice"]): (each["people"], each["held"]) for each in body["groups"]}


async def test_who_holds_what_their_role_requires(world: World) -> None:
    # Four analysts, two of them in the lab, which is under data; asa, who assesses, is a clerk in sales. sql: ann and
    # bob are validated, dee is only vouched for by her manager, asa is validated and needs it for nothing. stats: cem's
    # validation was withdrawn. So of data 2 of 4 hold sql, of the lab none of 2; nobody holds stats.
    gone = fresh_id()
    await tell(world, [
        unit("data", START), unit("lab", START, parent="data"),
        *staff("asa", "zed"), *analysts("ann", "bob"), *analysts("cem", "dee", team="lab"),
        assessor("asa", "sql", "stats"), assessor("zed", "sql"),
        profile("analyst", "data", "sql", "stats"),
        skill("sql", description="Queries", alignments=[{"target_name": "SQL", "target_url": "http://esco/sql"}]),
        validated("ann", "asa", "sql", "2026-02-01T09:00:00Z"), validated("bob", "asa", "sql", "2026-02-02T09:00:00Z"),
        validated("asa", "zed", "sql", "2026-02-02T09:00:00Z"),
        validated("cem", "asa", "stats", "2026-02-02T09:00:00Z", id_=gone), takes_back("evidence", gone),
        evidence("dee", None, "2026-02-03T09:00:00Z", by="ann", kind="manager-verification"),
        mapped("a", "sql"),
    ])  # fmt: skip
    all_found = await found(world, SKILLS)
    assert set(all_found) == {"sql", "stats"}
    sql, stats = all_found["sql"], all_found["stats"]
    assert groups(sql) == {
        ("all", ""): (4, 2), ("role", "analyst"): (4, 2), ("unit", "data"): (4, 2), ("unit", "lab"): (2, 0),
    }  # fmt: skip
    assert sql["groups"][0] == {
        "kind": "all", "slice": "", "suppressed": False, "people": 4, "held": 2, "gap": 2, "coverage": 0.5,
    }  # fmt: skip
    assert set(groups(stats).values()) == {(4, 0), (2, 0)}
    assert sql["alignments"] == [{"target_name": "SQL", "target_url": "http://esco/sql"}]
    assert sql["required_by"] == [{"role": "analyst", "family": "data", "level": None}]
    assert sql["taught_by"] == [{"activity": "https://lms.example/a", "level": None}]
    assert (stats["name"], stats["taught_by"], stats["unmatched"]) == (None, [], 0)


async def test_who_counts(world: World) -> None:
    # Of six analysts ann left, bob is on leave, cem is a contractor, dee became a clerk: eli and fay are left. zoe is
    # validated, and nobody knows her: beside them. A map that has ended teaches nothing.
    await tell(world, [
        *staff("asa"), *analysts("ann", "bob", "dee", "eli", "fay"),
        hired("cem", START, role="analyst", unit="data", worker_type="contractor"), linked("cem", mail("cem")),
        left("ann", "2026-02-01T00:00:00Z"), leave("started", "bob", "2026-02-01T00:00:00Z"),
        moved("dee", "2026-02-01T00:00:00Z", role="clerk"),
        assessor("asa", "sql"), profile("analyst", "data", "sql"),
        *[validated(who, "asa", "sql", "2026-01-20T09:00:00Z") for who in ("ann", "bob", "cem", "dee", "fay", "zoe")],
        mapped("old", "sql", until="2026-02-01T00:00:00Z"),
    ])  # fmt: skip
    sql = (await found(world, SKILLS))["sql"]
    assert groups(sql) == {("all", ""): (2, 1), ("role", "analyst"): (2, 1), ("unit", "data"): (2, 1)}
    assert (sql["unmatched"], sql["taught_by"]) == (1, [])


async def test_it_follows_what_is_said_later(world: World) -> None:
    # bob's validation is told under an alias that is linked afterwards; then the role asks for python instead.
    await tell(world, [
        *staff("asa"), *analysts("bob"), assessor("asa", "sql"), profile("analyst", "data", "sql"),
        validated("bob-2", "asa", "sql", "2026-01-20T09:00:00Z"),
    ])  # fmt: skip
    before = (await found(world, SKILLS))["sql"]
    assert (groups(before)["all", ""], before["unmatched"]) == ((1, 0), 1)
    await tell(world, [linked("bob", mail("bob-2"))])
    after = (await found(world, SKILLS))["sql"]
    assert (groups(after)["all", ""], after["unmatched"]) == ((1, 1), 0)
    await tell(world, [profile("analyst", "data", "python"), said("programme.skill-defined", {
        "skill": "sql", "name": "SQL", "owner": mail("lead")})])  # fmt: skip
    assert {name: groups(body) for name, body in (await found(world, SKILLS)).items()} == {
        "sql": {}, "python": {("all", ""): (1, 0), ("role", "analyst"): (1, 0), ("unit", "data"): (1, 0)},
    }  # fmt: skip


def test_small_groups_are_hidden_and_what_gives_them_away() -> None:
    # Of 20, three are tellers: hidden, and with them the fewest beside them, the 7 agents. The unit of 20 shows; in it
    # a team of 4 is hidden, and so is the one of 6 beside it; the one of 10 shows.
    of = {
        ALL: Group(20, 9), Slice("role", "agent"): Group(7, 3), Slice("role", "clerk"): Group(10, 6),
        Slice("role", "teller"): Group(3, 0), Slice("unit", "bank"): Group(20, 9), Slice("unit", "a"): Group(4, 4),
        Slice("unit", "b"): Group(6, 5), Slice("unit", "c"): Group(10, 0),
    }  # fmt: skip
    above = dict.fromkeys((Slice("unit", name) for name in "abc"), Slice("unit", "bank"))
    result = {each["slice"]: each for each in shown(of, above, FIRST_DAY, 5)}
    assert {name for name, each in result.items() if each["suppressed"]} == {"agent", "teller", "a", "b"}
    for name in ("agent", "teller", "a", "b"):
        assert [result[name][figure] for figure in ("people", "held", "gap", "coverage")] == [None] * 4
    assert (result["c"]["gap"], result["c"]["coverage"]) == (10, 0)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=6), st.integers(0, 8))
def test_no_hidden_group_is_a_subtraction_away(sizes: list[int], others: int) -> None:
    """Units beside each other: those that are hidden may, by what is shown, share their people in five ways or more."""
    of = {Slice("unit", f"u{n}"): Group(size, 0) for n, size in enumerate(sizes) if size}
    total = sum(sizes) + others
    if total == 0:
        return
    result = shown({**of, ALL: Group(total, 0)}, {}, FIRST_DAY, 5)
    hidden = [of[Slice(each["kind"], each["slice"])].people for each in result if each["suppressed"] and each["slice"]]
    assert all(each["suppressed"] for each in result if 0 < (each["people"] or 0) < 5)
    if len(hidden) == 1 and not result[0]["suppressed"]:
        assert others >= 5
