"""The quarterly report: drafted, published, kept, and restated, worked out by hand."""

import json
from typing import Any

from sqlalchemy import text

from praxis_events.contracts.programme import ReportPublished
from praxis_events.log import NewRecord
from praxis_metrics.kpis import KPIS
from praxis_metrics.programme.reports.reading import sha256
from praxis_metrics.programme.reports.schemas import ReportOut
from tests.services.metrics.build import did, fresh_id, said, takes_back
from tests.services.metrics.programme.build import OWNER, assigned, goal, pilot, reported, reported_on, told
from tests.services.metrics.world import World

KPI = KPIS["completions"]
MARCH = "2026-03-10T09:00:00Z"
NAMES = ("ann", "bob", "cem", "dee", "eli")


def publication(of: ReportOut, *, id_: str | None = None, **others: Any) -> NewRecord:
    """The event that publishes a draft."""
    data = {
        "quarter": of.snapshot.quarter,
        "watermark": of.snapshot.watermark.isoformat() if of.snapshot.watermark else None,
        "definition_versions": of.definition_versions,
        "snapshot_sha256": of.snapshot_sha256,
        "snapshot": of.frozen,
        "published_by": OWNER,
        **others,
    }
    assert ReportPublished.model_validate(data)
    return said("programme.report-published", data, id_=id_, version=2)


async def history(world: World) -> None:
    await told(
        world,
        [
            *[did(name, "completed", "a", MARCH) for name in NAMES],
            goal("more", KPI.name, 0, 10, "2026-12-31", set_on="2026-01-01"),
            goal("later", KPI.name, 0, 10, "2026-12-31", set_on="2026-04-01"),
            *[reported(name, "time", 4, MARCH) for name in NAMES], assigned("2026-Q1", "time", "2026-05-31"),
            pilot("p", "2026-02-01", "2026-03-15"), pilot("q", "2026-04-01", "2026-05-15"),
            said("programme.pilot-concluded", {
                "pilot": "p", "decision": "stop", "decided_by": {"person_id": "boss"}, "reason": "<b>No</b>",
            }, time="2026-03-20T09:00:00+00:00"),
        ],
        KPI,
    )  # fmt: skip


async def test_a_draft_has_what_is_known_of_the_quarter_and_no_person(world: World) -> None:
    await history(world)
    async with world.database.sessions.begin() as session:
        body = json.dumps({"verdict": "met", "recommendation": "scale", "owner": OWNER})
        await session.execute(text("INSERT INTO findings VALUES ('pilots', 'p', CAST(:body AS jsonb))"), {"body": body})
    draft = await reported_on(world, "2026-Q1")
    told_, figures = draft.snapshot, {each.kpi: each for each in draft.snapshot.kpis}
    assert draft.state == "draft"
    assert list(figures) == list(KPIS)
    assert (figures[KPI.name].value, figures[KPI.name].previous, figures[KPI.name].provisional) == (5, 0, False)
    assert told_.headline == ["learning-hours", "application-rate", "time-saved"]
    assert [(each.goal, each.value, each.progress) for each in told_.goals] == [("more", 5, 0.5)]
    assert [(each.barrier, each.people, each.score) for each in told_.barriers] == [("time", 5, 4.0)]
    assert [(each.id, each.verdict, each.recommendation) for each in told_.pilots] == [("p", "met", "scale")]
    assert [(str(each.on), each.kind, each.id, each.decision) for each in told_.decisions] == [
        ("2026-03-20", "pilot-concluded", "p", "stop")
    ]
    assert [(each.kind, each.id, each.owner) for each in draft.responsible] == [
        ("goal", "later", OWNER), ("goal", "more", OWNER), ("barrier", "time", OWNER)
    ]  # fmt: skip
    assert draft.frozen is not None
    assert sha256(draft.frozen) == draft.snapshot_sha256
    assert draft.definition_versions == {name: kpi.version for name, kpi in KPIS.items()}
    for person in (*NAMES, "owner", "boss", "No"):
        assert f'"{person}' not in draft.frozen


async def test_what_was_published_stays_and_what_has_changed_is_listed(world: World) -> None:
    # Late: zoe's completion in March makes 6 of 5; the goal goes from 0.5 to 0.6; ann's report is taken back.
    await history(world)
    draft, id_ = await reported_on(world, "2026-Q1"), fresh_id()
    await told(world, [publication(draft, id_=id_), publication(draft, snapshot="{}", snapshot_sha256="0" * 64)], KPI)
    published = await reported_on(world, "2026-Q1")
    assert (published.state, published.kept, published.intact, published.published_by) == (
        "published",
        True,
        True,
        OWNER,
    )
    assert (published.snapshot, published.restatements) == (draft.snapshot, [])
    await told(world, [did("zoe", "completed", "a", "2026-03-11T09:00:00Z")], KPI)
    restated = await reported_on(world, "2026-Q1")
    assert restated.snapshot == draft.snapshot
    assert [(each.figure, each.why) for each in restated.restatements] == [
        ("KPI completions", "late-data"), ("goal more", "late-data")
    ]  # fmt: skip
    then, now = restated.restatements[0].then, restated.restatements[0].now
    assert then is not None
    assert now is not None
    assert (then["value"], now["value"]) == (5, 6)
    # What must be hidden now is listed as that, without a figure.
    world.threshold = 7
    await told(world, [], KPI)
    hidden = {each.figure: each for each in (await reported_on(world, "2026-Q1")).restatements}
    assert hidden["KPI completions"].why == "hidden-now"
    assert hidden["KPI completions"].now == {"value": None, "numerator": None, "denominator": None, "n": None}
    assert hidden["barrier time"].now is None
    await told(world, [takes_back("programme", id_)])
    # Then the second publication is the first that stands; what it published is no report.
    second = await reported_on(world, "2026-Q1")
    assert (second.state, second.kept, second.frozen) == ("published", False, "{}")


async def test_without_its_snapshot_or_with_another_it_says_so(world: World) -> None:
    await told(world, [])
    draft = await reported_on(world, "2026-Q1")
    assert draft.snapshot.watermark is not None
    first = {
        "quarter": "2026-Q1", "watermark": MARCH, "definition_versions": {KPI.name: 1}, "snapshot_sha256": "0" * 64,
        "published_by": OWNER,
    }  # fmt: skip
    await told(world, [said("programme.report-published", first), publication(draft, quarter="2025-Q4", snapshot="{}")])
    of_hash = await reported_on(world, "2026-Q1")
    assert (of_hash.state, of_hash.kept, of_hash.intact, of_hash.frozen) == ("published", False, None, None)
    assert of_hash.definition_versions == {KPI.name: 1}
    other = await reported_on(world, "2025-Q4")
    assert (other.kept, other.intact, other.frozen) == (False, None, "{}")


async def test_the_definition_of_then_is_named_where_it_has_changed(world: World) -> None:
    await told(world, [did("ann", "completed", "a", MARCH)], KPI)
    draft = await reported_on(world, "2026-Q1")
    assert draft.frozen is not None
    old = json.loads(draft.frozen)
    next(each for each in old["kpis"] if each["kpi"] == KPI.name).update(value=3, definition_version=7)
    frozen = json.dumps(old)
    versions = {**draft.definition_versions, KPI.name: 7}
    await told(
        world,
        [publication(draft, snapshot=frozen, snapshot_sha256=sha256(frozen), definition_versions=versions)],
    )
    found = await reported_on(world, "2026-Q1")
    assert [(each.figure, each.why) for each in found.restatements] == [("KPI completions", "definition-changed")]
    assert found.definition_versions[KPI.name] == 7
