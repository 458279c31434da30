"""Events of the programme as short as the examples need them, and what is then found of skills and activities: no more
than that is computed."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from praxis_events.log import NewRecord
from praxis_metrics.findings import Finding, read_findings
from praxis_metrics.programme.activities import ACTIVITIES
from praxis_metrics.programme.skills import SKILLS
from praxis_metrics.programme.suggestions import SUGGESTIONS
from praxis_metrics.publisher import Publisher
from tests.services.metrics.build import mail, said
from tests.services.metrics.world import LATENESS, World


async def tell(world: World, records: Sequence[NewRecord]) -> None:
    await world.takes(records, publishers=0)


async def found(world: World, finding: Finding) -> dict[str, dict[str, Any]]:
    """By id, once it is computed from all that was told."""
    sessions, now = world.database.sessions, lambda: datetime.now(UTC)
    await Publisher(sessions, world.zone, world.threshold, LATENESS, now, (SKILLS, ACTIVITIES, SUGGESTIONS)).step()
    async with sessions() as session:
        return await read_findings(session, finding)


def mapped(activity: str, *skills: str, **span: str) -> NewRecord:
    data = {"activity": f"https://lms.example/{activity}", "skills": [{"skill": skill} for skill in skills], **span}
    return said("programme.activity-mapped", {**data, "confirmed_by": mail("lead")})


def skill(name: str, **others: Any) -> NewRecord:
    return said("programme.skill-defined", {"skill": name, "name": name, "owner": mail("lead"), **others})


def feedback(activity: str, sentiment: int, at: str, who: str | None = None) -> NewRecord:
    data = {"about": {"activity": f"https://lms.example/{activity}"}, "theme": "pace", "sentiment": sentiment, "at": at}
    return said("programme.feedback-given", data if who is None else {**data, "person": mail(who)})
