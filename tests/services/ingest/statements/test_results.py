from typing import Any

import pytest

from tests.services.ingest.statements.samples import faults, sample

VALID: list[dict[str, Any]] = [
    {},
    {"score": {}},
    {"score": {"scaled": -1}},
    {"score": {"scaled": 1.0}},
    {"score": {"raw": 5}},
    {"score": {"raw": 0, "min": 0, "max": 1}},
    {"score": {"raw": 1e3, "min": -1e3, "max": 1e3}},
    {"score": {"raw": -5, "max": 0}},
    {"success": True, "completion": False, "response": "", "duration": "PT0S"},
    {"extensions": {"https://example.org/x": None}},
]

FAULTY: list[tuple[Any, str, str]] = [
    ([], "", "must be an object"),
    ({"grade": 1}, "/grade", "is not allowed here"),
    ({"score": 1}, "/score", "must be an object"),
    ({"score": {"scaled": 1.01}}, "/score/scaled", "must be between -1 and 1"),
    ({"score": {"scaled": -1.01}}, "/score/scaled", "must be between -1 and 1"),
    ({"score": {"scaled": "1"}}, "/score/scaled", "must be a number"),
    ({"score": {"scaled": True}}, "/score/scaled", "must be a number"),
    ({"score": {"min": 1, "max": 1}}, "/score/max", "must be greater than min"),
    ({"score": {"min": 2, "max": 1}}, "/score/max", "must be greater than min"),
    ({"score": {"raw": -1, "min": 0}}, "/score/raw", "must not be less than min"),
    ({"score": {"raw": 11, "max": 10}}, "/score/raw", "must not be greater than max"),
    ({"score": {"percent": 1}}, "/score/percent", "is not allowed here"),
    ({"success": "true"}, "/success", "must be true or false"),
    ({"success": 1}, "/success", "must be true or false"),
    ({"completion": None}, "/completion", "must not be null"),
    ({"response": 5}, "/response", "must be a string"),
    ({"duration": "1 hour"}, "/duration", "must be an ISO 8601 duration"),
    ({"duration": 5}, "/duration", "must be a string"),
    ({"extensions": {"x": 1}}, "/extensions/x", "the key must be an absolute IRI"),
]


@pytest.mark.parametrize("result", VALID)
def test_valid_results(result: dict[str, Any]) -> None:
    assert faults(sample(result=result)) == {}
    assert faults(sample("substatement", **{"object/result": result})) == {}


@pytest.mark.parametrize(("result", "pointer", "detail"), FAULTY)
def test_faulty_results(result: Any, pointer: str, detail: str) -> None:
    assert detail in faults(sample(result=result))[f"/result{pointer}"]
    assert detail in faults(sample("substatement", **{"object/result": result}))[f"/object/result{pointer}"]


def test_all_faults_of_a_score_are_told() -> None:
    found = faults(sample(result={"score": {"scaled": 2, "raw": 5, "min": 9, "max": 1}}))
    assert sorted(found) == ["/result/score/max", "/result/score/raw", "/result/score/scaled"]
