"""Which resources a query is about (RFC 7644 §3.4.2): what an index can answer is asked of it, the rest is matched."""

from typing import Any

from scim2_models import Group, ListResponse
from scim2_models.path import CompareOperator, Comparison
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_ingest.scim import store
from praxis_ingest.scim.resources import MOST_RESULTS, PERSON, Kind, Resource
from praxis_ingest.scim.store import Wanted

_FAR = 2**31
_INDEXED = {
    (Kind.USER, "username"): "name",
    (Kind.GROUP, "displayname"): "name",
    (Kind.USER, "externalid"): "external_id",
    (Kind.GROUP, "externalid"): "external_id",
    (Kind.USER, "employeenumber"): "person_id",
}


async def query(session: AsyncSession, kinds: tuple[Kind, ...], asked: Any, base_url: str) -> Any:
    """One page of the resources of ``kinds`` that match, oldest first unless ``sortBy`` says otherwise."""
    first = min(asked.start_index_0 or 0, _FAR)
    limit = MOST_RESULTS if asked.count is None else max(0, min(asked.count, MOST_RESULTS))
    if asked.filter is None and asked.sort_by is None and len(kinds) == 1:
        wanted = Wanted(kinds[0], offset=first, limit=limit)
        total = await store.count(session, wanted)
        page = [each.shown(base_url) for each in await store.select(session, wanted)] if limit else []
    else:
        matching = [each for kind in kinds for each in await _matching(session, kind, asked, base_url)]
        total, page = len(matching), asked.sort(matching)[first : first + limit]
    return ListResponse[PERSON | Group](
        total_results=total, start_index=first + 1, items_per_page=len(page), resources=page
    )


async def _matching(session: AsyncSession, kind: Kind, asked: Any, base_url: str) -> list[Resource]:
    shown = (each.shown(base_url) for each in await store.select(session, _wanted(kind, asked)))
    return [each for each in shown if asked.filter is None or asked.filter.match(each)]


def _wanted(kind: Kind, asked: Any) -> Wanted:
    ast = asked.filter.ast if asked.filter is not None else None
    if isinstance(ast, Comparison) and ast.op is CompareOperator.eq and ast.attr_path.sub_attr is None:
        column = _INDEXED.get((kind, ast.attr_path.attr.lower()))
        if column is not None and isinstance(ast.value, str) and "\x00" not in ast.value:
            return Wanted(kind, column, ast.value)
    return Wanted(kind)
