"""Feedback interval from raw events, in plain Python: Kaplan and Meier by hand."""

from datetime import date, timedelta
from fractions import Fraction

from tests.services.metrics.oracle import Learner
from tests.services.metrics.oracles.peer_coaching import Figures
from tests.services.metrics.oracles.standing import ALL, Cut, Days, Standing

THROUGH = date(2026, 6, 1)
Wait = tuple[Learner, date, int, bool]


def feedback_interval(standing: Standing, days: Days) -> dict[Cut, Figures]:
    received = {
        (standing.who(each["learner"]), standing.day(each["at"]))
        for each in standing.fold.of("work.coaching-held")
        if standing.who(each["learner"]) != standing.who(each["coach"])
    }
    received |= {
        (("person", each["person_id"]), standing.day(each["completed_at"]))
        for each in standing.of_directory("review-completed")
        if each["person_id"] != each["reviewer_id"]
    }
    notes = {
        (standing.who(each["coach"]), standing.who(each["learner"]), standing.day(each["at"]))
        for each in standing.fold.of("work.coaching-held")
    }
    noted = [(learner, day) for coach, learner, day in notes if standing.is_above(coach, learner, day)]
    graded = [(who, closed.astimezone(standing.zone).date()) for who, closed, _ in standing.fold.ratings()]
    inside = [(learner, day) for learner, day in received if days[0] <= day <= days[1]]
    waits = [(learner, day, *_wait(standing, learner, day, received)) for learner, day in inside]
    told = {
        what: [
            (learner, day) for learner, day in found if days[0] <= day <= days[1] and standing.employed(learner, day)
        ]
        for what, found in (("notes", noted), ("gradings", graded))
    }
    employed = [wait for wait in waits if standing.employed(wait[0], wait[1])]
    cuts = {ALL, *(c for learner, day in [*(w[:2] for w in employed), *told["notes"], *told["gradings"]]
                   for c in standing.cuts(learner, day))}  # fmt: skip
    unknown = {learner for learner, _ in inside if learner[0] == "unknown"}
    found: dict[Cut, Figures] = {}
    for cut in cuts:
        mine = [wait for wait in employed if wait[2] > 0 and cut in standing.cuts(wait[0], wait[1])]
        count = {what: sum(cut in standing.cuts(*each) for each in some) for what, some in told.items()}
        found[cut] = {
            "value": _median([wait[2:] for wait in mine]),
            "numerator": sum(wait[3] for wait in mine),
            "denominator": len(mine),
            "n": len({wait[0] for wait in mine}),
            "unmatched": len(unknown) if cut == ALL else 0,
            "manager_notes": count["notes"],
            "gradings": count["gradings"],
            "notes_per_grading": count["notes"] / count["gradings"] if count["gradings"] else None,
        }
    return found


def _wait(standing: Standing, learner: Learner, day: date, received: set[tuple[Learner, date]]) -> tuple[int, bool]:
    """Day by day, until the next feedback comes, the person is no employee any more, or nobody looks any further."""
    last = min(THROUGH, day + timedelta(days=180))
    at = day
    while at < last and standing.employed(learner, at + timedelta(days=1)):
        at += timedelta(days=1)
        if (learner, at) in received:
            return (at - day).days, True
    return (at - day).days, False


def _median(waits: list[tuple[int, bool]]) -> float | None:
    left = Fraction(1)
    for time in sorted({days for days, ended in waits if ended}):
        at_risk = sum(days >= time for days, _ in waits)
        left *= 1 - Fraction(sum(days == time and ended for days, ended in waits), at_risk)
        if left <= Fraction(1, 2):
            return time
    return None
