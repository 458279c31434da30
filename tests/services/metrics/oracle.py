"""The naive oracle: every KPI from the raw events, in plain Python, knowing nothing of the service's code.

Slow on purpose: each figure is looked for again among all the events; only whole answers are remembered.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

ADL = "http://adlnet.gov/expapi/verbs/"
NOT_ACTIVITY = {ADL + "registered", ADL + "passed", ADL + "voided", "https://w3id.org/xapi/adl/verbs/satisfied"}
CLOSING = {ADL + "completed", ADL + "terminated", "https://w3id.org/xapi/adl/verbs/abandoned"}
DURATIONS = {
    "PT0S": 0.0, "PT1.5S": 1.5, "PT10M": 600.0, "PT45M": 2_700.0,
    "PT3H30M": 12_600.0, "PT5H": 18_000.0, "P1D": 86_400.0,
}  # fmt: skip
SITES = {"http://id.tincanapi.com/activitytype/lms", "https://w3id.org/xapi/vle/activity-types/system"}
CONTRACTORS = {"Contractor", "contingent_worker"}
RANK = {"left": 1, "hired": 2, "leave-ended": 3, "leave-started": 4}

COUNTING = ("monthly-active-learners", "learning-hours", "active-days", "enrolments", "completions")
"""The KPIs that it knows: those that add up person-days."""

Learner = tuple[str, str]


@dataclass(frozen=True)
class Told:
    """A statement as it lies in the log; a list of them is in log order, at least within what shares an id."""

    body: dict[str, Any]
    credential: str
    id_assigned: bool


@dataclass(frozen=True)
class Heard:
    """An event of people.directory, in log order. ``type`` is its last word: hired, identity-linked, …"""

    source: str
    id: str
    type: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    value: float
    numerator: float | None
    denominator: int | None
    n: int
    unmatched: int
    detail: dict[str, float]


class Oracle:
    def __init__(self, told: list[Told], heard: list[Heard], zone: ZoneInfo) -> None:
        self.zone = zone
        self.heard = self._standing(heard)
        firsts = self._firsts(told)
        own = [
            t
            for t in firsts
            if not is_void(t.body)
            and t.body["actor"].get("objectType") != "Group"
            and 1969 <= moment(t.body).year <= 3000
        ]
        self.mails = {key_of(t.body["actor"]) for t in own if "mbox" in t.body["actor"]}
        voided = {t.body["object"]["id"] for t in firsts if is_void(t.body)}
        self.counted = self._without_redeliveries([t for t in own if t.body["id"] not in voided])

    # -- which statements count ------------------------------------------------------------------------------------

    @staticmethod
    def _firsts(told: list[Told]) -> list[Told]:
        found: list[Told] = []
        for each in told:
            if all(each.body["id"] != other.body["id"] for other in found):
                found.append(each)
        return found

    @staticmethod
    def _without_redeliveries(told: list[Told]) -> list[Told]:
        """Of statements that say the same, sent without ids but with a time, one: which one may not matter."""

        def says(t: Told) -> Any:
            if not t.id_assigned or "timestamp" not in t.body or moment(t.body) == read_time(t.body["stored"]):
                return t.body["id"]
            return t.credential, key_of(t.body["actor"]), t.body["verb"]["id"], str(t.body["object"]), moment(t.body)

        return [t for t in told if all(says(t) != says(o) or t.body["id"] <= o.body["id"] for o in told)]

    # -- who is who ------------------------------------------------------------------------------------------------

    @staticmethod
    def _standing(heard: list[Heard]) -> list[Heard]:
        firsts: list[Heard] = []
        for each in heard:
            if all((each.source, each.id) != (other.source, other.id) for other in firsts):
                firsts.append(each)
        undone = [(e.data["event"]["source"], e.data["event"]["id"]) for e in firsts if e.type == "rescinded"]
        return [each for each in firsts if (each.source, each.id) not in undone]

    @cache  # noqa: B019
    def _claims(self) -> set[tuple[str, str]]:
        latest: dict[tuple[str, str], bool] = {}
        for event in self.heard:
            if event.type in ("identity-linked", "identity-unlinked"):
                for identifier in event.data["identifiers"]:
                    latest[event.data["person_id"], key_of(identifier)] = event.type == "identity-linked"
        return {pair for pair, linked in latest.items() if linked}

    def learner(self, body: dict[str, Any]) -> Learner:
        return self._learner(key_of(body["actor"]))

    @cache  # noqa: B019
    def _learner(self, key: str) -> Learner:
        for mail in sorted(self.mails):
            if key in hashes(mail):
                key = mail
        same = {key, *hashes(key)}
        claimants = {person for person, claimed in self._claims() if same & {claimed, *hashes(claimed)}}
        return (
            ("person", claimants.pop())
            if len(claimants) == 1 and claimants != {"urn:praxis:shared"}
            else ("unknown", key)
        )

    # -- who is employed -------------------------------------------------------------------------------------------

    def _state(self, person: str, at: datetime) -> tuple[bool, bool, bool]:
        """(at work, on leave, employee) right after all that took effect up to ``at``."""
        events = [
            (read_time(e.data["effective_at"]), RANK[e.type], e.data.get("worker_type") not in CONTRACTORS)
            for e in self.heard
            if e.type in RANK and e.data["person_id"] == person
        ]
        at_work = leave = employee = False
        for when, rank, as_employee in sorted(events):
            if when > at:
                break
            if rank == 1:
                at_work = leave = False
            elif rank == 2:
                at_work, employee = True, as_employee
            elif rank == 3:
                leave = False
            elif at_work:
                leave = True
        return at_work, leave, employee

    def _states(self, person: str, day: date) -> list[tuple[bool, bool, bool]]:
        start, end = self.midnight(day), self.midnight(day + timedelta(days=1))
        changes = [read_time(e.data["effective_at"]) for e in self.heard if e.type in RANK]
        return [self._state(person, at) for at in [start, *(at for at in changes if start < at < end)]]

    @cache  # noqa: B019
    def employed_on(self, learner: Learner, day: date) -> bool:
        return learner[0] == "person" and any(w and employee for w, _, employee in self._states(learner[1], day))

    @cache  # noqa: B019
    def contractor_on(self, learner: Learner, day: date) -> bool:
        return learner[0] == "person" and any(w and not employee for w, _, employee in self._states(learner[1], day))

    def headcount(self, days: list[date]) -> set[str]:
        persons = {e.data["person_id"] for e in self.heard if e.type in RANK}
        counted = (True, False, True)
        return {p for p in persons if any(state == counted for day in days for state in self._states(p, day))}

    def has_directory(self) -> bool:
        """Whether anybody was ever at work for any time at all."""
        changes = [read_time(e.data["effective_at"]) for e in self.heard if e.type in RANK]
        persons = {e.data["person_id"] for e in self.heard if e.type in RANK}
        return any(self._state(person, at)[0] for person in persons for at in changes)

    # -- time ------------------------------------------------------------------------------------------------------

    def midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).astimezone(UTC)

    def day_of(self, body: dict[str, Any]) -> date:
        return moment(body).astimezone(self.zone).date()

    @cache  # noqa: B019
    def _users(self, registration: str) -> set[Learner]:
        return {self.learner(t.body) for t in self.counted if registration_of(t.body) == registration}

    def _group(self, body: dict[str, Any]) -> tuple[str, str | None]:
        registration = registration_of(body)
        if registration is not None and len(self._users(registration)) == 1:
            return "registration", registration
        return "course", course(body)

    @cache  # noqa: B019
    def sessions(self, learner: Learner) -> list[tuple[datetime, datetime, bool]]:
        """(from, to, measured) of all sessions of a learner."""
        mine = self._by(learner)
        found: list[tuple[datetime, datetime, bool]] = []
        for group in {self._group(body) for body in mine}:
            bodies = sorted((b for b in mine if self._group(b) == group), key=moment)
            lengths = [
                (moment(b), DURATIONS[b["result"]["duration"]])
                for b in bodies
                if b["verb"]["id"] in CLOSING and "duration" in b.get("result", {})
            ]
            if lengths:
                found += [(at - timedelta(seconds=min(s, 4 * 3_600)), at, True) for at, s in lengths]
                continue
            run: list[datetime] = []
            for at in [*map(moment, bodies), datetime.max.replace(tzinfo=UTC)]:
                if run and at - run[-1] > timedelta(minutes=30):
                    found.append((run[0], min(run[-1], run[0] + timedelta(hours=4)), False))
                    run = []
                run.append(at)
        return found

    @cache  # noqa: B019
    def micros(self, learner: Learner, day: date, *, measured_only: bool = False) -> int:
        """Microseconds of the day that a session covers: cut at every boundary, then look at each piece."""
        start, end = self.midnight(day), self.midnight(day + timedelta(days=1))
        all_sessions = [each for each in self.sessions(learner) if each[2] or not measured_only]
        cuts = sorted({start, end, *(min(max(at, start), end) for s in all_sessions for at in s[:2])})
        total = timedelta()
        for a, b in pairwise(cuts):
            if any(s <= a and b <= e for s, e, _ in all_sessions):
                total += b - a
        return total // timedelta(microseconds=1)

    def completed(self) -> dict[tuple[Learner, date, str], datetime]:
        """By learner, day and activity: when it was completed first on that day."""
        found: dict[tuple[Learner, date, str], datetime] = {}
        for body in (t.body for t in self.counted if t.body["verb"]["id"] == ADL + "completed"):
            if (what := activity(body)) is not None:
                key = self.learner(body), self.day_of(body), what
                found[key] = min(moment(body), found.get(key, moment(body)))
        return found

    def begun(self) -> dict[tuple[Learner, str], tuple[date, datetime]]:
        """By learner and activity: the day and the time of what they first did about it, or within it."""
        found: dict[tuple[Learner, str], tuple[date, datetime]] = {}
        for body in (t.body for t in self.counted if t.body["verb"]["id"] not in NOT_ACTIVITY):
            for what in {activity(body), course(body)} - {None}:
                key, at = (self.learner(body), str(what)), (self.day_of(body), moment(body))
                found[key] = min(at, found.get(key, at))
        return found

    # -- answers ---------------------------------------------------------------------------------------------------

    def answer(self, kpi: str, first: date, last: date) -> Answer:
        days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
        headcount = self.headcount(days)
        amounts = {
            (learner, day): amount
            for learner in {self.learner(t.body) for t in self.counted}
            for day in days
            if (amount := self._amount(kpi, learner, day))
        }
        learners = {learner for learner, _ in amounts}
        employed = {
            (learner, day): amount
            for (learner, day), amount in amounts.items()
            if self.employed_on(learner, day) and learner[1] in headcount
        }
        value, numerator = sum(amounts.values()), sum(employed.values())
        if kpi == "monthly-active-learners":
            value, numerator = len(learners), len({learner for learner, _ in employed})
        unmatched = sum(learner[0] == "unknown" for learner in learners)
        detail: dict[str, float] = {
            "contractors": len({learner for learner, day in amounts if self.contractor_on(learner, day)}),
            "not_employed": len(learners - {learner for learner, _ in employed}) - unmatched,
        }
        if kpi == "learning-hours":
            detail["measured_hours"] = sum(self.micros(*each, measured_only=True) for each in amounts)
            detail["estimated_hours"] = value - detail["measured_hours"]
        if kpi == "monthly-active-learners" and learners:
            detail["stickiness"] = len(amounts) / len(days) / len(learners)
        if not self.has_directory():
            return Answer(value, None, None, len(learners), unmatched, detail)
        return Answer(value, numerator, len(headcount), len(learners), unmatched, detail)

    @cache  # noqa: B019
    def _by(self, learner: Learner) -> list[dict[str, Any]]:
        return [t.body for t in self.counted if self.learner(t.body) == learner]

    @cache  # noqa: B019
    def _did(self, learner: Learner, day: date) -> list[dict[str, Any]]:
        return [body for body in self._by(learner) if self.day_of(body) == day]

    @cache  # noqa: B019
    def _amount(self, kpi: str, learner: Learner, day: date) -> int:
        did = self._did(learner, day)
        match kpi:
            case "monthly-active-learners" | "active-days":
                return int(any(b["verb"]["id"] not in NOT_ACTIVITY for b in did))
            case "learning-hours":
                return self.micros(learner, day)
            case "completions":
                return len({activity(b) for b in did if b["verb"]["id"] == ADL + "completed"} - {None})
            case "enrolments":
                return len({activity(b) for b in did if b["verb"]["id"] == ADL + "registered"} - {None})
        raise LookupError(kpi)


def is_void(body: dict[str, Any]) -> bool:
    return bool(body["verb"]["id"] == ADL + "voided")


def read_time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def moment(body: dict[str, Any]) -> datetime:
    return read_time(body.get("timestamp") or body["stored"])


def registration_of(body: dict[str, Any]) -> str | None:
    found: str | None = body.get("context", {}).get("registration")
    return found


def activity(body: dict[str, Any]) -> str | None:
    return None if "objectType" in body["object"] else str(body["object"]["id"])


def course(body: dict[str, Any]) -> str | None:
    activities = body.get("context", {}).get("contextActivities", {})
    named = [*activities.get("grouping", ()), *activities.get("parent", ())]
    courses = [each["id"] for each in named if each.get("definition", {}).get("type") not in SITES]
    return str(courses[0]) if courses else activity(body)


def key_of(agent: dict[str, Any]) -> str:
    if "mbox" in agent:
        return f"mail {agent['mbox'].removeprefix('mailto:').lower()}"
    if "account" in agent:
        return f"account {agent['account']['homePage']} {agent['account']['name']}"
    kind = "mbox_sha1sum" if "mbox_sha1sum" in agent else "openid"
    return f"{kind} {agent[kind]}"


def named(person_id: str | None, home: str | None) -> Learner:
    """A row of the service's table of learners."""
    if person_id is not None:
        return "person", person_id
    kind, _, rest = str(home).partition(":")
    return "unknown", f"{'mail' if kind == 'mbox' else kind} {rest.replace('|', ' ')}"


def hashes(key: str) -> set[str]:
    if not key.startswith("mail "):
        return set()
    address = key.removeprefix("mail ")
    return {"mbox_sha1sum " + hashlib.sha1(text.encode()).hexdigest() for text in (address, "mailto:" + address)}
