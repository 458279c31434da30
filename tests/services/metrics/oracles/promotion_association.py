"""Promotion and evidence, person by person."""

from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction

from tests.services.metrics.oracle import read_time
from tests.services.metrics.oracles.careers import DAY, EVERYBODY, Answer, Careers, Place

Person = tuple[tuple[str | None, int], bool, bool]
"""Stratum, whether there is evidence, whether promoted."""


def answers(careers: Careers, first: date, last: date) -> dict[Place, Answer]:
    decided: dict[str, str] = {}
    for each in sorted(careers.of("promoted"), key=lambda each: read_time(each["decided_at"]), reverse=True):
        if first <= careers.day(each["decided_at"]) <= last:
            decided[each["person_id"]] = each["decided_at"]
    days = [date.fromordinal(n) for n in range(first.toordinal(), last.toordinal() + 1)]
    found: defaultdict[Place, list[Person]] = defaultdict(list)
    for person in set[str]().union(*(careers.headcount[day] for day in days)):
        until = max(day for day in days if careers.employed(("person", person), day))
        day = until
        if person in decided:
            until = careers.day(decided[person])
            day = until - DAY
        if careers.employed(("person", person), day):
            tenure = (day - careers.came_on(person, day)).days
            stratum = careers.role(person, day), sum(tenure >= limit for limit in (365, 1095, 1825))
            row = stratum, has_evidence(careers, person, until, decided.get(person)), person in decided
            for place in careers.counted_at(person, day):
                found[place].append(row)
    unmatched = sum(not careers.is_known(person) for person in decided)
    return {at: answer(found[at], unmatched if at == EVERYBODY else 0) for at in {*found, EVERYBODY}}


def has_evidence(careers: Careers, person: str, until: date, decided_at: str | None) -> bool:
    return any(
        each.learner == ("person", person) and until - timedelta(days=365) <= each.day <= until
        and (decided_at is None or each.at < read_time(decided_at))
        for each in careers.shown
    )  # fmt: skip


def answer(people: list[Person], unmatched: int) -> Answer:
    strata = {stratum for stratum, _, _ in people}
    shown = [promoted for _, evidence, promoted in people if evidence]
    others = [promoted for _, evidence, promoted in people if not evidence]
    odds, risks = (ratio(people, strata, in_odds=each) for each in (True, False))
    if min(len(shown), len(others)) < 5:
        odds = risks = None
    detail = {
        "risk_ratio": risks, "strata": len(strata), "with_evidence": len(shown), "without_evidence": len(others),
        "rate_with_evidence": sum(shown) / len(shown) if shown else None,
        "rate_without_evidence": sum(others) / len(others) if others else None,
    }  # fmt: skip
    return Answer(odds, sum(shown) + sum(others), len(people), len(people), unmatched, detail)


def ratio(people: list[Person], strata: set[tuple[str | None, int]], *, in_odds: bool) -> float | None:
    over = under = Fraction(0)
    for stratum in strata:
        rows = [row[1:] for row in people if row[0] == stratum]
        a, b, c, d = (rows.count(pair) for pair in ((True, True), (True, False), (False, True), (False, False)))
        over += Fraction(a * d if in_odds else a * (c + d), len(rows))
        under += Fraction(b * c if in_odds else c * (a + b), len(rows))
    return float(over / under) if under else None
