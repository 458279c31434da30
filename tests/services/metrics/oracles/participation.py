"""Participation from raw events, in plain Python."""

from tests.services.metrics.oracle import NOT_ACTIVITY
from tests.services.metrics.oracles.peer_coaching import Figures
from tests.services.metrics.oracles.standing import ALL, Cut, Days, Standing, each_day


def participation(standing: Standing, days: Days) -> dict[Cut, Figures]:
    people, has_directory = standing.people, standing.people.has_directory()
    did = [told.body for told in people.counted if told.body["verb"]["id"] not in NOT_ACTIVITY]
    active = {(people.learner(body), people.day_of(body)) for body in did}
    active = {(learner, day) for learner, day in active if day in each_day(days)}
    heads = standing.heads(days)
    found: dict[Cut, Figures] = {}
    for cut in {ALL, *heads}:
        members = {
            person
            for person in standing.persons
            if any(standing.at_work(("person", person), day) and cut in standing.cuts(("person", person), day)
                   for day in each_day(days))
        }  # fmt: skip
        employed = {
            learner
            for learner, day in active
            if standing.employed(learner, day) and learner[1] in members and cut in standing.cuts(learner, day)
        }
        learners = {learner for learner, _ in active} if cut == ALL else employed
        denominator = heads.get(cut, 0)
        found[cut] = {
            "value": len(employed) / denominator if denominator else None,
            "numerator": len(employed) if has_directory else None,
            "denominator": denominator if has_directory else None,
            "n": len(learners),
            "unmatched": sum(learner[0] == "unknown" for learner in learners),
        }
    return found
