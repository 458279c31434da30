"""What the programme and the work may say of themselves: each rule refuses its breach, and says so."""

from typing import Any

import pytest
from pydantic import ValidationError

from praxis_events.contracts import contract_for
from praxis_events.contracts.programme import PilotRegistered, StepPlanned
from tests.fixtures.golden import examples

P1, P7 = {"person_id": "p-1"}, {"person_id": "p-7"}
UP = {"direction": "up", "threshold": 1.0}
LEFT_OUT = object()


def refusal(type_: str, which: int = 0, **changes: Any) -> tuple[str, str]:
    """The field that is named (empty: the event as a whole) and the message, for the golden example so changed."""
    changes = {name.rstrip("_"): value for name, value in changes.items()}
    example = examples(f"praxis.{type_}.v1")[which] | changes
    data = {name: value for name, value in example.items() if value is not LEFT_OUT}
    contract = contract_for(f"praxis.{type_}.v1")
    assert contract is not None
    with pytest.raises(ValidationError) as refused:
        contract.model.model_validate(data)
    [error] = refused.value.errors()
    return str(error["loc"][0]) if error["loc"] else "", error["msg"]


@pytest.mark.parametrize(
    "type_",
    [
        "programme.skill-defined", "programme.role-profiled", "programme.plan-published", "programme.goal-set",
        "programme.pathway-published", "programme.habit-designed", "programme.step-planned",
        "programme.pilot-registered", "programme.barrier-assigned", "programme.playbook-published",
        "programme.standard-set", "programme.override-set", "programme.policy-published",
    ],
)  # fmt: skip
def test_everything_has_an_owner(type_: str) -> None:
    assert refusal(type_, owner=LEFT_OUT) == ("owner", "Field required")


@pytest.mark.parametrize(("ends_on", "days"), [("2026-05-01", 31), ("2026-04-30", 30), ("2026-06-29", 90)])
def test_a_step_lasts_30_to_90_days(ends_on: str, days: int) -> None:
    example = examples("praxis.programme.step-planned.v1")[0]
    found = StepPlanned.model_validate(example | {"starts_on": "2026-04-01", "ends_on": ends_on})
    assert (found.ends_on - found.starts_on).days + 1 == days


@pytest.mark.parametrize(("ends_on", "days"), [("2026-04-29", 29), ("2026-06-30", 91), ("2026-03-31", 0)])
@pytest.mark.parametrize("type_", ["programme.step-planned", "programme.pilot-registered"])
def test_no_step_is_shorter_or_longer(type_: str, ends_on: str, days: int) -> None:
    field, message = refusal(type_, starts_on="2026-04-01", ends_on=ends_on)
    assert field == ""
    assert message == f"must last 30 to 90 days from starts_on to ends_on, both included, not {days}"


def metrics(*kpis: str) -> list[dict[str, Any]]:
    return [{"kpi": kpi, **UP} for kpi in kpis]


@pytest.mark.parametrize(
    "given",
    [
        metrics("application-rate", "learning-hours"),
        metrics("application-rate", "learning-hours", "time-saved", "participation"),
        metrics("application-rate", "learning-hours", "learning-hours"),
    ],
)
def test_a_pilot_has_three_different_metrics(given: list[dict[str, Any]]) -> None:
    assert refusal("programme.pilot-registered", metrics=given)[0] == "metrics"


def test_one_kpi_of_two_groups_is_two_metrics() -> None:
    given = metrics("application-rate", "learning-hours", "learning-hours")
    given[2]["filters"] = {"unit": "platform"}
    example = examples("praxis.programme.pilot-registered.v1")[0]
    assert len(PilotRegistered.model_validate(example | {"metrics": given}).metrics) == 3


def test_a_pilot_is_compared_with_others() -> None:
    assert refusal("programme.pilot-registered", comparison={}) == (
        "comparison", "must have at least one of unit, role, pathway and cohort"
    )  # fmt: skip
    assert refusal("programme.pilot-registered", comparison={"unit": "platform"}) == (
        "", "comparison must be another group than treated"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"step_owner": LEFT_OUT}, "step_owner is required to scale"),
        ({"step": LEFT_OUT}, "step is required to scale"),
        ({"extension": "next"}, "extension has no place in a decision to scale"),
        ({"decision": "stop"}, "step has no place in a decision to stop"),
        (
            {"decision": "extend", "step": LEFT_OUT, "step_owner": LEFT_OUT},
            "extension is required to extend",
        ),
        (
            {"decision": "extend", "step": LEFT_OUT, "step_owner": LEFT_OUT, "extension": "sprints-2026"},
            "extension must be another pilot",
        ),
    ],
)
def test_a_pilot_ends_with_what_follows(changes: dict[str, Any], message: str) -> None:
    assert refusal("programme.pilot-concluded", **changes) == ("", message)


@pytest.mark.parametrize(
    ("type_", "changes", "field"),
    [
        ("programme.goal-set", {"kpi": "lines-of-code"}, "kpi"),
        ("programme.goal-set", {"filters": {"team": "a"}}, "filters"),
        ("programme.goal-set", {"target": 120.0}, ""),
        ("programme.goal-set", {"interventions": [{"pathway": "a", "pilot": "b"}]}, "interventions"),
        ("programme.goal-set", {"due_on": "2026-12-31T00:00:00Z"}, "due_on"),
        ("programme.goal-set", {"due_on": 1_767_225_600}, "due_on"),
        ("programme.goal-set", {"due_on": "2026-02-30"}, "due_on"),
        ("programme.pathway-published", {"outcome": "test-scores"}, "outcome"),
        ("programme.pathway-published", {"activities": ["https://a.example/1"] * 2}, "activities"),
        ("programme.pathway-published", {"activities": []}, "activities"),
        ("programme.activity-mapped", {"skills": [{"skill": "a"}, {"skill": "a", "level": "b"}]}, "skills"),
        ("programme.activity-mapped", {"until": "2025-01-01T00:00:00Z"}, ""),
        ("programme.assessor-appointed", {"until": "2025-01-01T00:00:00Z"}, ""),
        ("programme.learning-lead-appointed", {"until": "2026-01-01T00:00:00Z"}, ""),
        ("programme.learning-lead-appointed", {"until": LEFT_OUT}, "until"),
        ("programme.cost-recorded", {"about": {"pathway": "a", "pilot": "b"}}, "about"),
        ("programme.cost-recorded", {"period": {"from": "2026-02-01", "to": "2026-01-31"}}, "period"),
        ("programme.cost-recorded", {"amount": -1}, "amount"),
        ("programme.feedback-given", {"about": {}}, "about"),
        ("programme.feedback-given", {"sentiment": 3}, "sentiment"),
        ("programme.barrier-reported", {"severity": 0}, "severity"),
        ("programme.barrier-reported", {"barrier": "weather"}, "barrier"),
        ("programme.barrier-assigned", {"quarter": "2026-Q5"}, "quarter"),
        ("programme.leader-acted", {"reported_by": P7}, ""),
        ("programme.protected-hours-booked", {"unit": "platform"}, ""),
        ("programme.protected-hours-booked", {"person": LEFT_OUT}, ""),
        ("programme.protected-hours-booked", {"time_zone": "Mars/Olympus"}, "time_zone"),
        ("programme.protected-hours-booked", {"time_zone": "../../etc/passwd"}, "time_zone"),
        ("programme.protected-hours-booked", {"recurrence": "every friday"}, "recurrence"),
        ("programme.protected-hours-booked", {"recurrence": "FREQ=WEEKLY;BYDAY=XX"}, "recurrence"),
        ("programme.protected-hours-booked", {"recurrence": "DTSTART:20260101\nRRULE:FREQ=DAILY"}, "recurrence"),
        ("programme.protected-hours-booked", {"ends_at": "2026-03-06T13:00:00+01:00"}, ""),
        ("programme.protected-hours-booked", {"ends_at": "2026-03-08T13:00:00+01:00"}, ""),
        ("programme.standard-set", {"value": 21.0}, ""),
        ("programme.standard-set", {"value": "many"}, ""),
        ("programme.standard-set", {"bounds": {"least": 2.0, "most": 1.0}}, "bounds"),
        ("programme.report-published", {"snapshot_sha256": "abc"}, "snapshot_sha256"),
        ("work.task-eligible", {"due_at": "2026-03-01T00:00:00Z"}, ""),
        ("work.task-accepted", {"errors": 41}, ""),
        ("work.task-accepted", {"rounds": 0}, "rounds"),
        ("work.outcome-measured", {"unit": "platform"}, ""),
        ("work.outcome-measured", {"to": "2026-03-01T00:00:00Z"}, ""),
        ("work.coaching-held", {"coach": P1}, ""),
        ("work.habit-done", {"minutes": 0}, "minutes"),
    ],
)
def test_a_breach_is_named(type_: str, changes: dict[str, Any], field: str) -> None:
    assert refusal(type_, **changes)[0] == field
