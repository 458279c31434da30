"""Application rate: of what people learned, how much they used at work within 30 days."""

from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import Grain
from praxis_metrics.changes import Source
from praxis_metrics.kpis.kpi import Asked, Cell, Kpi, Reach
from praxis_metrics.kpis.proportions import incidence, rate, wilson
from praxis_metrics.kpis.slicing import ENROLLED, ENROLLED_READS, PERIODS, employed, sliced
from praxis_metrics.statistics import computed

WINDOW_DAYS = 30
"""Kirkpatrick's level 3 is looked at after a month or more; a skill that was not used by then is mostly forgotten."""

PAIRS = f"""
    learned AS MATERIALIZED (
        SELECT DISTINCT ON (c.learner_id, s.skill) c.learner_id, s.skill, c.at, c.day
        FROM completed c JOIN activities a ON a.id = c.activity_id
        JOIN activity_skills s ON s.activity = a.iri AND c.at >= s.from_at AND c.at < s.until_at
        ORDER BY c.learner_id, s.skill, c.at
    ), used AS MATERIALIZED (
        SELECT learner_id, skill, at FROM accepted_evidence
    ), pairs AS MATERIALIZED (
        SELECT p.first, p.last, l.learner_id, l.skill, l.at, l.day, r.person_id,
               coalesce({employed("r.person_id", "l.day")}, false) AS employed,
               l.day + {WINDOW_DAYS} <= :through AS is_mature,
               (SELECT min(u.at) FROM used u
                WHERE u.learner_id = l.learner_id AND u.skill = l.skill AND u.at > l.at) AS used_at
        FROM periods p JOIN learned l ON l.day BETWEEN p.first AND p.last JOIN learners r USING (learner_id)
    )
"""  # noqa: S608 - of our own

IN_TIME = f"used_at <= at + interval '{WINDOW_DAYS * 24} hours'"
_SEEN_DAYS = "extract(epoch FROM least(used_at, CAST(:through AS date) + interval '1 day') - at) / 86400"

_CELLS = text(
    f"""
    WITH {PERIODS}, {PAIRS}, {sliced("pairs", "skill")}
    SELECT first, last, kind, slice,
           count(*) FILTER (WHERE employed AND is_mature) AS denominator,
           count(*) FILTER (WHERE employed AND is_mature AND {IN_TIME}) AS numerator,
           count(DISTINCT learner_id) FILTER (WHERE employed AND is_mature) AS n,
           count(DISTINCT learner_id) FILTER (WHERE person_id IS NULL) AS unmatched,
           count(*) FILTER (WHERE employed AND NOT is_mature) AS waiting,
           array_agg({_SEEN_DAYS} ORDER BY at) FILTER (WHERE employed AND {_SEEN_DAYS} > 0) AS times,
           array_agg(used_at IS NOT NULL ORDER BY at) FILTER (WHERE employed AND {_SEEN_DAYS} > 0) AS events
    FROM sliced GROUP BY first, last, kind, slice
    """  # noqa: S608 - of our own
)


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    rows = (await session.execute(_CELLS, asked.parameters)).all()
    if not rows:
        return []
    intervals = await computed(wilson, [(row.numerator, row.denominator) for row in rows])
    samples = [([float(time) for time in row.times or ()], list(row.events or ())) for row in rows]
    curves = await computed(incidence, samples, WINDOW_DAYS)
    return [
        rate(row, interval, {"incidence": curve, "waiting": row.waiting})
        for row, interval, curve in zip(rows, intervals, curves, strict=True)
    ]


APPLICATION_RATE = Kpi(
    name="application-rate",
    version=1,
    stage="outcome",
    unit="ratio",
    definition=(
        "Of what employees learned in the period, the share that they used at work within 30 days. Denominator: pairs"
        " of a person and a skill whose first qualifying completion lies in the period, and 30 whole days or more "
        "before the watermark. A completion qualifies if the map of activities to skills that was in force then gives"
        " the activity the skill. Numerator: those of them with accepted evidence of that skill after the completion "
        "and up to 30 times 24 hours later. Accepted: not withdrawn, not vouched for or sent by the learner, vouched "
        "for by somebody where its kind is somebody's word, of no disputed identity, and not about a thing in a "
        "learning system. Whoever leaves in the meantime stays in the denominator. n: distinct people. Interval: "
        "Wilson's, as if pairs were independent. unmatched: learners of such pairs whom the directory does not know; "
        "they are in no figure. detail.incidence: share with evidence by the 30th day by Kaplan and Meier, of all "
        "pairs, also of those whose 30 days are not over; detail.waiting: how many these are."
    ),
    compute=_compute,
    reads={
        Source.LEARNING: Reach(after=None),
        Source.WORK: Reach(before=WINDOW_DAYS + 1),  # an hour of summer time may make it so many local days
        Source.PEOPLE: Reach(),
        Source.PROGRAMME: Reach(before=WINDOW_DAYS + 1, after=None),
        **ENROLLED_READS,
    },
    cuts=("unit", "role", "skill", *ENROLLED),
    cut_grain=Grain.QUARTER,
    matures=timedelta(days=WINDOW_DAYS),
    days="completed",
    of_nobody=None,
)
