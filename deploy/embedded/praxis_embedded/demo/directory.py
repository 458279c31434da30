"""What HR tells of units and people: hires, identities, changes, leave and departures."""

from collections.abc import Iterator
from itertools import pairwise

from praxis_embedded.demo.people import Organisation, Person, Placement
from praxis_embedded.demo.saying import Json, Told, event, given, moment, when
from praxis_embedded.demo.scenario import DAY, Scenario
from praxis_embedded.demo.teams import COMPANY, DIVISIONS, TEAMS

_AGE_BANDS = ("under-35", "35-to-49", "50-and-over")


def directory(organisation: Organisation) -> Iterator[Told]:
    scenario = organisation.scenario
    yield from _units(scenario)
    for person in organisation.people:
        yield from _told(scenario, person)
    for number in (5, 17):
        of = "feed" if number == 5 else "reminders"
        yield _said(scenario, "opted-out", organisation.people[number], organisation.people[number].home, {"of": of})


def _units(scenario: Scenario) -> Iterator[Told]:
    since = scenario.first - 3_000 * DAY
    names = [(COMPANY, "The Lantern Works", None), *((unit, name, COMPANY) for unit, name in DIVISIONS.items())]
    for unit, name, above in [*names, *((each.unit, each.name, each.above) for each in TEAMS)]:
        data = given(unit=unit, name=name, parent=above, effective_at=when(since, 0))
        yield event(scenario, "people.unit-defined", moment(since, 0), data)


def _told(scenario: Scenario, person: Person) -> Iterator[Told]:
    home = person.home
    hired = given(
        name=person.name, unit=home.unit, role=home.role, grade=person.grade, manager_id=home.manager,
        worker_type="contractor" if person.is_contractor else "employee", effective_at=when(home.since, 0),
    )  # fmt: skip
    yield _said(scenario, "hired", person, home, hired)
    identifiers = [{"mbox": person.mail}, {"account": person.account}]
    yield _said(scenario, "identity-linked", person, home, {"identifiers": identifiers})
    declared = {"attributes": {"age-band": scenario.draws("age", person.number).choice(_AGE_BANDS)}}
    yield _said(scenario, "attributes-declared", person, home, declared)
    for before, after in pairwise(person.placements):
        yield from _changes(scenario, person, before, after)
    if person.leave is not None:
        for type_, day in zip(("leave-started", "leave-ended"), person.leave, strict=True):
            if day <= scenario.until:
                yield event(scenario, f"people.{type_}", moment(day, 0), _of(person, {"effective_at": when(day, 0)}))
    if person.left_on is not None:
        left = _of(person, {"voluntary": person.voluntary, "effective_at": when(person.left_on, 17)})
        yield event(scenario, "people.left", moment(person.left_on, 17), left)


def _changes(scenario: Scenario, person: Person, before: Placement, after: Placement) -> Iterator[Told]:
    for type_, field, old, new in (
        ("unit-changed", "unit", before.unit, after.unit),
        ("role-changed", "role", before.role, after.role),
        ("manager-changed", "manager_id", before.manager, after.manager),
    ):
        if old != new:
            yield _said(scenario, type_, person, after, {field: new, "effective_at": when(after.since, 0)})


def _said(scenario: Scenario, type_: str, person: Person, placement: Placement, data: Json) -> Told:
    return event(scenario, f"people.{type_}", moment(placement.since, 0), _of(person, data))


def _of(person: Person, data: Json) -> Json:
    return {"person_id": person.id, **data}
