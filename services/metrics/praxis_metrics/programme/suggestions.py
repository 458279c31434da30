"""Suggested skills: what activities that no map names may teach, by their own text, for a person to confirm."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.activity_texts import called
from praxis_metrics.changes import Source
from praxis_metrics.findings import Finding, Looked
from praxis_metrics.programme.matching import Matcher, Skill

# Names may tell of people, as those of forum threads do: only of what enough people have begun is the text shown.
_UNMAPPED = text(
    """
    SELECT a.iri, n.name, n.description, b.began
    FROM (
        SELECT activity_id, count(*) AS began FROM begun WHERE day <= :through
        GROUP BY activity_id HAVING count(*) >= :threshold
    ) b JOIN activities a ON a.id = b.activity_id JOIN activity_names n USING (activity_id)
    WHERE NOT EXISTS (SELECT FROM activity_skills s WHERE s.activity = a.iri)
    ORDER BY b.began DESC, a.iri
    """
)

_SKILLS = text("SELECT skill, name, description, alignments FROM skills ORDER BY skill")


async def _compute(session: AsyncSession, looked: Looked) -> dict[str, dict[str, Any]]:
    skills = [_skill(row.skill, row.name, row.description, row.alignments) for row in await session.execute(_SKILLS)]
    matcher, names = Matcher(skills), {each.skill: each.name for each in skills}
    asked = {"through": looked.through, "threshold": looked.threshold}
    return {
        row.iri: {
            "activity": row.iri,
            "name": called(row.name),
            "began": row.began,
            "suggestions": [{**each._asdict(), "name": names[each.skill]} for each in found],
        }
        for row in await session.execute(_UNMAPPED, asked)
        if (found := matcher.suggest([*row.name.values(), *row.description.values()]))
    }


def _skill(skill: str, name: str, description: str | None, alignments: list[Mapping[str, str]] | None) -> Skill:
    aligned = (each["target_name"] for each in alignments or ())
    return Skill(skill, name, (*([description] if description else []), *aligned))


SUGGESTIONS = Finding("suggestions", 1, _compute, (Source.LEARNING, Source.PROGRAMME))
"""By activity (IRI): those that no map has ever named, and whose text speaks of a skill."""
