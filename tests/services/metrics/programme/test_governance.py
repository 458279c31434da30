"""Steps, overrides, leads, playbooks and owners, worked out by hand."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events.log import NewRecord
from praxis_metrics.programme.governance import leads_of, playbooks_of, standards_of
from praxis_metrics.programme.owners import ownerless
from praxis_metrics.programme.steps import follow_ups_missing, pilots_to_conclude, steps_of
from tests.services.metrics.build import hired, left, linked, mail, said
from tests.services.metrics.programme.build import OWNER, goal, pilot, told
from tests.services.metrics.world import World

TODAY, NOW = date(2026, 6, 15), datetime(2026, 6, 15, tzinfo=UTC)


def step(name: str, starts_on: str, ends_on: str, **others: Any) -> NewRecord:
    data = {"step": name, "stage": "embed", "owner": OWNER, "success": "x", "starts_on": starts_on, "ends_on": ends_on}
    return said("programme.step-planned", {**data, **others})


def concluded(pilot_: str, decision: str, **others: Any) -> NewRecord:
    data = {"pilot": pilot_, "decision": decision, "decided_by": {"person_id": "boss"}, "reason": "x", **others}
    return said("programme.pilot-concluded", data)


async def test_steps_and_pilots_that_wait_for_somebody(world: World) -> None:
    await told(world, [
        step("past", "2026-04-01", "2026-06-14"), step("now", "2026-06-15", "2026-07-30"),
        step("soon", "2026-07-01", "2026-08-15"), step("done", "2026-03-01", "2026-05-01"),
        said("programme.step-concluded", {"step": "done", "concluded_on": "2026-05-02", "met": True}),
        pilot("open", "2026-03-01", "2026-04-15"), pilot("runs", "2026-06-01", "2026-07-15"),
        pilot("scaled", "2026-03-01", "2026-04-15"), pilot("planned", "2026-03-01", "2026-04-15"),
        pilot("stopped", "2026-03-01", "2026-04-15"), pilot("extended", "2026-03-01", "2026-04-15"),
        concluded("scaled", "scale", step="roll out", step_owner={"person_id": "cem"}),
        concluded("planned", "scale", step="soon", step_owner=OWNER), concluded("stopped", "stop"),
        concluded("extended", "extend", extension="second try"),
    ])  # fmt: skip
    async with world.database.sessions() as session:
        steps = await steps_of(session, TODAY)
        assert [(each.step, each.state, each.met) for each in steps] == [
            ("done", "concluded", True), ("past", "overdue", None), ("now", "running", None), ("soon", "planned", None)
        ]  # fmt: skip
        assert steps[1].owner == OWNER
        due = await pilots_to_conclude(session, TODAY)
        assert [(each.pilot, each.ended_on, each.owner) for each in due] == [("open", date(2026, 4, 15), OWNER)]
        missing = [(each.pilot, each.missing, each.owner) for each in await follow_ups_missing(session)]
        assert missing == [
            ("extended", "second try", {"person_id": "boss"}), ("scaled", "roll out", {"person_id": "cem"})
        ]  # fmt: skip


async def test_overrides_leads_playbooks_and_owners(world: World) -> None:
    window = {"id": "window", "about": "application-rate", "owner": OWNER}
    override = {**window, "unit": "sales"}
    await told(world, [
        said("programme.standard-set", {**window, "value": 30, "bounds": {"least": 14, "most": 60}}),
        said("programme.override-set", {**override, "value": 90}),
        said("programme.override-set", {**override, "value": 21, "unit": "ops"}),
        said("programme.override-set", {**override, "id": "other", "value": "x"}),
        *[_lead("sales", who, *span) for who, span in
          (("ann", ("2026-01-01", "2026-06-01")), ("bob", ("2026-06-01", "2026-12-31")))],
        _lead("ops", "ann", "2026-01-01", "2026-07-01"),
        *[said("programme.playbook-published", {"id": id_, "about": about, "text": "So.", "owner": OWNER})
          for id_, about in (("a", "application-rate"), ("b", "sql"), ("c", "nothing"))],
        said("programme.skill-defined", {"skill": "sql", "name": "SQL", "owner": mail("gone")}),
        goal("g", "completions", 0, 1, "2026-12-31", set_on="2026-01-01", owner={"person_id": "never hired"}),
        hired("gone", "2025-01-01T00:00:00Z"), left("gone", "2026-06-01T00:00:00Z"), linked("gone", mail("gone")),
        hired("owner", "2025-01-01T00:00:00Z"),
    ])  # fmt: skip
    async with world.database.sessions() as session:
        await _looks(session)


def _lead(unit: str, who: str, starts: str, ends: str) -> NewRecord:
    span = {"from": f"{starts}T00:00:00Z", "until": f"{ends}T00:00:00Z"}
    return said("programme.learning-lead-appointed", {"unit": unit, "person": {"person_id": who}, **span})


async def _looks(session: AsyncSession) -> None:
    standards, overrides = await standards_of(session)
    (window,) = standards
    assert window.bounds is not None
    assert (window.value, window.bounds.least, window.bounds.most, window.owner) == (30, 14, 60, OWNER)
    assert [(each.standard, each.unit, each.value, each.in_effect, each.why_not) for each in overrides] == [
        ("other", "sales", "x", False, "no-such-standard"),
        ("window", "ops", 21, True, None),
        ("window", "sales", 90, False, "out-of-bounds"),
    ]
    leads = [(each.unit, each.person, each.state, each.due_to_rotate) for each in await leads_of(session, NOW)]
    assert leads == [("ops", {"person_id": "ann"}, "serving", True), ("sales", {"person_id": "bob"}, "serving", False)]
    playbooks = [(each.playbook, each.linked_to) for each in await playbooks_of(session)]
    assert playbooks == [("a", ["kpi"]), ("b", ["skill"]), ("c", [])]
    # Whom the directory never knew may be at work elsewhere; who has left is not.
    lost = [(each.kind, each.id, each.owner, each.why) for each in await ownerless(session, TODAY)]
    assert lost == [("skill", "sql", {"person_id": "gone"}, "owner-has-left")]
