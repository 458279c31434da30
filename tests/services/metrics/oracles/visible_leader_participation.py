"""Visible leader participation from raw events, in plain Python."""

from datetime import date

from tests.services.metrics.oracle import Learner
from tests.services.metrics.oracles.peer_coaching import Figures
from tests.services.metrics.oracles.standing import ALL, Cut, Days, Standing, each_day

BEHAVIOURS = ("models", "sponsors", "allocates", "discusses", "celebrates")
Act = tuple[Learner, str, date]


def visible_leader_participation(standing: Standing, days: Days) -> dict[Cut, Figures]:
    leaders: dict[Cut, set[str]] = {ALL: set()}
    for person in standing.persons:
        for day in each_day(days):
            if _is_leader(standing, ("person", person), day):
                for cut in standing.cuts(("person", person), day):
                    leaders.setdefault(cut, set()).add(person)
    acts = {act for act in _acts(standing) if days[0] <= act[2] <= days[1]}
    return {cut: _cell(standing, cut, acts, len(found)) for cut, found in leaders.items()}


def _is_leader(standing: Standing, learner: Learner, day: date) -> bool:
    return standing.at_work(learner, day) and standing.leads(learner, day)


def _acts(standing: Standing) -> set[Act]:
    fold = standing.fold
    found: set[Act] = set()
    for act in fold.of("programme.leader-acted"):
        reporter = fold.who(act["reported_by"]) if "reported_by" in act else fold.sender(act)
        if reporter != fold.who(act["person"]):
            found.add((standing.who(act["person"]), act["behaviour"], standing.day(act["at"])))
    for review in standing.of_directory("review-completed"):
        if review["discussed_learning"] and review["reviewer_id"] != review["person_id"]:
            found.add((("person", review["reviewer_id"]), "discusses", standing.day(review["completed_at"])))
    return found


def _cell(standing: Standing, cut: Cut, acts: set[Act], leaders: int) -> Figures:
    mine = [a for a in acts if _is_leader(standing, a[0], a[2]) and cut in standing.cuts(a[0], a[2])]
    visible = {learner for learner, _, _ in mine}
    shares: Figures = {
        each: len({learner for learner, behaviour, _ in mine if behaviour == each}) / leaders if leaders else None
        for each in BEHAVIOURS
    }
    unknown = {learner for learner, _, _ in acts if learner[0] == "unknown"} if cut == ALL else set()
    return {
        "value": len(visible) / leaders if leaders else None,
        "numerator": len(visible),
        "denominator": leaders,
        "n": leaders,
        "unmatched": len(unknown),
        "acts": len(mine),
        **shares,
    }
