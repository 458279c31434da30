"""One learner's own record: what is known of their learning and its use, read by their own rows alone."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.activity_texts import called
from praxis_metrics.programme import record_queries as queries
from praxis_metrics.programme.record_habits import habits

HOURS_SINCE = timedelta(days=731)


async def is_known(session: AsyncSession, person_id: str) -> bool:
    """Whether anything was ever said of this person."""
    return bool(await session.scalar(queries.EXISTS, {"person": person_id}))


async def record(session: AsyncSession, person_id: str, today: date) -> dict[str, Any]:
    """``today``: the local day now. Habits are of the days before it, which are over."""
    learner = await session.scalar(queries.LEARNER, {"person": person_id}) or 0
    asked = {"learner": learner}
    places = (await session.execute(queries.PLACE, {"person": person_id, "today": today})).all()
    roles = [each.slice for each in places if each.kind == "role"]
    units = [each.slice for each in places if each.kind == "unit"]
    held = await _rows(session, queries.HELD, {**asked, "through": today})
    return {
        "person_id": person_id,
        "role": next(iter(roles), None),
        "units": units,
        "skills": held,
        "required": await _required(session, roles, held),
        "evidence": [_artefact(each) for each in await _rows(session, queries.EVIDENCE, asked)],
        "tasks": [_task(each) for each in await _rows(session, queries.TASKS, asked)],
        "eligible_tasks": [_task(each) for each in await _rows(session, queries.ELIGIBLE, asked)],
        "completions": [
            {**each, "name": called(each["name"])} for each in await _rows(session, queries.COMPLETIONS, asked)
        ],
        "learning_hours": await _rows(session, queries.HOURS, {**asked, "since": (today - HOURS_SINCE).replace(day=1)}),
        "enrolments": [_enrolment(each) for each in await _rows(session, queries.ENROLMENTS, asked)],
        "habits": await habits(session, person_id, learner, units, today - timedelta(days=1)),
        "goals": await _rows(session, queries.GOALS, asked),
    }


async def _rows(session: AsyncSession, query: Any, asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [dict(row._mapping) for row in await session.execute(query, asked)]


async def _required(session: AsyncSession, roles: Sequence[str], held: Sequence[Any]) -> list[dict[str, Any]]:
    has = {each["skill"] for each in held}
    rows = await _rows(session, queries.REQUIRED, {"roles": list(roles)})
    return [{**each, "held": each["skill"] in has} for each in rows]


def _artefact(each: dict[str, Any]) -> dict[str, Any]:
    system, id_ = each.pop("artefact_system"), each.pop("artefact_id")
    return {**_task(each), "artefact": {"system": system, "id": id_}}


def _task(each: dict[str, Any]) -> dict[str, Any]:
    system, id_ = each.pop("task_system"), each.pop("task_id")
    return {**each, "task": None if id_ is None else {"system": system, "id": id_}}


def _enrolment(each: dict[str, Any]) -> dict[str, Any]:
    activities, done = each.pop("activities") or [], set(each.pop("done"))
    steps = [{"activity": activity, "completed": activity in done} for activity in activities]
    progress = len(done) / len(set(activities)) if activities else None
    return {**each, "activities": steps, "progress": progress}
