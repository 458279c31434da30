"""What the services' tables and answers say, against a naive reading of the log."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from praxis_events.topics import DIRECTORY
from praxis_metrics.calendar import Grain, Period, periods
from tests.faults.found import Found
from tests.faults.world import World
from tests.fixtures.processes import SERVICES
from tests.services.metrics.oracle import (
    COUNTING,
    Answer,
    Heard,
    Oracle,
    Told,
    is_void,
    key_of,
    moment,
    read_time,
)

MICROSECONDS = 3_600_000_000
ASKED_ONE_BY_ONE = 40

Statement = dict[str, Any]


class IndexedOracle(Oracle):
    """The same answers about thousands of statements: those that share an id, or say the same, are found by key."""

    @staticmethod
    def _firsts(told: list[Told]) -> list[Told]:
        firsts: dict[str, Told] = {}
        for each in told:
            firsts.setdefault(each.body["id"], each)
        return list(firsts.values())

    @staticmethod
    def _without_redeliveries(told: list[Told]) -> list[Told]:
        least: dict[Any, Told] = {}
        for each in told:
            body, says = each.body, each.body["id"]
            if each.id_assigned and moment(body) != read_time(body["stored"]):
                says = (each.credential, key_of(body["actor"]), body["verb"]["id"], str(body["object"]), moment(body))
            if says not in least or body["id"] < least[says].body["id"]:
                least[says] = each
        return list(least.values())


async def assert_tables_are_right(world: World, found: Found) -> None:
    """The first copy of each id is stored as it is in the log; each later one with other content is a conflict."""
    firsts = found.first_statements()
    connection = await world.postgres.connect("praxis")
    try:
        stored = {str(row[0]): row[1] for row in await connection.fetch("SELECT id, body FROM ingest_g1.statements")}
        conflicts = await _positions(connection, "statement_conflicts")
        seen = await _positions(connection, "events_seen")
        stops = await _stops(connection)
    finally:
        await connection.close()
    assert stops == []
    assert stored.keys() ^ firsts.keys() == set()
    assert [id_ for id_, body in stored.items() if body != firsts[id_].record.value] == []
    differing = [e.record for e in found.statements if e.said != firsts[e.id].said]
    assert conflicts == sorted((r.topic, r.partition, r.offset) for r in differing)
    first_events = {each.name: each.record for each in reversed(found.events)}
    assert seen == sorted((r.topic, r.partition, r.offset) for r in first_events.values())


def assert_nobody_dead_locked(world: World) -> None:
    """Rivals wait for one another in one order."""
    assert "deadlock" not in (world.postgres_disk.folder / "data" / "server.log").read_text()


async def _positions(connection: asyncpg.Connection, table: str) -> list[tuple[str, int, int]]:
    rows = await connection.fetch(f'SELECT topic, partition, "offset" FROM ingest_g1.{table}')
    return sorted(tuple(row) for row in rows)


async def _stops(connection: asyncpg.Connection) -> list[str]:
    query = " UNION ALL ".join(
        f"SELECT stop_reason FROM {service}_g1.checkpoints WHERE stopped_at IS NOT NULL" for service in SERVICES
    )
    return [row[0] for row in await connection.fetch(query)]


async def assert_listings_are_right(world: World, found: Found) -> None:
    """By HTTP: every statement that is not voided once, newest first; some one by one."""
    firsts = {id_: each.body for id_, each in found.first_statements().items()}
    targets = {body["object"]["id"] for body in firsts.values() if is_void(body)}
    voided = {id_ for id_, body in firsts.items() if id_ in targets and not is_void(body)}
    listed = await _all_pages(world)
    assert len(listed) == len({body["id"] for body in listed})
    assert {body["id"]: body for body in listed} == {i: body for i, body in firsts.items() if i not in voided}
    assert [body["stored"] for body in listed] == sorted((body["stored"] for body in listed), reverse=True)
    for name, ids in (("statementId", firsts.keys() - voided), ("voidedStatementId", voided)):
        some = sorted(ids)[:ASKED_ONE_BY_ONE]
        answers = await asyncio.gather(*(world.read("ingest", "/xapi/statements", **{name: id_}) for id_ in some))
        assert answers == [firsts[id_] for id_ in some]


async def _all_pages(world: World) -> list[Statement]:
    answer = await world.read("ingest", "/xapi/statements", limit=500)
    listed: list[Statement] = answer["statements"]
    while answer["more"]:
        answer = await world.read("ingest", answer["more"])
        listed += answer["statements"]
    return listed


async def assert_kpis_are_right(world: World, found: Found) -> None:
    """Every KPI, by day and by month, over all days on which something was done."""
    told = [
        Told(each.body, each.record.header("ce_principal") or "", each.id_assigned)
        for each in found.statements
        if not each.is_probe
    ]
    heard = [
        Heard(*each.name, each.event.type.split(".")[2], json.loads(each.event.data))
        for each in found.of(DIRECTORY.name)
    ]
    oracle = IndexedOracle(told, heard, ZoneInfo("UTC"))
    days = sorted({moment(each.body).astimezone(UTC).date() for each in told})
    wrong = []
    for first, last in _stretches(days):
        for kpi in COUNTING:
            for grain in (Grain.DAY, Grain.MONTH):
                answers = await _answers(world, kpi, grain, first, last)
                for period in periods(first, last, grain):
                    expected = oracle.answer(kpi, *period)
                    if answers[period] != expected:
                        wrong.append((kpi, period, answers[period], expected))
    assert wrong == []


def _stretches(days: list[date]) -> list[tuple[date, date]]:
    """From the first to the last of each month's."""
    months = Counter((day.year, day.month) for day in days)
    return [(min(own), max(own)) for month in months if (own := [d for d in days if (d.year, d.month) == month])]


async def _answers(world: World, kpi: str, grain: Grain, first: date, last: date) -> Mapping[Period, Answer]:
    asked = {"from": str(first), "to": str(last), "grain": grain.value}
    body = await world.read("metrics", f"/kpis/{kpi}", **asked)
    scale = MICROSECONDS if kpi == "learning-hours" else 1
    return {
        Period(date.fromisoformat(point["from"]), date.fromisoformat(point["to"])): _answer(point, scale)
        for point in body["points"]
    }


def _answer(point: Mapping[str, Any], scale: int) -> Answer:
    scales = {"measured_hours": scale, "estimated_hours": scale}
    return Answer(
        round((point["value"] or 0) * scale),
        None if point["numerator"] is None else round(point["numerator"] * scale),
        point["denominator"],
        point["n"],
        point["unmatched"],
        {
            name: amount if name == "stickiness" else round(amount * scales.get(name, 1))
            for name, amount in point["detail"].items()
            if amount is not None
        },
    )
