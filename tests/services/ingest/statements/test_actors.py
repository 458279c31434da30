from typing import Any

import pytest

from tests.services.ingest.statements.samples import faults, sample

ANN = {"mbox": "mailto:ann@example.org"}
BEN = {"account": {"homePage": "https://hr.example.org", "name": "ben"}}
TEAM = {"objectType": "Group", "member": [ANN]}
ONE = "must have exactly one of mbox, mbox_sha1sum, openid and account"

VALID_ACTORS = [
    ANN,
    BEN,
    {**ANN, "objectType": "Agent", "name": "Ann"},
    {"openid": "https://ann.example.org/"},
    {"mbox_sha1sum": "EBD31e95054c018b10727ccffd2ef2ec3a016ee9"},
    TEAM,
    {"objectType": "Group", "member": [ANN, {**BEN, "objectType": "Agent"}], "name": "Team"},
    {"objectType": "Group", **ANN},
    {"objectType": "Group", **BEN, "member": []},
]

FAULTY_ACTORS: list[tuple[Any, str, str]] = [
    ({}, "", ONE),
    ({"name": "Ann"}, "", ONE),
    ({**ANN, **BEN}, "", ONE),
    ({**ANN, "openid": "https://ann.example.org/"}, "", ONE),
    ({**ANN, "objectType": "agent"}, "/objectType", 'must be "Agent" or "Group"'),
    ({**ANN, "objectType": "Activity"}, "/objectType", 'must be "Agent" or "Group"'),
    ({**ANN, "objectType": 1}, "/objectType", "must be a string"),
    ({**ANN, "member": [BEN]}, "/member", "is allowed only in a Group"),
    ({**ANN, "name": 5}, "/name", "must be a string"),
    ({**ANN, "name": None}, "/name", "must not be null"),
    ({**ANN, "Name": "Ann"}, "/Name", "is not allowed here (names are case-sensitive)"),
    ({**ANN, "email": "x"}, "/email", "is not allowed here"),
    ({"mbox": "ann@example.org"}, "/mbox", "must be a mailto IRI"),
    ({"mbox": ""}, "/mbox", "must be a mailto IRI"),
    ({"mbox": ["mailto:ann@example.org"]}, "/mbox", "must be a string"),
    ({"mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee"}, "/mbox_sha1sum", "40 hexadecimal digits"),
    ({"mbox_sha1sum": "gbd31e95054c018b10727ccffd2ef2ec3a016ee9"}, "/mbox_sha1sum", "40 hexadecimal digits"),
    ({"openid": "ann.example.org"}, "/openid", "must be an absolute IRI"),
    ({"account": {"homePage": "hr.example.org", "name": "a"}}, "/account/homePage", "must be an absolute IRI"),
    ({"account": {"homePage": "https://hr.example.org"}}, "/account/name", "is required"),
    ({"account": {"name": "ann"}}, "/account/homePage", "is required"),
    ({"account": {"homePage": "https://hr.example.org", "name": {}}}, "/account/name", "must be a string"),
    ({"account": {"homePage": "https://hr.example.org", "name": "a\x00b"}}, "/account/name", "control characters"),
    ({"account": {**BEN["account"], "id": "1"}}, "/account/id", "is not allowed here"),
    ({"account": "ben"}, "/account", "must be an object"),
    ({"objectType": "Group"}, "/member", "is required in a Group without an identifier"),
    ({"objectType": "Group", "member": []}, "/member", "is required in a Group without an identifier"),
    ({"objectType": "Group", "member": ANN}, "/member", "must be an array"),
    ({"objectType": "Group", "member": [ANN, {}]}, "/member/1", ONE),
    ({"objectType": "Group", "member": [{"mbox": "x"}]}, "/member/0/mbox", "must be a mailto IRI"),
    ({"objectType": "Group", "member": [{**ANN, "objectType": "Group"}]}, "/member/0/objectType", "only Agents"),
    ({"objectType": "Group", "member": [TEAM]}, "/member/0/member", "is not allowed here"),
    ({"objectType": "Group", **ANN, **BEN}, "", "must have at most one of"),
    ("mailto:ann@example.org", "", "must be an object"),
    (None, "", "must not be null"),
]

PLACES = ["actor", "authority", "context/instructor", "object/actor"]


def _statement(place: str, actor: Any) -> dict[str, Any]:
    if place == "context/instructor":
        return sample(context={"instructor": actor})
    if place == "object/actor":
        return sample("substatement", **{place: actor})
    return sample(**{place: actor})


@pytest.mark.parametrize("place", ["actor", "context/instructor", "object/actor"])
@pytest.mark.parametrize("actor", VALID_ACTORS)
def test_valid_actors(place: str, actor: dict[str, Any]) -> None:
    assert faults(_statement(place, actor)) == {}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("actor", "pointer", "detail"), FAULTY_ACTORS)
def test_faulty_actors(place: str, actor: Any, pointer: str, detail: str) -> None:
    found = faults(_statement(place, actor))
    assert detail in found[f"/{place}{pointer}"]


@pytest.mark.parametrize("actor", VALID_ACTORS)
def test_an_actor_as_the_object_must_say_what_it_is(actor: dict[str, Any]) -> None:
    assert faults(sample(object={"objectType": "Agent", **actor})) == {}
    without = {name: value for name, value in actor.items() if name != "objectType"}
    found = faults(sample(object=without))
    assert found["/object/id"] == "is required"
    assert all(found[f"/object/{name}"] == "is not allowed where objectType is Activity" for name in without)


@pytest.mark.parametrize("authority", [ANN, BEN, {"objectType": "Group", "member": [BEN, ANN]}])
def test_valid_authorities(authority: dict[str, Any]) -> None:
    assert faults(sample(authority=authority)) == {}


@pytest.mark.parametrize(
    ("authority", "pointer"),
    [
        ({"objectType": "Group", "member": [ANN]}, "/authority/member"),
        ({"objectType": "Group", "member": [ANN, BEN, ANN]}, "/authority/member"),
        ({"objectType": "Group", **ANN, "member": [ANN, BEN]}, "/authority"),
        ({"objectType": "Group", **ANN}, "/authority"),
    ],
)
def test_an_authority_group_is_anonymous_and_holds_two(authority: dict[str, Any], pointer: str) -> None:
    assert pointer in faults(sample(authority=authority))


@pytest.mark.parametrize("team", [ANN, {**ANN, "objectType": "Agent"}, {"member": [ANN]}])
def test_a_team_is_a_group(team: dict[str, Any]) -> None:
    assert faults(sample(context={"team": team})) == {"/context/team/objectType": 'must be "Group"'}
