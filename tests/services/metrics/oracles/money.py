"""The naive oracle of money: what evidence tells of it, what was spent, and what may be said to come from what."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.services.metrics.oracle import Oracle, read_time
from tests.services.metrics.oracles.worked import Row, Worked, about, factor, is_sound
from tests.services.metrics.said.fold import Fold
from tests.services.metrics.said.histories import Data


@dataclass
class Money:
    fold: Fold
    people: Oracle
    worked: Worked

    def amounts(self, *, attributed: bool) -> list[Row]:
        """Of each measure, task or artefact and currency what was first told."""
        told: list[tuple[Any, ...]] = []
        for each in self.worked.evidence():
            for outcome in each.get("outcomes") or ():
                amount = _amount(outcome)
                if amount is None or not is_sound(outcome) or (attributed and "attribution" not in outcome):
                    continue
                at, what = read_time(each["occurred_at"]), (outcome["measure"].lower(), *about(each))
                told.append((at, amount * factor(outcome), what, outcome["currency"], each))
        first: dict[Any, Row] = {}
        for at, amount, what, currency, each in sorted(told, key=lambda each: each[:2]):
            own = {"currency": currency, "skill": each["skill"], "at": at}
            row = Row(self.worked.who(each["learner"]), self.worked.day(each["occurred_at"]), what, amount, own)
            first.setdefault((what, currency), row)
        return list(first.values())

    def costs(self, first: date, last: date) -> list[Data]:
        """What was spent in these days, on what, by currency."""
        found = []
        for each in self.fold.of("programme.cost-recorded"):
            since, until = (date.fromisoformat(each["period"][end]) for end in ("from", "to"))
            days = (min(until, last) - max(since, first)).days + 1
            if days > 0 and "pilot" not in each["about"]:
                cost = each["amount"] * days / ((until - since).days + 1)
                subject = {name: each["about"].get(name) for name in ("pathway", "activity")}
                found.append({**subject, "currency": each["currency"], "cost": cost})
        return found

    def brought(self, row: Row, subject: Data) -> bool:
        """Whether the pathway or the activity may have brought it: it taught the skill to this learner before."""
        skill, at = row.own["skill"], row.own["at"]
        if subject["activity"] is not None:
            return any(
                learner == row.learner and iri == subject["activity"] and when <= at
                and skill in {taught for taught, _ in self.fold.taught(iri, when)}
                for (learner, _, iri), when in self.people.completed().items()
            )  # fmt: skip
        teaches = any(
            each["pathway"] == subject["pathway"] and skill in each["skills"]
            for each in self.fold.of("programme.pathway-published")
        )
        return teaches and any(
            each["pathway"] == subject["pathway"] and self.fold.who(each["learner"]) == row.learner
            and read_time(each["at"]) <= at
            for each in self.fold.of("programme.learner-enrolled")
        )  # fmt: skip


def _amount(outcome: Data) -> float | None:
    if "currency" not in outcome:
        return None
    if "amount" in outcome:
        return float(outcome["amount"])
    if "before" in outcome and "after" in outcome:
        return float(outcome["after"] - outcome["before"])
    return None
