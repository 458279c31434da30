"""Every released contract stands in ``golden``: a full example, and the JSON schema that must not change any more."""

import json
from typing import Any

import pytest
from pydantic import ValidationError

from praxis_events.contracts import Contract, contract_for, contracts
from praxis_events.contracts.attributes import AttributesDeclared
from praxis_events.contracts.base import canonical
from praxis_events.contracts.directory import Hired, IdentityLinked, UnitDefined
from praxis_events.contracts.evidence import Outcome
from praxis_events.topics import TOPICS
from tests.fixtures.golden import GOLDEN, examples

HIRED = {"person_id": "p-1", "unit": "platform", "role": "engineer", "effective_at": "2025-01-01T00:00:00Z"}


def golden(name: str) -> Any:
    return json.loads((GOLDEN / name).read_text())


def by_type(contract: Contract) -> str:
    return contract.type


@pytest.mark.parametrize("contract", contracts(), ids=by_type)
def test_an_example_is_valid_and_dumps_to_itself(contract: Contract) -> None:
    for example in examples(contract.type):
        model = contract.model.model_validate_json(json.dumps(example), strict=True)
        assert canonical(model) == example


@pytest.mark.parametrize("contract", contracts(), ids=by_type)
def test_the_examples_give_every_field(contract: Contract) -> None:
    fields = {field.alias or name for name, field in contract.model.model_fields.items()}
    assert {name for example in examples(contract.type) for name in example} == fields


@pytest.mark.parametrize("contract", contracts(), ids=by_type)
def test_a_released_version_never_changes(contract: Contract) -> None:
    assert contract.model.model_json_schema() == golden(f"{contract.type}.schema.json")


def test_no_released_contract_was_dropped() -> None:
    released = {path.name.removesuffix(".schema.json") for path in GOLDEN.glob("*.schema.json")}
    assert released == {contract.type for contract in contracts()}


@pytest.mark.parametrize("contract", contracts(), ids=by_type)
def test_the_type_is_named_by_the_rule(contract: Contract) -> None:
    area, name, version = contract.type.removeprefix("praxis.").split(".")
    assert contract.type.startswith("praxis.")
    assert area.isalpha()
    assert name.replace("-", "").isalpha()
    assert version == f"v{contract.version}"
    assert contract.topic in TOPICS


def test_an_unknown_type_has_no_contract() -> None:
    assert contract_for("praxis.people.promised.v1") is None


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("effective_at", "2025-01-01T00:00:00"),
        ("effective_at", "2025-01-01"),
        ("effective_at", "1735689600"),
        ("effective_at", 1735689600),
        ("effective_at", "0001-01-01T00:00:00+14:00"),
        ("person_id", ""),
        ("unit", "a\x00b"),
        ("fte", 1.5),
        ("working_days", ["mon"]),
        ("gradde", "5"),
    ],
)
def test_what_no_consumer_could_use_is_refused(field: str, value: object) -> None:
    with pytest.raises(ValidationError) as refused:
        Hired.model_validate(HIRED | {field: value})
    assert refused.value.errors()[0]["loc"][0] == field


def test_no_unit_is_its_own_parent() -> None:
    with pytest.raises(ValidationError) as refused:
        UnitDefined.model_validate(examples("praxis.people.unit-defined.v1")[0] | {"parent": "platform"})
    assert [error["loc"] for error in refused.value.errors()] == [("parent",)]


@pytest.mark.parametrize("attributes", [{"gender": ""}, {"": "female"}, {"birth-year": 1990}, {"gender": None}, []])
def test_a_group_attribute_is_a_name_with_a_value(attributes: object) -> None:
    with pytest.raises(ValidationError) as refused:
        AttributesDeclared.model_validate({"person_id": "p-1", "attributes": attributes})
    assert refused.value.errors()[0]["loc"][0] == "attributes"


def test_declaring_no_group_attributes_withdraws_them() -> None:
    assert AttributesDeclared.model_validate({"person_id": "p-1", "attributes": {}}).attributes == {}


def test_an_infinite_number_is_refused() -> None:
    with pytest.raises(ValidationError):
        Outcome.model_validate_json('{"measure": "revenue", "source": "crm", "amount": 1e999}')


@pytest.mark.parametrize(
    "identifier",
    [
        {},
        {"mbox": "mailto:ann@example.org", "openid": "https://ann.example.org/"},
        {"mbox": "ann@example.org"},
        {"mbox": "mailto:" + "a@" * 100_000},
        {"openid": "ann"},
        {"openid": "https://ann.example.org/" + "a" * 1_000},
        {"mbox_sha1sum": "abc"},
        {"account": {"homePage": "https://hr.example.org"}},
    ],
)
def test_an_identifier_is_one_well_formed_identifier(identifier: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        IdentityLinked.model_validate({"person_id": "p-1", "identifiers": [identifier]})
