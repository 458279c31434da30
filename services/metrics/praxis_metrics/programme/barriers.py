"""Barriers as cells: how many people named each in a quarter, and how severe it was to them.

They are published as KPIs are, so that few people are hidden by the one mechanism; ``audit`` ranks what is shown.
"""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_metrics.calendar import FIRST_DAY, LAST_DAY, Grain, Period
from praxis_metrics.changes import Source
from praxis_metrics.kpis.kpi import Asked, Cell, Kpi, Reach
from praxis_metrics.kpis.slicing import PERIODS
from praxis_metrics.lattice import Slice
from praxis_people.identifiers import bounded

BARRIER, SURVEY = "barrier", "survey"
"""Kinds of slice."""

# Who: a learner, or each report without a name by itself.
_NAMED = """
    told AS (
        SELECT p.first, p.last, b.survey, b.barrier, b.severity, b.learner_id,
               coalesce('learner ' || b.learner_id, 'report ' || b.event) AS who
        FROM periods p JOIN named_barriers b ON b.first_day = p.first
    ), once AS (
        SELECT first, last, barrier, who, max(severity) AS severity FROM told GROUP BY first, last, barrier, who
    )
"""

_CELLS = text(
    f"""
    WITH {PERIODS}, {_NAMED}
    SELECT first, last, 'all' AS kind, '' AS slice, count(DISTINCT who) AS n, NULL::bigint AS severity,
           NULL::bigint AS invited
    FROM once GROUP BY first, last
    UNION ALL
    SELECT first, last, 'barrier', barrier, count(*), sum(severity), NULL FROM once GROUP BY first, last, barrier
    UNION ALL
    SELECT p.first, p.last, 'survey', v.survey, (
        SELECT count(DISTINCT t.learner_id) FROM told t WHERE t.survey = v.survey
    ) + coalesce((
        SELECT max(a.reports) FROM (
            SELECT count(*) AS reports FROM told t WHERE t.survey = v.survey AND t.learner_id IS NULL
            GROUP BY t.barrier
        ) a
    ), 0), NULL, v.invited
    FROM periods p JOIN quarter_surveys v ON v.first_day = p.first
    """  # noqa: S608 - of our own
)


async def _compute(session: AsyncSession, asked: Asked) -> list[Cell]:
    cells = []
    for row in await session.execute(_CELLS, asked.parameters):
        of, share = Slice(row.kind, bounded(row.slice)), row.severity if row.kind == BARRIER else row.n
        out_of = {BARRIER: row.n, SURVEY: row.invited}.get(row.kind)
        value = row.n if out_of is None else share / out_of
        cells.append(Cell(Period(row.first, row.last), value, share, out_of, row.n, slice=of))
    return cells


BARRIERS = Kpi(
    name="barriers",
    version=1,
    stage="process",
    unit="people",
    definition=(
        "What keeps people from learning and from using it. Of a quarter: every barrier-reported, and every "
        "learner-withdrawn whose reason is one of the barriers' codes (it states no severity and counts as 3, the "
        "middle). A report in a survey counts in the survey's quarter, any other on its local day. A person counts "
        "once a barrier and quarter, by the highest severity that they gave; a report without a name counts as a "
        "person of its own. people: those who named any barrier. prevalence: those who named this one, of these "
        "people, as who was asked and had nothing to say is not told. severity: their mean, 1 to 5. score: "
        "prevalence times severity; barriers are ranked by it, of equals the more widespread first. Barriers that "
        "few people named are hidden, and have no rank; so is what would give them away. responded, of a survey: "
        "people named in its reports and, of its reports without a name, the most about one barrier; so it is the "
        "least that can have answered, as answers without a barrier are not told either."
    ),
    compute=_compute,
    reads={Source.PROGRAMME: Reach((LAST_DAY - FIRST_DAY).days, after=None)},
    grains=(Grain.QUARTER,),
    cuts=(),
    cut_grain=Grain.QUARTER,
    since=(
        "SELECT min(first_day) FROM "
        "(SELECT first_day FROM named_barriers UNION ALL SELECT first_day FROM quarter_surveys) AS told"
    ),
)
"""The cell of a barrier: ``value`` is the mean severity, ``numerator`` their sum, ``denominator`` and ``n`` the people.
Of a survey: the response rate, who responded and who was invited."""
