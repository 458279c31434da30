"""What leaders do for learning, and who leads it in each team."""

from collections.abc import Iterator

from praxis_embedded.demo.people import Organisation
from praxis_embedded.demo.saying import Json, Told, event, moment, person, when
from praxis_embedded.demo.scenario import DAY

BEHAVIOURS = ("models", "sponsors", "allocates", "celebrates")
"""That they discuss it their reviews say."""

_ACTS_A_MONTH = 0.6
_TERM = 180 * DAY


def leadership(organisation: Organisation) -> Iterator[Told]:
    yield from _acts(organisation)
    yield from _learning_leads(organisation)
    yield from _goals_and_experiments(organisation)


def _acts(organisation: Organisation) -> Iterator[Told]:
    scenario = organisation.scenario
    for month in scenario.month_starts():
        for unit, lead in organisation.leads.items():
            draws = scenario.draws("acts", month, lead.number)
            day = month + DAY * draws.randint(0, 27)
            seen = [each for each in organisation.members if each.on(day).unit == unit and each.is_there(day)]
            if draws.random() < _ACTS_A_MONTH and seen and lead.is_there(day) and day <= scenario.until:
                behaviour = draws.choice(BEHAVIOURS)
                act: Json = {
                    "person": person(lead.id), "behaviour": behaviour, "at": when(day, draws.randint(9, 16)),
                    "reported_by": person(draws.choice(seen).id),
                }  # fmt: skip
                if behaviour == "allocates":
                    act["minutes"] = draws.choice((60, 120, 240))
                yield event(scenario, "programme.leader-acted", moment(day, 18), act)


def _learning_leads(organisation: Organisation) -> Iterator[Told]:
    """Half-year terms, each by another member of the team."""
    scenario = organisation.scenario
    for unit in sorted(organisation.leads):
        members = organisation.of(unit)
        since, turn = scenario.first, 0
        while since <= scenario.until and members:
            term = {
                "unit": unit, "person": person(members[turn % len(members)].id), "from": when(since, 0),
                "until": when(since + _TERM, 0),
            }  # fmt: skip
            yield event(scenario, "programme.learning-lead-appointed", moment(since, 8), term)
            since, turn = since + _TERM, turn + 1


def _goals_and_experiments(organisation: Organisation) -> Iterator[Told]:
    scenario = organisation.scenario
    for share, unit in ((0.1, "sales-north"), (0.4, "operations-mill"), (0.7, "engineering-lamps")):
        lead, day = organisation.leads[unit], scenario.at(share)
        goal = {
            "manager": person(lead.id), "goal": "Ask in every weekly talk what was tried",
            "due_on": (day + 60 * DAY).isoformat(),
        }  # fmt: skip
        yield event(scenario, "programme.manager-goal-set", moment(day, 10), goal)
        tried = {
            "person": person(organisation.of(unit)[0].id), "hypothesis": f"A shared page saves {unit} a meeting",
            "outcome": "Nobody read the page", "insight": "It has to be where the work is",
        }  # fmt: skip
        yield event(scenario, "programme.experiment-shared", moment(day + DAY, 10), tried)
