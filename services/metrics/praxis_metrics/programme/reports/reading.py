"""A quarter's report: what was published and has changed since, or a draft."""

import hashlib
import json
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Period
from praxis_metrics.programme.people import persons
from praxis_metrics.programme.reports.drafting import draft
from praxis_metrics.programme.reports.restating import restatements
from praxis_metrics.programme.reports.schemas import ReportOut, ResponsibleOut, Snapshot
from praxis_metrics.series import Reporting

_PUBLISHED = text("SELECT * FROM reports WHERE quarter = :quarter")

_RESPONSIBLE = text(
    """
    SELECT 'goal' AS kind, goal AS id, owner_id FROM goals
    UNION ALL
    SELECT 'barrier', barrier, owner_id FROM barrier_assignments WHERE quarter = :quarter
    ORDER BY kind DESC, id
    """
)


async def report(
    session: AsyncSession, quarter: Period, reporting: Reporting, today: date, as_of: datetime
) -> ReportOut:
    """The session is in a ``snapshot``."""
    now = await draft(session, quarter, reporting, today)
    published = (await session.execute(_PUBLISHED, {"quarter": now.quarter})).one_or_none()
    responsible = await _responsible(session, now.quarter)
    if published is None:
        return _draft(now, responsible, as_of)
    then = _kept(published.snapshot)
    names = await persons(session, [published.publisher_id])
    return ReportOut(
        state="published",
        published_at=published.published_at,
        published_by=names.get(published.publisher_id),
        snapshot_sha256=published.snapshot_sha256,
        kept=then is not None,
        intact=None if then is None else sha256(published.snapshot) == published.snapshot_sha256,
        definition_versions=published.definition_versions,
        snapshot=then or now,
        restatements=[] if then is None else list(restatements(then, now)),
        responsible=responsible,
        frozen=published.snapshot,
        as_of=as_of,
    )


def _draft(now: Snapshot, responsible: list[ResponsibleOut], as_of: datetime) -> ReportOut:
    frozen = frozen_text(now)
    versions = {figure.kpi: figure.definition_version for figure in now.kpis}
    return ReportOut(
        state="draft",
        published_at=None,
        published_by=None,
        snapshot_sha256=sha256(frozen),
        kept=None,
        intact=None,
        definition_versions=versions,
        snapshot=now,
        restatements=[],
        responsible=responsible,
        frozen=frozen,
        as_of=as_of,
    )


def frozen_text(snapshot: Snapshot) -> str:
    """The snapshot as it is hashed and kept: JSON, keys in order, no space between."""
    found = snapshot.model_dump(mode="json", by_alias=True)
    return json.dumps(found, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def sha256(text_: str) -> str:
    return hashlib.sha256(text_.encode()).hexdigest()


def _kept(snapshot: str | None) -> Snapshot | None:
    """``None`` where only the hash was kept, and for a text that is no report: then its hash says nothing either."""
    try:
        return None if snapshot is None else Snapshot.model_validate_json(snapshot)
    except ValueError:
        return None


async def _responsible(session: AsyncSession, quarter: str) -> list[ResponsibleOut]:
    rows = (await session.execute(_RESPONSIBLE, {"quarter": quarter})).all()
    owners = await persons(session, (row.owner_id for row in rows))
    return [
        ResponsibleOut(kind=row.kind, id=row.id, owner=dict(owners[row.owner_id]))
        for row in rows
        if row.owner_id in owners
    ]
