"""Filling the teams: hires before and meanwhile, departures, leave, moves, and a team whose lead changes."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from random import Random

from praxis_embedded.demo.people import Organisation, Person, Placement
from praxis_embedded.demo.scenario import DAY, Scenario
from praxis_embedded.demo.teams import COMPANY, DIRECTOR, LEAD, TEAMS, Team, sizes

GRADES = ("L1", "L2", "L3", "L4")

SETTLED = frozenset({"support-day", "support-night", "sales-north", "sales-south", "legal"})
"""Nobody moves into these teams or out of them: pilots compare them, and three people are to stay three."""

LEAD_CHANGES_IN = "finance"

_JOINED_LATER, _CONTRACTORS = 0.15, 0.05
_LEAVE_FOR_GOOD, _ON_LEAVE, _MOVE = 0.09, 0.05, 0.08
"""Shares a year."""


def organisation(scenario: Scenario) -> Organisation:
    director = Person(0, "L4", (Placement(scenario.first - 3_000 * DAY, COMPANY, DIRECTOR, None),))
    people, size = [director], sizes(scenario.people)
    leads: dict[str, str] = {}
    for team in TEAMS:
        first = len(people)
        leads[team.unit] = f"lw-{first:03}"
        people += _team(scenario, team, range(first, first + size[team.unit]), director)
    return Organisation(scenario, tuple(_moved(scenario, each, leads) for each in people))


def _team(scenario: Scenario, team: Team, numbers: range, director: Person) -> Iterator[Person]:
    """The lead first. In one team the lead leaves halfway, and the next one takes over."""
    long_ago = scenario.first - (600 + 40 * (numbers[0] % 30)) * DAY
    lead = Person(numbers[0], "L3", (Placement(long_ago, team.unit, LEAD, director.id),))
    if team.unit != LEAD_CHANGES_IN:
        yield lead
        for number in numbers[1:]:
            yield _member(scenario, team, number, lead.id)
        return
    halfway = scenario.at(0.5)
    heir = Person(numbers[1], "L2", (Placement(long_ago, team.unit, team.role, lead.id),))
    yield replace(lead, left_on=halfway, voluntary=True)
    yield replace(heir, placements=(*heir.placements, Placement(halfway, team.unit, LEAD, director.id)))
    for number in numbers[2:]:
        found = _member(scenario, team, number, lead.id)
        if found.hired_on >= halfway:
            yield replace(found, placements=(replace(found.home, manager=heir.id),))
        else:
            yield replace(found, placements=(found.home, Placement(halfway, team.unit, team.role, heir.id)))


def _member(scenario: Scenario, team: Team, number: int, lead: str) -> Person:
    draws = scenario.draws("person", number)
    hired_on, grade = _hired_on(scenario, draws), draws.choices(GRADES[:3], (4, 4, 2))[0]
    is_contractor = draws.random() < _CONTRACTORS
    person = Person(number, grade, (Placement(hired_on, team.unit, team.role, lead),), is_contractor)
    if team.unit == "legal":
        return replace(
            person, is_contractor=False, placements=(replace(person.home, since=scenario.first - 900 * DAY),)
        )
    return _with_fate(scenario, person, draws)


def _hired_on(scenario: Scenario, draws: Random) -> date:
    if draws.random() < _JOINED_LATER:
        return scenario.first + DAY * draws.randint(20, scenario.days - 90)
    return scenario.first - DAY * draws.randint(100, 2_800)


def _with_fate(scenario: Scenario, person: Person, draws: Random) -> Person:
    """Each leaves, or is on leave for a time, or neither."""
    fate = draws.random() * 365 / scenario.days
    earliest = max(scenario.first, person.hired_on) + 40 * DAY
    day = earliest + DAY * draws.randint(0, max(1, (scenario.until - earliest).days - 5))
    if fate < _LEAVE_FOR_GOOD:
        return replace(person, left_on=day, voluntary=draws.choices((True, False, None), (7, 2, 1))[0])
    if fate < _LEAVE_FOR_GOOD + _ON_LEAVE:
        return replace(person, leave=(day, day + DAY * draws.randint(20, 120)))
    return person


def _moved(scenario: Scenario, person: Person, leads: dict[str, str]) -> Person:
    """Some who stay go to another of the teams that are not settled."""
    draws = scenario.draws("move", person.number)
    teams = [each for each in TEAMS if each.unit not in {*SETTLED, LEAD_CHANGES_IN, person.home.unit}]
    stays = person.left_on or person.leave or person.is_lead or person.home.unit in {*SETTLED, LEAD_CHANGES_IN}
    if stays or draws.random() >= _MOVE * scenario.days / 365:
        return person
    earliest = max(scenario.first, person.hired_on) + 60 * DAY
    to, day = draws.choice(teams), earliest + DAY * draws.randint(0, max(1, (scenario.until - earliest).days - 10))
    return replace(person, placements=(*person.placements, Placement(day, to.unit, to.role, leads[to.unit])))
