"""Reading what was found of skills and activities: a few rows, however many statements there are."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.programme.activities import ACTIVITIES
from praxis_metrics.programme.activity_schemas import Order, QualityQuery, Sort, SuggestionsQuery
from praxis_metrics.programme.skill_schemas import CoverageQuery
from praxis_metrics.programme.skills import SKILLS
from praxis_metrics.programme.suggestions import SUGGESTIONS
from praxis_people.identifiers import bounded


class Page(NamedTuple):
    """``total``: of all pages."""

    found: list[dict[str, Any]]
    total: int


_COVERAGE = text(
    """
    SELECT id, body FROM findings
    WHERE kind = :kind AND id > :after AND (CAST(:skill AS text) IS NULL OR id = :skill)
      AND (CAST(:role AS text) IS NULL
           OR body->'required_by' @> jsonb_build_array(jsonb_build_object('role', CAST(:role AS text))))
    ORDER BY id LIMIT :rows
    """
)
_ACTIVITIES = text("SELECT id, body FROM findings WHERE kind = :kind AND id = ANY(:ids)")


async def coverage(session: AsyncSession, query: CoverageQuery) -> tuple[list[dict[str, Any]], str | None]:
    """Skills, and where the next page begins."""
    asked = {"kind": SKILLS.name, "after": query.after or "", "skill": query.skill, "role": query.role}
    rows = (await session.execute(_COVERAGE, {**asked, "rows": query.limit + 1})).all()
    bodies = [row.body for row in rows[: query.limit]]
    taught = {each["activity"] for body in bodies for each in body["taught_by"]}
    known = await session.execute(_ACTIVITIES, {"kind": ACTIVITIES.name, "ids": sorted(taught)})
    activities = {row.id: row.body for row in known}
    found = [
        {
            **body,
            "groups": _asked(body["groups"], query),
            "taught_by": [{**each, **_applied(activities.get(each["activity"]), body["skill"])}
                          for each in body["taught_by"]],
        }
        for body in bodies
    ]  # fmt: skip
    return found, rows[query.limit - 1].id if len(rows) > query.limit else None


def _asked(groups: Iterable[dict[str, Any]], query: CoverageQuery) -> list[dict[str, Any]]:
    """One slice at a time was published; of two that are named, each."""
    named = {(kind, bounded(name)) for kind in ("role", "unit") if (name := getattr(query, kind)) is not None}
    return [each for each in groups if not named or (each["kind"], each["slice"]) in named]


def _applied(activity: Mapping[str, Any] | None, skill: str) -> dict[str, Any]:
    if activity is None:
        return {"name": None, "application": None}
    return {
        "name": activity["name"],
        "application": next((each for each in activity["applied"] if each["skill"] == skill), None),
    }


_SORTED = {
    Sort.ACTIVITY: "id",
    Sort.BEGAN: "(body->>'began')::float8",
    Sort.COMPLETION: "(body#>>'{completion,value}')::float8",
    Sort.DROP_OFF: "(body->>'drop_off')::float8",
    Sort.HOURS: "(body#>>'{hours_to_complete,median}')::float8",
    Sort.SENTIMENT: "(body#>>'{feedback,sentiment}')::float8",
    Sort.APPLICATION: "(body#>>'{application,value}')::float8",
}

_KINDS = {
    "activity": "id = :activity",
    "skill": "body->'skills' @> jsonb_build_array(jsonb_build_object('skill', CAST(:skill AS text)))",
    "flag": "body->'flags' @> to_jsonb(CAST(:flag AS text))",
}


async def quality(session: AsyncSession, query: QualityQuery) -> Page:
    given = {"activity": query.activity and bounded(query.activity), "skill": query.skill, "flag": query.flag}
    asked = {name: value for name, value in given.items() if value is not None}
    where = " AND ".join(("kind = :kind", *(_KINDS[name] for name in asked)))
    direction = "DESC" if query.order is Order.DESCENDING else "ASC"
    order = f"{_SORTED[query.sort]} {direction} NULLS LAST, id"
    return await _page(session, where, order, query.limit, query.offset, {"kind": ACTIVITIES.name, **asked})


async def suggestions(session: AsyncSession, query: SuggestionsQuery) -> Page:
    order = "(body->>'began')::int DESC, id"
    return await _page(session, "kind = :kind", order, query.limit, query.offset, {"kind": SUGGESTIONS.name})


async def _page(
    session: AsyncSession, where: str, order: str, limit: int, offset: int, asked: Mapping[str, object]
) -> Page:
    rows = f"SELECT body FROM findings WHERE {where} ORDER BY {order} LIMIT :limit OFFSET :offset"  # noqa: S608 - of our own
    found: Collection[Any] = (await session.scalars(text(rows), {**asked, "limit": limit, "offset": offset})).all()
    total = await session.scalar(text(f"SELECT count(*) FROM findings WHERE {where}"), asked)  # noqa: S608 - of our own
    return Page(list(found), total or 0)
