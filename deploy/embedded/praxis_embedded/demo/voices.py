"""What people say: quarterly surveys of barriers, what is done about them, and feedback."""

from collections.abc import Iterator
from datetime import date

from praxis_embedded.demo.people import Organisation, Person
from praxis_embedded.demo.saying import Json, Told, event, moment, person, when
from praxis_embedded.demo.scenario import DAY, Scenario
from praxis_embedded.demo.skills import SKILL_OF, course
from praxis_embedded.demo.truths import barrier

_ACTIONS = {
    "time": "Keep Friday mornings free at the dock", "relevance": "Let teams choose two courses of three",
    "manager": "A question about learning in every weekly talk", "access": "Tablets in the mill",
    "recognition": "Say thanks where others hear it", "other": "Ask again, in person",
}  # fmt: skip

_THEMES = ("useful", "too-long", "well-made", "no-practice")
_FEEDBACK_A_MONTH = 0.12


def quarters(scenario: Scenario) -> list[tuple[str, date]]:
    """Each quarter with a survey, and its day: ten days before the quarter ends."""
    ends = [
        date(year, month, 1) for year in range(scenario.first.year, scenario.until.year + 2) for month in (1, 4, 7, 10)
    ]
    days = [end - 10 * DAY for end in ends if scenario.first <= end - 10 * DAY and end - 3 * DAY <= scenario.until]
    return [(f"{day.year}-Q{(day.month + 2) // 3}", day) for day in days]


def surveys(organisation: Organisation) -> Iterator[Told]:
    scenario = organisation.scenario
    found = quarters(scenario)
    for quarter, day in found:
        there = [each for each in organisation.people if each.is_there(day)]
        sent = {
            "survey": f"barriers-{quarter}", "quarter": quarter, "invited": len(there),
            "asks": ["What keeps you most from learning, or from using what you learned?", "How much, from 1 to 5?"],
        }  # fmt: skip
        yield event(scenario, "programme.survey-sent", moment(day, 8), sent)
        named: dict[str, int] = {}
        for each in there:
            unit = each.on(day).unit
            said = barrier.answer(scenario, each, quarter, is_last=quarter == found[-1][0], unit=unit)
            if said is not None:
                named[said[0]] = named.get(said[0], 0) + said[1]
                yield _reported(scenario, each, unit, quarter, day, *said)
        worst = sorted(named, key=lambda name: (-named[name], name))[:3]
        for place, name in enumerate(worst):
            yield from _acted(organisation, quarter, day + 3 * DAY, name, is_done=place < 2 and quarter != found[-1][0])


def _reported(
    scenario: Scenario, each: Person, unit: str, quarter: str, day: date, barrier: str, severity: int
) -> Told:
    reported: Json = {
        "survey": f"barriers-{quarter}", "person": person(each.id), "unit": unit, "barrier": barrier,
        "severity": severity, "at": when(day, 9, each.number),
    }  # fmt: skip
    return event(scenario, "programme.barrier-reported", moment(day, 9, each.number), reported)


def _acted(organisation: Organisation, quarter: str, day: date, barrier: str, *, is_done: bool) -> Iterator[Told]:
    scenario = organisation.scenario
    owner = organisation.leads["operations-dock" if barrier == "time" else "learning"]
    assigned = {
        "quarter": quarter, "barrier": barrier, "owner": person(owner.id),
        "due_on": (day + 75 * DAY).isoformat(), "action": _ACTIONS[barrier],
    }  # fmt: skip
    yield event(scenario, "programme.barrier-assigned", moment(day, 15), assigned)
    updated = {"quarter": quarter, "barrier": barrier, "status": "done" if is_done else "in-progress"}
    at = day + (70 if is_done else 2) * DAY
    if at <= scenario.until:
        yield event(scenario, "programme.barrier-updated", moment(at, 15), updated)


def feedback(organisation: Organisation) -> Iterator[Told]:
    scenario = organisation.scenario
    abouts: list[Json] = [{"activity": course(slug)} for slug in SKILL_OF]
    abouts += [{"pathway": "data-in-daily-work"}, {"pathway": "presenting-with-poise"}, {"kpi": "application-rate"}]
    for month in scenario.month_starts():
        for each in organisation.there(month):
            draws = scenario.draws("feedback", month, each.number)
            day = month + DAY * draws.randint(0, 27)
            if draws.random() < _FEEDBACK_A_MONTH and day <= scenario.until:
                given: Json = {
                    "about": draws.choice(abouts), "theme": draws.choice(_THEMES), "person": person(each.id),
                    "sentiment": draws.choices((-2, -1, 0, 1, 2), (1, 2, 3, 4, 2))[0],
                    "at": when(day, 12, draws.randint(0, 59)),
                }  # fmt: skip
                yield event(scenario, "programme.feedback-given", moment(day, 12), given)
