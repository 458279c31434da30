"""The naive fold of what was said: what each view shows, from the raw events, knowing nothing of the service's code."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.services.metrics.oracle import Heard, Learner, Oracle, hashes, key_of, read_time
from tests.services.metrics.said.histories import Data, Spoken

Row = tuple[Any, ...]
FOREVER = datetime.max.replace(tzinfo=UTC)


class Fold:
    def __init__(self, spoken: list[Spoken], heard: list[Heard], zone: ZoneInfo) -> None:
        firsts: list[Spoken] = []
        for each in spoken:
            if all(each.id != other.id for other in firsts):
                firsts.append(each)
        self.standing = [each for each in firsts if not any(undoes(other, each) for other in firsts)]
        self.standing = [each for each in self.standing if not each.type.endswith(".rescinded")]
        self.zone, self.people = zone, Oracle([], heard, zone)
        agents = [value for each in firsts for value in each.data.values() if isinstance(value, dict)]
        self.people.mails = {key_of(agent) for agent in agents if "mbox" in agent}

    def of(self, type_: str) -> list[Data]:
        return [{**each.data, "principal": each.principal} for each in self.standing if each.type == type_]

    # -- people ----------------------------------------------------------------------------------------------------

    def who(self, agent: Data | None) -> Learner | None:
        if agent is None:
            return None
        return ("person", agent["person_id"]) if "person_id" in agent else self.people._learner(key_of(agent))

    def sender(self, data: Data) -> Learner | None:
        account = {"homePage": "urn:praxis:credential", "name": data["principal"]}
        return None if data["principal"] is None else self.who({"account": account})

    def disputed(self, agent: Data | None) -> bool:
        if agent is None or "person_id" in agent:
            return False
        key = key_of(agent)
        key = next((mail for mail in sorted(self.people.mails) if key in hashes(mail)), key)
        same = {key, *hashes(key)}
        claims = self.people._claims()
        claimants = {person for person, claimed in claims if same & {claimed, *hashes(claimed)}}
        return len(claimants) > 1 or "urn:praxis:shared" in claimants

    # -- views -----------------------------------------------------------------------------------------------------

    def moment(self, text: str) -> Row:
        return read_time(text), read_time(text).astimezone(self.zone).date()

    def _evidence(self, found: Iterable[Data]) -> list[Row]:
        return [
            (self.who(e["learner"]), self.who(e.get("attested_by")), self.sender(e), e["skill"], e["kind"],
             *self.moment(e["occurred_at"]))
            for e in found
        ]  # fmt: skip

    def evidence(self) -> list[Row]:
        return self._evidence(self.of("evidence.skill-applied"))

    def accepted_evidence(self) -> list[Row]:
        return self._evidence(e for e in self.of("evidence.skill-applied") if self.is_accepted(e))

    def is_accepted(self, e: Data) -> bool:
        learner, attester, sender = self.who(e["learner"]), self.who(e.get("attested_by")), self.sender(e)
        if learner in (attester, sender) or self.disputed(e["learner"]) or self.disputed(e.get("attested_by")):
            return False
        systems = {kept["system"].strip().lower(): kept["kind"] for kept in self.of("programme.system-registered")}
        if any(systems.get(e[at]["system"].strip().lower()) == "learning" for at in ("artefact", "task") if at in e):
            return False
        return attester is not None or (sender is not None and e["kind"] in ("task-completed", "project-result"))

    def tasks_accepted(self) -> list[Row]:
        return [
            (self.who(each["person"]), self.who(each.get("accepted_by")), each["task"]["system"].strip().lower(),
             *self.moment(each["accepted_at"]))
            for each in self.of("work.task-accepted")
        ]  # fmt: skip

    def enrolments(self) -> list[Row]:
        withdrawn = self.of("programme.learner-withdrawn")
        return [
            (self.who(e["learner"]), e["cohort"], read_time(e["at"]),
             min((read_time(w["at"]) for w in withdrawn if w["cohort"] == e["cohort"]
                  and self.who(w["learner"]) == self.who(e["learner"]) and read_time(w["at"]) >= read_time(e["at"])),
                 default=FOREVER))
            for e in self.of("programme.learner-enrolled")
        ]  # fmt: skip

    def leader_acts(self) -> list[Row]:
        acts = self.of("programme.leader-acted")
        return [
            (self.who(act["person"]), read_time(act["at"]))
            for act in acts
            if (self.who(act["reported_by"]) if "reported_by" in act else self.sender(act)) != self.who(act["person"])
        ]

    def role_profiles(self) -> list[Row]:
        latest = {each["role"]: each["required"] for each in self.of("programme.role-profiled")}
        return [(role, each["skill"], each.get("level")) for role, required in latest.items() for each in required]

    def taught(self, activity: str, at: datetime) -> list[Row]:
        """By the map in force at ``at``: the last on the log that holds then."""
        maps = [each for each in self.of("programme.activity-mapped") if each["activity"] == activity]
        for each in reversed(maps):
            starts, ends = each.get("from"), each.get("until")
            if (starts is None or read_time(starts) <= at) and (ends is None or at < read_time(ends)):
                return [(skill["skill"], skill.get("level")) for skill in each["skills"]]
        return []

    def ratings(self) -> list[Row]:
        latest = {e.data["person_id"]: e.data for e in self.people.heard if e.type == "performance-rated"}
        return [
            (("person", person), read_time(data["cycle_closed_at"]), data["is_top"]) for person, data in latest.items()
        ]


def undoes(one: Spoken, other: Spoken) -> bool:
    """Evidence's rescission undoes all of its topic, the others only their own area."""
    if not one.type.endswith(".rescinded") or one.data["event"]["id"] != other.id:
        return False
    mine, theirs = one.type.partition(".")[0], other.type.partition(".")[0]
    return mine == theirs or (mine, theirs) == ("evidence", "work")
