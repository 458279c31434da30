"""Learning hours: the time that people give to learning."""

from praxis_metrics.kpis.counting import COUNTED, CUTS, GRAINS, NOBODY, READS, person_days
from praxis_metrics.kpis.kpi import Kpi

LEARNING_HOURS = Kpi(
    name="learning-hours",
    version=2,
    stage="input",
    unit="hours",
    definition=(
        "Hours in the period that learners' sessions cover. Statements are grouped by registration; without one, or "
        "where statements of more than one learner carry it, by learner and course (the first grouping activity, else"
        " the first parent, neither of them a whole learning system, else the object). A group with result.duration "
        "on a completed, terminated or abandoned statement is measured: each such duration is a session that ends at "
        "its statement. Any other group is estimated: a session is a run of statements, of whatever verb, no more "
        "than 30 minutes apart. One session counts at most 4 hours (a measured one its last, an estimated one its "
        "first). A learner's sessions are a union: time that several cover counts once, as measured where one of them"
        " is (detail.measured_hours, detail.estimated_hours). Sessions across midnight are split between the days "
        "(reporting time zone). Numerator: hours on days on which the learner was an employee, of learners counted in"
        f" the denominator. n: learners with any time. {COUNTED}"
    ),
    compute=person_days(
        counts="measured + estimated > 0",
        value="coalesce(sum(measured + estimated) {of}, 0) / 3.6e9",
        detail={
            "measured_hours": "coalesce(sum(measured), 0) / 3.6e9",
            "estimated_hours": "coalesce(sum(estimated), 0) / 3.6e9",
        },
    ),
    reads=READS,
    cuts=CUTS,
    grains=GRAINS,
    days="person_day",
    by_headcount=True,
    detail_of_nobody={"measured_hours": 0, "estimated_hours": 0, **NOBODY},
)
