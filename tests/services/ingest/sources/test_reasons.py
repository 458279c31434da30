"""Of what was refused nothing is kept but names and words that are ours."""

from http import HTTPStatus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from praxis_ingest.sources.reasons import MOST_CHARACTERS, MOST_FAULTS, reason_of, reasons_of
from praxis_service.problem import BadRequest, Conflict, FieldError, TooLarge, pointer


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (FieldError("is required", "/3/data/learner"), {"reason": "is required", "pointer": "/3/data/learner"}),
        (FieldError("is required", ""), {"reason": "is required", "pointer": ""}),
        (FieldError("is odd", "/0/data/ann@example.org/x"), {"reason": "is odd", "pointer": "/0/data/*/*"}),
        (FieldError("is odd", "/result/extensions/https:~1~1x.org~1ann"), {
            "reason": "is odd", "pointer": "/result/extensions/*",
        }),
        (FieldError("must be a UUID", "/1/context/registration"), {
            "reason": "must be a UUID", "pointer": "/1/context/registration",
        }),
        (FieldError("is unknown", parameter="ann"), {"reason": "is unknown", "parameter": "*"}),
        (FieldError("must be true", parameter="atomic"), {"reason": "must be true", "parameter": "atomic"}),
        (FieldError("is required", header="ce-source"), {"reason": "is required", "header": "ce-source"}),
        (FieldError("is odd", header="ce-ann"), {"reason": "is odd", "header": "ce-*"}),
        (FieldError("must be JSON", header="content-type"), {"reason": "must be JSON", "header": "content-type"}),
        (FieldError('must be "Agent" or "Group"'), {"reason": 'must be "Agent" or "Group"'}),
        (FieldError("Input should be 'task-completed'"), {"reason": "Input should be 'task-completed'"}),
        (FieldError("Input tag 'ann' was `Lee` found"), {"reason": "Input tag … was … found"}),
        (FieldError("the statement 7ccd3322-e1a5-411a-a67d-6a735c76f119 is stored"), {
            "reason": "the statement … is stored",
        }),
    ],
)  # fmt: skip
def test_a_fault_is_told_by_known_names_and_our_own_words(fault: FieldError, shown: dict[str, str]) -> None:
    assert reason_of(fault) == shown


def test_a_problem_without_faults_is_told_by_its_detail() -> None:
    assert reasons_of(TooLarge("The body has more than 9 bytes.")) == [{"reason": "The body has more than 9 bytes."}]
    assert Conflict.status == HTTPStatus.CONFLICT


def test_of_many_faults_the_first_are_told() -> None:
    faults = [FieldError(f"{number}") for number in range(MOST_FAULTS + 5)]
    assert [each["reason"] for each in reasons_of(BadRequest("", faults))] == [str(n) for n in range(MOST_FAULTS)]


@given(st.text(min_size=1), st.lists(st.text(alphabet="Xé~/0.@", min_size=3)))
def test_nothing_unknown_gets_through(text: str, steps: list[str]) -> None:
    shown = reason_of(FieldError(f"the value '{text}' is wrong"[: MOST_CHARACTERS * 2], pointer(["data", *steps])))
    assert len(shown["reason"]) <= MOST_CHARACTERS
    assert set(shown["pointer"].removeprefix("/data")) <= set("/*0123456789")
