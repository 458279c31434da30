"""What the programme itself is: goals, a pathway to choose, steps, standards, playbooks, a plan and policies."""

from collections.abc import Iterator

from praxis_embedded.demo.people import Organisation
from praxis_embedded.demo.saying import Json, Told, event, moment, person, when
from praxis_embedded.demo.scenario import DAY
from praxis_embedded.demo.skills import PATHWAY_SKILL, RING_SKILL, course

CHOSEN_PATHWAY = "first-python"

_GOALS = (
    ("half-is-used", "application-rate", 0.3, 0.5, {"pathway": "data-in-daily-work"}),
    ("better-at-once", "revision-cycles", 2.1, 1.6, {"pilot": "sprints-by-day"}),
    ("every-month", "monthly-active-learners", 150, 200, {"habit": "morning-sprint"}),
)

_POLICIES = (
    ("data-in-practice", [PATHWAY_SKILL], "badge", "Data in practice"),
    ("mentoring-in-practice", [RING_SKILL], "social-recognition", "A good mentor"),
    ("step-to-senior", ["python", "code-review"], "promotion-linked", "Step to senior engineer"),
)


def programme(organisation: Organisation) -> Iterator[Told]:
    yield from _policies(organisation)
    yield from _goals(organisation)
    yield from _chosen(organisation)
    yield from _steps(organisation)
    yield from _governance(organisation)


def _policies(organisation: Organisation) -> Iterator[Told]:
    scenario = organisation.scenario
    for policy, skills, type_, name in _POLICIES:
        published = {
            "policy": policy, "version": 1, "owner": person(organisation.leads["learning"].id), "skills": skills,
            "reward": {"type": type_, "name": name}, "effective_from": when(scenario.first, 0),
        }  # fmt: skip
        yield event(scenario, "programme.policy-published", moment(scenario.first, 7), published)


def _goals(organisation: Organisation) -> Iterator[Told]:
    scenario = organisation.scenario
    for goal, kpi, baseline, target, serving in _GOALS:
        goal_set = {
            "goal": goal, "kpi": kpi, "baseline": baseline, "target": target, "interventions": [serving],
            "due_on": (scenario.until + 60 * DAY).isoformat(), "owner": person(organisation.people[0].id),
        }  # fmt: skip
        yield event(scenario, "programme.goal-set", moment(scenario.first, 8), goal_set)


def _chosen(organisation: Organisation) -> Iterator[Told]:
    """A pathway that people choose for themselves; some leave it again."""
    scenario = organisation.scenario
    published: Json = {
        "pathway": CHOSEN_PATHWAY, "version": 1, "name": "First steps in Python", "skills": ["python"],
        "activities": [course(f"python-{number}") for number in (1, 2, 3)], "outcome": "time-to-competency",
        "owner": person(organisation.leads["learning"].id),
    }  # fmt: skip
    yield event(scenario, "programme.pathway-published", moment(scenario.first, 8), published)
    for each in organisation.of("engineering-looms", "engineering-lamps"):
        draws = scenario.draws("chosen", each.number)
        day = scenario.first + DAY * draws.randint(5, scenario.days // 2)
        where: Json = {"pathway": CHOSEN_PATHWAY, "cohort": f"{CHOSEN_PATHWAY}-open", "learner": person(each.id)}
        if draws.random() < 0.6 and each.is_there(day):
            enrolled = {"at": when(day), "assigned": "chosen"}
            yield event(scenario, "programme.learner-enrolled", moment(day), where | enrolled)
            if draws.random() < 0.15:
                left = {"at": when(day + 20 * DAY), "reason": "Too much at once"}
                yield event(scenario, "programme.learner-withdrawn", moment(day + 20 * DAY), where | left)


def _steps(organisation: Organisation) -> Iterator[Told]:
    scenario, owner = organisation.scenario, person(organisation.leads["learning"].id)
    for place, stage in enumerate(("design", "embed", "measure", "iterate")):
        starts_on = scenario.at(0.1 + 0.2 * place)
        ends_on = starts_on + 44 * DAY
        step = {
            "step": f"loop-1-{stage}", "stage": stage, "owner": owner, "success": "What was meant to hold, holds",
            "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat(),
        }  # fmt: skip
        yield event(scenario, "programme.step-planned", moment(starts_on - 7 * DAY), step)
        if ends_on <= scenario.until:
            concluded = {"step": f"loop-1-{stage}", "concluded_on": ends_on.isoformat(), "met": stage != "embed"}
            yield event(scenario, "programme.step-concluded", moment(ends_on, 16), concluded)


def _governance(organisation: Organisation) -> Iterator[Told]:
    scenario, owner = organisation.scenario, person(organisation.people[0].id)
    at = moment(scenario.first, 8)
    hours: Json = {"id": "learning-hours-a-month", "about": "learning-hours", "owner": owner}
    standard = hours | {"value": 4, "bounds": {"least": 2, "most": 8}}
    yield event(scenario, "programme.standard-set", at, standard)
    lead = person(organisation.leads["sales-north"].id)
    for unit, value in (("sales-north", 3), ("operations-mill", 1)):
        override = hours | {"value": value, "unit": unit, "owner": lead}
        yield event(scenario, "programme.override-set", at, override)
    playbook = {
        "id": "first-week", "about": CHOSEN_PATHWAY, "owner": lead, "unit": "engineering",
        "text": "Sit beside somebody. Change one line. Have it reviewed.",
    }  # fmt: skip
    yield event(scenario, "programme.playbook-published", at, playbook)
    step = {"skills": ["python", "code-review"], "evidence": ["manager-verification", "project-result"]}
    plan = {"plan": "to-senior-engineer", "name": "To senior engineer", "steps": [step], "for_role": "engineer"}
    yield event(scenario, "programme.plan-published", at, plan | {"owner": owner})
