"""What is learned and what for: skills and their families, the courses that teach them, and what roles require."""

from collections.abc import Iterator
from typing import NamedTuple

from praxis_embedded.demo.people import LMS, Organisation
from praxis_embedded.demo.saying import Told, event, moment, person, when
from praxis_embedded.demo.teams import LEAD

PATHWAY_SKILL, IDLE_SKILL, RING_SKILL = "data-analysis", "presenting", "mentoring"
PLANTED_SKILLS = frozenset({PATHWAY_SKILL, IDLE_SKILL, RING_SKILL})
"""Skills that only the planted pathways teach, and one that nothing teaches, so that nothing else moves them."""


class Skill(NamedTuple):
    name: str
    title: str
    family: str
    courses: tuple[str, ...]


SKILLS = (
    Skill("negotiating", "Negotiating", "sales", ("negotiating-1", "negotiating-2")),
    Skill("account-planning", "Planning accounts", "sales", ("account-planning-1",)),
    Skill("clear-writing", "Clear writing", "support", ("clear-writing-1", "clear-writing-2")),
    Skill("triage", "Telling what comes first", "support", ("triage-1",)),
    Skill("python", "Python", "engineering", ("python-1", "python-2", "python-3")),
    Skill("code-review", "Reviewing code", "engineering", ("code-review-1",)),
    Skill("lean-flow", "Keeping work flowing", "operations", ("lean-flow-1", "lean-flow-2")),
    Skill("safety-rounds", "Safety rounds", "operations", ("safety-rounds-1",)),
    Skill("forecasting", "Forecasting", "finance", ("forecasting-1",)),
    Skill("contract-reading", "Reading contracts", "legal", ("contract-reading-1",)),
    Skill("facilitating", "Facilitating", "learning", ("facilitating-1",)),
    Skill(PATHWAY_SKILL, "Data analysis", "finance", ("data-analysis-basics", "data-analysis-practice")),
    Skill(IDLE_SKILL, "Presenting", "learning", ("presenting-basics", "presenting-practice")),
    Skill(RING_SKILL, "Mentoring", "leading", ()),
)

SKILL_OF = {course: skill.name for skill in SKILLS for course in skill.courses}

UNMAPPED_COURSE = "history-of-lanterns"
"""Nobody has said what it teaches."""

ROLES = {
    "adviser": ("sales", ("negotiating", "account-planning")),
    "agent": ("support", ("clear-writing", "triage")),
    "engineer": ("engineering", ("python", "code-review")),
    "operator": ("operations", ("lean-flow", "safety-rounds")),
    "analyst": ("finance", ("forecasting", PATHWAY_SKILL)),
    "partner": ("learning", ("facilitating", IDLE_SKILL)),
    "counsel": ("legal", ("contract-reading",)),
    LEAD: ("leading", (RING_SKILL,)),
}
"""Each role's family, and what it requires; the first is what its tasks need."""

ELECTIVES = ("python", "clear-writing", "negotiating", "facilitating", "lean-flow")
"""What people of any role choose beside their own."""

WORK_SYSTEM, LEARNING_SYSTEM = "lantern-tracker", "lantern-lms"


def course(slug: str) -> str:
    """The activity's IRI."""
    return f"{LMS}/courses/{slug}"


def main_skill(role: str) -> str:
    return ROLES[role][1][0] if role in ROLES else RING_SKILL


def assessors(organisation: Organisation, skill: str) -> tuple[str, str]:
    """The two people who may validate a skill: leads of two teams, the first where it is at home."""
    leads = [each.id for each in organisation.leads.values() if each.id != organisation.people[0].id]
    leads = [each for each in leads if organisation.by_id[each].left_on is None]
    first = next(place for place, each in enumerate(SKILLS) if each.name == skill)
    return leads[first % len(leads)], leads[(first + 1) % len(leads)]


def design(organisation: Organisation) -> Iterator[Told]:
    scenario, first = organisation.scenario, organisation.scenario.first
    owner, at = person(organisation.leads["learning"].id), moment(first, 8)
    for system, kind in ((WORK_SYSTEM, "work"), (LEARNING_SYSTEM, "learning")):
        yield event(scenario, "programme.system-registered", at, {"system": system, "kind": kind})
    for skill in SKILLS:
        said = {"skill": skill.name, "name": skill.title, "family": skill.family, "owner": owner}
        yield event(scenario, "programme.skill-defined", at, said)
        for slug in skill.courses:
            teaches = {"activity": course(slug), "skills": [{"skill": skill.name}], "confirmed_by": owner}
            yield event(scenario, "programme.activity-mapped", at, teaches)
        for assessor in assessors(organisation, skill.name):
            appointed = {"person": person(assessor), "skills": [skill.name], "from": when(first, 0)}
            yield event(scenario, "programme.assessor-appointed", at, appointed)
    for role, (family, required) in ROLES.items():
        profile = {"role": role, "family": family, "required": [{"skill": each} for each in required], "owner": owner}
        yield event(scenario, "programme.role-profiled", at, profile)
