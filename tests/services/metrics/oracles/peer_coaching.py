"""Peer coaching from raw events, in plain Python."""

from tests.services.metrics.oracles.standing import ALL, Cut, Days, Standing

Figures = dict[str, float | None]


def peer_coaching(standing: Standing, days: Days) -> dict[Cut, Figures]:
    talks = [
        (standing.who(each["coach"]), standing.who(each["learner"]), standing.day(each["at"]))
        for each in standing.fold.of("work.coaching-held")
    ]
    talks = [each for each in talks if each[0] != each[1] and days[0] <= each[2] <= days[1]]
    heads = standing.heads(days)
    has_directory = standing.people.has_directory()
    return {cut: _cell(standing, cut, talks, heads.get(cut, 0), has_directory) for cut in {ALL, *heads}}


def _cell(standing: Standing, cut: Cut, talks: list, heads: int, has_directory: bool) -> Figures:  # type: ignore[type-arg]
    mine = [t for t in talks if cut == ALL or (standing.at_work(t[1], t[2]) and cut in standing.cuts(t[1], t[2]))]
    from_above = {(c, learner) for c, learner, day in mine if standing.is_above(c, learner, day)}
    pairs = {(c, learner) for c, learner, _ in mine}
    peers = pairs - from_above
    reached = {(c, learner) for c, learner, day in mine if standing.at_work(learner, day)}
    by_peers, by_managers = ({learner for _, learner in reached & kind} for kind in (peers, from_above))
    learners = {learner for _, learner in peers}
    return {
        "value": len(peers),
        "numerator": len(by_peers) if has_directory else None,
        "denominator": heads if has_directory else None,
        "n": len(learners),
        "unmatched": sum(learner[0] == "unknown" for learner in learners),
        "reach": len(by_peers) / heads if heads else None,
        "manager_pairs": len(from_above),
        "manager_reach": len(by_managers) / heads if heads else None,
    }
