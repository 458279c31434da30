"""Where people stood, as metrics' tables have it; and the directory's projection, batch by batch."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import text

from praxis_events.log import NewRecord, Record
from praxis_metrics.directory import Directory
from tests.services.metrics.world import World

BEGIN_MS = int(datetime(2026, 5, 1, tzinfo=UTC).timestamp() * 1_000)


async def apply(world: World, records: Sequence[NewRecord], place: int) -> None:
    """One batch of the log, from ``place`` on; the log takes a record a second."""
    directory = Directory(world.zone)
    taken = [
        directory.decode(Record(new.topic, 0, at, new.key, new.value, new.headers, BEGIN_MS + 1_000 * at))
        for at, new in enumerate(records, start=place)
    ]
    async with world.database.sessions.begin() as session:
        await directory.apply(session, [item for item in taken if item is not None])


async def slices(world: World, person: str, kind: str) -> list[tuple[str, str, str]]:
    """A person's slices with their first and last day, oldest first; ``...`` while it lasts."""
    async with world.database.sessions.begin() as session:
        rows = await session.execute(
            text("SELECT slice, first_day, last_day FROM membership WHERE person_id = :person AND kind = :kind"),
            {"person": person, "kind": kind},
        )
        found = sorted((first, name, last) for name, first, last in rows)
    return [(name, str(first), "..." if last == date.max else str(last)) for first, name, last in found]


async def noted(world: World) -> list[tuple[str, date, date, int]]:
    """What was noted so far: source, first and last day, and the place of the record that was the first of the batch
    to say it."""
    async with world.database.sessions.begin() as session:
        rows = await session.execute(text("SELECT source, first_day, last_day, appended_at FROM changes ORDER BY id"))
        return [(*row[:3], (int(row[3].timestamp() * 1_000) - BEGIN_MS) // 1_000) for row in rows]


async def held_on(world: World, first: date, last: date) -> dict[date, set[tuple[object, ...]]]:
    """Of each day, what rows of either table say of it. Rows of one person and slice are apart."""
    days = "first_day, last_day"
    async with world.database.sessions.begin() as session:
        members = (await session.execute(text(f"SELECT person_id, kind, slice, {days} FROM membership"))).all()
        employed = (await session.execute(text(f"SELECT person_id, on_leave, employee, {days} FROM employment"))).all()
    last_of: dict[tuple[object, ...], date] = {}
    for *key, since, until in sorted(members, key=lambda row: row[3]):
        assert since <= until
        assert tuple(key) not in last_of or since > last_of[tuple(key)] + timedelta(days=1)
        last_of[tuple(key)] = until
    asked = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return {day: {tuple(row[:3]) for row in [*members, *employed] if row[3] <= day <= row[4]} for day in asked}
