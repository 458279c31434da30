"""Planted: in one quarter time is what keeps people from learning, and it is so in one unit.

In the last quarter with a survey everybody at ``operations-dock`` answers, and all name ``time``, as severe as can be:
5. Elsewhere, and everywhere in the other quarters, three in five answer, and name ``relevance`` most (3 in 10 of them,
of severity 1 to 3), ``time`` least (1 in 20). By prevalence and severity time comes first in that quarter only.

See it: ``GET /audits/{quarter}`` of that quarter. Left out (``--without barrier``): the dock answers like everybody.
"""

from praxis_embedded.demo.people import Person
from praxis_embedded.demo.scenario import Effect, Scenario

UNIT, BARRIER, SEVERITY = "operations-dock", "time", 5

NAMED = {"relevance": 30, "manager": 20, "access": 20, "recognition": 15, "other": 10, "time": 5}
"""How often each is named where nothing is planted, in a hundred answers."""

_ANSWER = 0.6


def answer(scenario: Scenario, person: Person, quarter: str, *, is_last: bool, unit: str) -> tuple[str, int] | None:
    """The barrier that ``person`` names, and how severe it is; ``None`` without an answer."""
    draws = scenario.draws("survey", quarter, person.number)
    answers, severity = draws.random() < _ANSWER, draws.randint(1, 3)
    named = draws.choices(list(NAMED), list(NAMED.values()))[0]
    if is_last and unit == UNIT and scenario.has(Effect.BARRIER):
        return BARRIER, SEVERITY
    return (named, severity) if answers else None
