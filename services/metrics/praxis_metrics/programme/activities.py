"""Content quality: of each activity who begins and completes it, what they say of it, and whether it is applied."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.activity_texts import called
from praxis_metrics.changes import Source
from praxis_metrics.findings import Finding, Looked
from praxis_metrics.kpis.application_rate import WINDOW_DAYS
from praxis_metrics.kpis.gaps import median_gaps
from praxis_metrics.kpis.kpi import Interval
from praxis_metrics.kpis.proportions import wilson
from praxis_metrics.kpis.slicing import employed
from praxis_metrics.programme.activity_figures import Application, Feedback, Learning, figures
from praxis_metrics.statistics import computed

# What is mapped is of the programme, whoever learns it; of all else only what can be completed, and what so many have
# begun that its name tells of nobody.
_ACTIVITIES = f"""
    mapped AS MATERIALIZED (
        SELECT activity AS iri, jsonb_agg(jsonb_build_object('skill', skill, 'level', level) ORDER BY skill) AS skills,
               bool_or(skill IN (SELECT skill FROM role_profiles)) AS is_required
        FROM (
            SELECT DISTINCT activity, skill, level FROM activity_skills
            WHERE CAST(:through AS date) + 1 > from_at AND CAST(:through AS date) < until_at
        ) now GROUP BY activity
    ), finished AS MATERIALIZED (
        SELECT learner_id, activity_id, min(at) AS at FROM completed WHERE day <= :through GROUP BY 1, 2
    ), started AS MATERIALIZED (
        SELECT b.learner_id, b.activity_id, b.at, f.at AS finished_at, l.person_id,
               coalesce({employed("l.person_id", "b.day")}, false) AS employed,
               b.day + {WINDOW_DAYS} <= :through AS is_mature
        FROM begun b JOIN learners l USING (learner_id) LEFT JOIN finished f USING (learner_id, activity_id)
        WHERE b.day <= :through AND (
            b.activity_id IN (SELECT activity_id FROM finished)
            OR b.activity_id IN (SELECT a.id FROM activities a JOIN mapped m USING (iri))
        )
    )
"""  # noqa: S608 - of our own

_MINUTES = "greatest(1, ceil(extract(epoch FROM coalesce(finished_at, CAST(:through AS date) + 1) - at) / 60))::int"

_LEARNING = text(
    f"""
    WITH {_ACTIVITIES}, counted AS (
        SELECT activity_id, count(*) AS began, count(finished_at) AS completed,
               count(*) FILTER (WHERE person_id IS NULL) AS unmatched,
               count(*) FILTER (WHERE employed AND is_mature) AS denominator,
               count(finished_at) FILTER (WHERE employed AND is_mature) AS numerator,
               array_agg({_MINUTES} ORDER BY learner_id) AS minutes,
               array_agg(finished_at IS NOT NULL ORDER BY learner_id) AS ended
        FROM started GROUP BY activity_id
    )
    SELECT coalesce(a.iri, m.iri) AS iri, m.skills, coalesce(m.is_required, false) AS is_required, n.name, c.*
    FROM counted c JOIN activities a ON a.id = c.activity_id FULL JOIN mapped m ON m.iri = a.iri
    LEFT JOIN activity_names n ON n.activity_id = a.id
    WHERE m.iri IS NOT NULL OR c.began >= :threshold ORDER BY 1
    """  # noqa: S608 - of our own
)

# Pairs of a learner and a skill, by the first completion of this very activity to which the map then in force gives it.
_APPLIED = text(
    f"""
    WITH learned AS MATERIALIZED (
        SELECT DISTINCT ON (s.activity, s.skill, c.learner_id) s.activity, s.skill, c.learner_id, c.at, c.day
        FROM completed c JOIN activities a ON a.id = c.activity_id
        JOIN activity_skills s ON s.activity = a.iri AND c.at >= s.from_at AND c.at < s.until_at
        WHERE c.day <= :through
        ORDER BY s.activity, s.skill, c.learner_id, c.at
    ), used AS MATERIALIZED (
        SELECT learner_id, skill, at FROM accepted_evidence
    ), pairs AS (
        SELECT p.activity, p.skill, p.learner_id, p.day + {WINDOW_DAYS} <= :through AS is_mature, EXISTS (
            SELECT FROM used u WHERE u.learner_id = p.learner_id AND u.skill = p.skill
            AND u.at > p.at AND u.at <= p.at + interval '{WINDOW_DAYS * 24} hours'
        ) AS is_used
        FROM learned p JOIN learners l USING (learner_id) WHERE {employed("l.person_id", "p.day")}
    )
    SELECT activity, skill, count(*) FILTER (WHERE is_mature) AS denominator,
           count(*) FILTER (WHERE is_mature AND is_used) AS numerator,
           count(DISTINCT learner_id) FILTER (WHERE is_mature) AS n,
           count(DISTINCT learner_id) FILTER (WHERE NOT is_mature) AS waiting
    FROM pairs GROUP BY GROUPING SETS ((activity, skill), (activity))
    """  # noqa: S608 - of our own
)

# Who does not say who they are counts each time.
_FEEDBACK = text(
    "SELECT activity, count(*) AS responses, avg(sentiment)::float8 AS sentiment, "
    "count(DISTINCT learner_id) + count(*) FILTER (WHERE learner_id IS NULL) AS people "
    "FROM feedback WHERE activity IS NOT NULL AND day <= :through GROUP BY activity"
)


async def _compute(session: AsyncSession, looked: Looked) -> dict[str, dict[str, Any]]:
    asked = {"through": looked.through}
    rows = (await session.execute(_LEARNING, {**asked, "threshold": looked.threshold})).all()
    learning = await _learning(rows)
    applied = await _applied((await session.execute(_APPLIED, asked)).all())
    voices = {row.activity: Feedback(*row[1:]) for row in await session.execute(_FEEDBACK, asked)}
    return {
        row.iri: {
            "activity": row.iri,
            "name": called(row.name),
            "skills": row.skills or [],
            **figures(
                own, applied.get(row.iri, {}), voices.get(row.iri), looked.threshold,
                mapped=row.skills is not None, required=row.is_required,
            ),
            "on": looked.through.isoformat(),
        }
        for row, own in zip(rows, learning, strict=True)
    }  # fmt: skip


async def _learning(rows: Sequence[Row[Any]]) -> list[Learning]:
    intervals = await computed(wilson, [(row.numerator or 0, row.denominator or 0) for row in rows])
    medians = await computed(median_gaps, [(list(row.minutes or ()), list(row.ended or ())) for row in rows])
    return [
        Learning(
            row.began or 0, row.completed or 0, row.unmatched or 0, row.numerator or 0, row.denominator or 0, interval,
            None if median.days is None else median.days / 60, _hours(median.interval),
        )
        for row, interval, median in zip(rows, intervals, medians, strict=True)
    ]  # fmt: skip


def _hours(minutes: Interval | None) -> Interval | None:
    return minutes and minutes._replace(low=minutes.low / 60, high=minutes.high / 60)


async def _applied(rows: Sequence[Row[Any]]) -> Mapping[str, Mapping[str | None, Application]]:
    """By activity, and by skill or, for ``None``, over all of its skills."""
    intervals = await computed(wilson, [(row.numerator, row.denominator) for row in rows])
    found = defaultdict[str, dict[str | None, Application]](dict)
    for row, interval in zip(rows, intervals, strict=True):
        found[row.activity][row.skill] = Application(row.numerator, row.denominator, row.n, row.waiting, interval)
    return found


ACTIVITIES = Finding("activities", 1, _compute, (Source.LEARNING, Source.PEOPLE, Source.WORK, Source.PROGRAMME))
"""By activity (IRI): every one that teaches a skill, and what many have begun."""
