"""What a roster tells, compared with what was told before."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from praxis_embedded.importing.people.grades import Grades
from praxis_events.envelope import Event
from praxis_events.topics import DIRECTORY
from tests.deploy.embedded.importing.people.rosters import SOURCE, Imports, Said, day

HEADER = "person_id,unit,role,hired_on"
ANN = "ann,sales,clerk,2020-01-01"


@pytest.fixture
def imports(tmp_path: Path) -> Imports:
    return Imports(tmp_path)


def hired(on: str, unit: str = "sales", role: str = "clerk", **more: Any) -> Said:
    return "hired", {"unit": unit, "role": role, **more, "effective_at": on}


def undone(imports: Imports, place: int) -> dict[str, str]:
    return {"source": SOURCE, "id": Event.from_record(imports.records[place]).id}


async def test_whoever_is_new_is_hired_on_their_day(imports: Imports) -> None:
    assert await imports.bring_in("2026-03-01", HEADER, ANN) == [hired("2020-01-01")]


async def test_without_a_day_of_their_own_they_are_hired_on_the_files(imports: Imports) -> None:
    assert await imports.bring_in("2026-03-01", "person_id,unit,role", "ann,sales,clerk") == [hired("2026-03-01")]


async def test_the_same_file_again_tells_nothing(imports: Imports) -> None:
    for on, told in (("2026-03-01", 1), ("2026-03-01", 0), ("2026-04-01", 0)):
        assert len(await imports.bring_in(on, HEADER, ANN)) == told


async def test_every_change_is_told_by_its_own_event(imports: Imports) -> None:
    header = "person_id,unit,role,manager_id"
    await imports.bring_in("2026-03-01", header, "ann,sales,clerk,bob", "bob,sales,head,bob")
    assert await imports.bring_in("2026-04-01", header, "ann,support,agent,zoe", "bob,sales,head,bob") == [
        ("manager-changed", {"manager_id": "zoe", "effective_at": "2026-04-01"}),
        ("role-changed", {"role": "agent", "effective_at": "2026-04-01"}),
        ("unit-changed", {"unit": "support", "effective_at": "2026-04-01"}),
    ]
    assert await imports.bring_in("2026-05-01", header, "ann,support,agent,") == [
        ("manager-changed", {"manager_id": None, "effective_at": "2026-05-01"})
    ]


async def test_whoever_manages_themselves_reports_to_nobody(imports: Imports) -> None:
    assert await imports.bring_in("2026-03-01", "person_id,unit,role,manager_id", "bob,sales,clerk,bob") == [
        hired("2026-03-01")
    ]


async def test_a_changed_row_holds_from_its_own_moment(imports: Imports) -> None:
    await imports.bring_in("2026-03-01", HEADER, ANN)
    assert await imports.bring_in(
        "2026-04-01", f"{HEADER},effective_at", "ann,support,clerk,2020-01-01,2026-03-15"
    ) == [("unit-changed", {"unit": "support", "effective_at": "2026-03-15"})]


async def test_rows_of_several_moments_are_a_history(imports: Imports) -> None:
    rows = [
        f"{HEADER},effective_at",
        "ann,support,agent,2020-01-01,2024-06-01",
        "ann,sales,clerk,2020-01-01,2020-01-01",
        "ann,support,clerk,2020-01-01,2023-01-01",
    ]
    assert await imports.bring_in("2026-03-01", *rows) == [
        hired("2020-01-01"),
        ("unit-changed", {"unit": "support", "effective_at": "2023-01-01"}),
        ("role-changed", {"role": "agent", "effective_at": "2024-06-01"}),
    ]
    assert await imports.bring_in("2026-04-01", *rows) == []


async def test_what_changes_back_is_told_again(imports: Imports) -> None:
    for unit in ("sales", "support", "sales", "support"):
        await imports.bring_in("2026-03-01", "person_id,unit,role", f"ann,{unit},clerk")
    ids = {Event.from_record(record).id for record in imports.records}
    assert len(ids) == 4
    assert (await imports.told())["ann"].values(day("2026-03-01"))["unit"] == "support"


async def test_what_has_no_event_of_its_own_is_a_hire_while_employed(imports: Imports) -> None:
    header = "person_id,unit,role,name,worker_type,fte,time_zone,working_days"
    await imports.bring_in("2026-03-01", header, "ann,sales,clerk,Ann,contractor,1,,")
    row = "ann,sales,clerk,Ann Lee,employee,0.8,Europe/Berlin,Fri mon/TUE"
    assert await imports.bring_in("2026-04-01", header, row) == [
        ("hired", {
            "name": "Ann Lee", "unit": "sales", "role": "clerk", "worker_type": "employee", "fte": 0.8,
            "time_zone": "Europe/Berlin", "working_days": ["monday", "tuesday", "friday"], "effective_at": "2026-04-01",
        })
    ]  # fmt: skip
    assert await imports.bring_in("2026-04-02", header, row) == []


async def test_a_raise_is_a_promotion_with_its_role_and_its_decision(imports: Imports) -> None:
    header = "person_id,unit,role,grade,decided_at"
    await imports.bring_in("2026-03-01", header, "ann,sales,clerk,L9,")
    assert await imports.bring_in("2026-04-01", header, "ann,sales,head,L10,2026-03-20") == [
        ("promoted", {
            "from_grade": "L9", "to_grade": "L10", "role": "head", "decided_at": "2026-03-20T00:00:00Z",
            "effective_at": "2026-04-01",
        })
    ]  # fmt: skip
    assert await imports.bring_in("2026-04-02", header, "ann,sales,head,L10,") == []


async def test_no_other_change_of_grade_is_called_a_promotion(imports: Imports) -> None:
    header = "person_id,unit,role,grade"
    for on, grade in enumerate(("", "L9", "L8", "junior", "senior", ""), start=1):
        names = [name for name, _ in await imports.bring_in(f"2026-03-0{on}", header, f"ann,sales,clerk,{grade}")]
        assert names == ["hired"]
    await imports.bring_in("2026-04-01", header, "ann,sales,clerk,junior")
    ranked = await imports.bring_in("2026-05-01", header, "ann,sales,clerk,senior", grades="junior,senior")
    assert [name for name, _ in ranked] == ["promoted"]


@pytest.mark.parametrize(
    ("before", "after", "rises"),
    [("5", "6", True), ("9", "10", True), ("6", "5", False), ("E5", "M6", False), ("5", "5", False), ("a", "b", False)],
)
def test_grades_that_are_numbered_alike(before: str, after: str, rises: bool) -> None:
    assert Grades().rises(before, after) is rises
    assert not Grades().rises(None, after)


LEAVERS = "person_id,unit,role,hired_on,left_on,voluntary"


async def test_a_departure_takes_effect_when_the_last_day_is_over(imports: Imports) -> None:
    assert await imports.bring_in("2026-03-01", LEAVERS, "ann,sales,clerk,2020-01-01,2026-02-15,true") == [
        hired("2020-01-01"),
        ("left", {"voluntary": True, "effective_at": "2026-02-16"}),
    ]
    assert await imports.bring_in("2026-04-01", LEAVERS, "ann,,,2020-01-01,2026-02-15,yes") == []


async def test_no_end_is_no_departure(imports: Imports) -> None:
    assert await imports.bring_in("2026-03-01", LEAVERS, "ann,sales,clerk,2020-01-01,9999-12-31,") == [
        hired("2020-01-01")
    ]


@pytest.mark.parametrize("end", ["2026-05-31,true", "2026-02-15,true", "2026-03-31,false", "2026-03-31,"])
async def test_a_departure_that_is_told_otherwise_replaces_the_one_before(imports: Imports, end: str) -> None:
    start = "ann,sales,clerk,2020-01-01"
    await imports.bring_in("2026-03-01", LEAVERS, f"{start},2026-03-31,true")
    first, second = await imports.bring_in("2026-03-02", LEAVERS, f"{start},{end}")
    assert (first[0], first[1]["event"]) == ("rescinded", undone(imports, 1))
    last, voluntary = end.split(",")
    assert second == (
        "left",
        {
            "voluntary": {"true": True, "false": False, "": None}[voluntary],
            "effective_at": (day(last) + timedelta(days=1)).date().isoformat(),
        },
    )
    assert await imports.bring_in("2026-03-03", LEAVERS, f"{start},{end}") == []


async def test_a_departure_that_is_taken_back_is_undone(imports: Imports) -> None:
    await imports.bring_in("2026-03-01", LEAVERS, "ann,sales,clerk,2020-01-01,2026-03-31,true")
    [(name, data)] = await imports.bring_in("2026-03-02", LEAVERS, "ann,sales,clerk,2020-01-01,,")
    assert (name, data["event"]) == ("rescinded", undone(imports, 1))
    assert await imports.bring_in("2026-03-03", LEAVERS, "ann,sales,clerk,2020-01-01,,") == []
    again = await imports.bring_in("2026-03-04", LEAVERS, "ann,sales,clerk,2020-01-01,2026-03-31,true")
    assert [name for name, _ in again] == ["left"]
    assert (await imports.told())["ann"].employment(day("2026-03-04")) is not None


async def test_a_row_that_was_refused_takes_no_departure_back(imports: Imports) -> None:
    header = f"{LEAVERS},effective_at,fte"
    first = "ann,sales,clerk,2020-01-01,,,2020-01-01,1"
    await imports.bring_in("2026-03-01", header, first, "ann,sales,head,2020-01-01,2026-03-31,true,2025-01-01,1")
    broken = "ann,sales,head,2020-01-01,2026-03-31,true,2025-01-01,much"
    assert await imports.bring_in("2026-03-02", header, first, broken) == []
    assert [(row.line, row.column) for row in imports.refused] == [(3, "fte")]


async def test_whoever_comes_back_is_hired_again(imports: Imports) -> None:
    gone = "ann,sales,clerk,2020-01-01,2023-06-30,true"
    await imports.bring_in("2026-03-01", LEAVERS, gone)
    back = await imports.bring_in("2026-04-01", LEAVERS, gone, "ann,support,agent,2026-04-01,,")
    assert imports.refused[0].column == "person_id"
    back = await imports.bring_in("2026-04-01", LEAVERS, "ann,support,agent,2026-04-01,,")
    assert back == [hired("2026-04-01", "support", "agent")]
    assert await imports.bring_in("2026-05-01", LEAVERS, "ann,support,agent,2026-04-01,,") == []


async def test_two_employments_in_one_file(imports: Imports) -> None:
    rows = [
        f"{LEAVERS},effective_at",
        "ann,sales,clerk,2020-01-01,2023-06-30,true,2020-01-01",
        "ann,support,agent,2025-01-01,,,2025-01-01",
    ]
    assert await imports.bring_in("2026-03-01", *rows) == [
        hired("2020-01-01"),
        ("left", {"voluntary": True, "effective_at": "2023-07-01"}),
        hired("2025-01-01", "support", "agent"),
    ]
    assert await imports.bring_in("2026-04-01", *rows) == []


async def test_whoever_is_missing_has_left_if_the_file_is_complete(imports: Imports) -> None:
    await imports.bring_in("2026-03-01", HEADER, ANN, "bob,sales,head,2019-01-01")
    assert await imports.bring_in("2026-04-01", HEADER, ANN) == []
    assert await imports.bring_in("2026-04-01", HEADER, ANN, complete=True) == [
        ("left", {"voluntary": None, "effective_at": "2026-04-01"})
    ]
    assert await imports.bring_in("2026-05-01", HEADER, ANN, complete=True) == []


async def test_whoever_was_told_on_the_same_day_is_not_missing_yet(imports: Imports) -> None:
    await imports.bring_in("2026-03-01", "person_id,unit,role", "ann,sales,clerk", "bob,sales,head")
    assert await imports.bring_in("2026-03-01", "person_id,unit,role", "ann,sales,clerk", complete=True) == []
    left = await imports.bring_in("2026-03-02", "person_id,unit,role", "ann,sales,clerk", complete=True)
    assert left == [("left", {"voluntary": None, "effective_at": "2026-03-02"})]


async def test_what_would_have_changed_after_a_departure_is_undone(imports: Imports) -> None:
    header = f"{LEAVERS},effective_at,fte"
    await imports.bring_in(
        "2026-03-01", header, "ann,sales,clerk,2020-01-01,,,2020-01-01,1", "ann,sales,clerk,2020-01-01,,,2026-06-01,0.5"
    )
    told = await imports.bring_in("2026-03-02", header, "ann,sales,clerk,2020-01-01,2026-04-30,true,2020-01-01,1")
    assert [name for name, _ in told] == ["rescinded", "left"]
    assert told[0][1]["event"] == undone(imports, 1)


async def test_whoever_has_a_refused_row_is_not_missing(imports: Imports) -> None:
    await imports.bring_in("2026-03-01", HEADER, ANN, "bob,sales,head,2019-01-01")
    assert await imports.bring_in("2026-04-01", HEADER, ANN, "bob,sales,head,lately", complete=True) == []
    assert [(row.line, row.column) for row in imports.refused] == [(3, "hired_on")]


async def test_an_employment_that_began_earlier_began_as_what_was_told_first(imports: Imports) -> None:
    await imports.bring_in("2026-03-01", HEADER, "ann,sales,clerk,2020-03-01")
    await imports.bring_in("2026-04-01", HEADER, "ann,sales,head,2020-03-01")
    assert await imports.bring_in("2026-05-01", HEADER, "ann,sales,head,2020-02-01") == [hired("2020-02-01")]
    assert await imports.bring_in("2026-06-01", HEADER, "ann,sales,head,2020-02-01") == []


async def test_an_employment_that_began_later_is_told_anew(imports: Imports) -> None:
    await imports.bring_in("2026-03-01", HEADER, "ann,sales,clerk,2026-04-01")
    rescinded, again = await imports.bring_in("2026-03-15", HEADER, "ann,sales,clerk,2026-05-01")
    assert rescinded[1]["event"] == undone(imports, 0)
    assert again == hired("2026-05-01")
    assert await imports.bring_in("2026-03-16", HEADER, "ann,sales,clerk,2026-05-01") == []


async def test_an_identifier_is_linked_once_and_stays(imports: Imports) -> None:
    header = "person_id,unit,role,mail,identifiers"
    account = {"account": {"homePage": "https://lms.example.org", "name": "7"}}
    linked = await imports.bring_in(
        "2026-03-01", header, "ann,sales,clerk,Ann@Example.org,account:https://lms.example.org|7; openid:https://a.org/"
    )
    assert linked[1] == (
        "identity-linked",
        {"identifiers": [{"mbox": "mailto:Ann@Example.org"}, account, {"openid": "https://a.org/"}]},
    )
    assert await imports.bring_in("2026-04-01", header, "ann,sales,clerk,ann@example.org,") == []
    assert await imports.bring_in("2026-05-01", header, "ann,sales,clerk,ann.lee@example.org,") == [
        ("identity-linked", {"identifiers": [{"mbox": "mailto:ann.lee@example.org"}]})
    ]


async def test_what_somebody_undid_by_hand_was_never_told(imports: Imports) -> None:
    await imports.bring_in("2026-03-01", HEADER, ANN)
    data = b'{"event": {"source": "%s", "id": "%s"}, "reason": "a mistake"}'
    mistaken = data % (SOURCE.encode(), undone(imports, 0)["id"].encode())
    imports.take(Event("1", "/by-hand", "praxis.people.rescinded.v1", mistaken).to_record(DIRECTORY.name))
    assert await imports.bring_in("2026-04-01", HEADER, ANN) == [hired("2020-01-01")]
    assert await imports.bring_in("2026-05-01", HEADER, ANN) == []


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("ann,,clerk,2020-01-01,,,", "unit"),
        ("ann,sales,,2020-01-01,,,", "role"),
        ("ann,sales,clerk,2020-01-01,2019-12-31,,", "left_on"),
        ("ann,sales,clerk,,2025-12-31,,", "left_on"),
        ("ann,sales,clerk,2020-01-01,,1.5,", "fte"),
        ("ann,sales,clerk,2020-01-01,,,ann", "mail"),
        (f"{'a' * 201},sales,clerk,2020-01-01,,,", "person_id"),
    ],
)
async def test_a_row_that_makes_no_event_is_refused_whole(imports: Imports, row: str, column: str) -> None:
    header = "person_id,unit,role,hired_on,left_on,fte,mail"
    assert await imports.bring_in("2026-03-01", header, row) == []
    assert [(each.line, each.column) for each in imports.refused] == [(2, column)]


units = st.sampled_from(["sales", "support"])
days = st.integers(1, 27).map(lambda number: f"2026-03-{number:02}")
ends = st.none() | days
rows = st.fixed_dictionaries(
    {"unit": units, "role": st.sampled_from(["clerk", "head"]), "grade": st.sampled_from(["", "1", "2"])},
    optional={"hired_on": days, "effective_at": days, "left_on": days, "voluntary": st.sampled_from(["true", "false"])},
)
FIELDS = ("unit", "role", "grade", "hired_on", "effective_at", "left_on", "voluntary")


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(days, rows), min_size=1, max_size=5))
async def test_whatever_came_before_a_file_is_told_once(
    tmp_path_factory: pytest.TempPathFactory, files: list[tuple[str, dict[str, str]]]
) -> None:
    imports = Imports(tmp_path_factory.getbasetemp())
    header = ",".join(("person_id", *FIELDS))
    for on, row in files:
        line = ",".join(("ann", *(row.get(name, "") for name in FIELDS)))
        first = await imports.bring_in(on, header, line)
        refused = imports.refused
        assert await imports.bring_in(on, header, line) == [], line
        assert imports.refused == refused
        assert not (refused and first)
        if not refused and "left_on" not in row:
            moment = max(day(each) for each in (row.get("hired_on"), row.get("effective_at", on)) if each)
            history = (await imports.told())["ann"]
            employment = history.employment(moment)
            assert employment is not None
            assert employment.end is None
            assert (history.values(moment)["unit"], history.values(moment)["grade"] or "") == (
                row["unit"],
                row["grade"],
            )
    ids = [Event.from_record(record).id for record in imports.records]
    assert len(ids) == len(set(ids))
