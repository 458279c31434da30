"""The naive oracle of impact: every cell from the raw events, in plain Python, without any of the service's code."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from statistics import median
from zoneinfo import ZoneInfo

from tests.services.metrics.oracle import Heard, Learner, Oracle, Told
from tests.services.metrics.oracles.money import Money
from tests.services.metrics.oracles.worked import Row, Worked
from tests.services.metrics.placement_oracle import PlacementOracle
from tests.services.metrics.said.fold import Fold
from tests.services.metrics.said.histories import Spoken

Of = tuple[str, str]
METHODS = ("measured", "estimated", "own_history")


@dataclass
class Found:
    """A cell; ``None`` among its figures where nobody can tell."""

    value: float | None
    n: int
    unmatched: int
    detail: dict[str, float | None] = field(default_factory=dict)
    numerator: float | None = None
    denominator: float | None = None


@dataclass
class ImpactOracle:
    fold: Fold
    people: Oracle
    placement: PlacementOracle

    @cached_property
    def worked(self) -> Worked:
        return Worked(self.fold)

    @cached_property
    def money(self) -> Money:
        return Money(self.fold, self.people, self.worked)

    def cell(self, kpi: str, first: date, last: date, of: Of) -> Found | None:
        """``None`` where there is nothing at all to count."""
        if kpi == "return-on-investment":
            return self._roi(first, last, of)
        rows = [row for row in self.rows(kpi) if first <= row.day <= last and self.counts_to(row, of)]
        if not rows:
            return None
        employed = [row for row in rows if self.people.employed_on(row.learner, row.day)]
        found: Found = _CELLS[kpi](employed)
        found.n = len({row.learner for row in employed})
        found.unmatched = len({row.learner for row in rows if row.learner[0] != "person"})
        return found

    def rows(self, kpi: str) -> list[Row]:
        match kpi:
            case "time-saved":
                return self.worked.effects("minutes")
            case "error-reduction":
                return self.worked.effects("errors")
            case "revision-cycles":
                return self.worked.figures(lambda task: task.get("rounds"))
            case "productivity":
                return self.worked.figures(lambda task: _hours(task.get("worked_minutes")))
            case "revenue-influenced":
                return [row for row in self.money.amounts(attributed=False) if row.about[0] == "revenue"]
        return self.worked.skilled()

    def counts_to(self, row: Row, of: Of) -> bool:
        kind, name = of
        if kind == "all":
            return True
        if not self.people.employed_on(row.learner, row.day):
            return False
        if kind in ("unit", "role"):
            return (row.learner[1], kind, name) in self.slices_on(row.day)
        if kind in ("pathway", "cohort"):
            return any(day <= row.day and name in names for day, names in self.enrolled(row.learner))
        return bool(row.own.get(kind) == name)

    def enrolled(self, learner: Learner) -> list[tuple[date, tuple[str, str]]]:
        """Since when, and on what: a pathway, and its cohort."""
        return [
            (self.worked.day(each["at"]), (each["pathway"], f"{each['pathway']}/{each['cohort']}"))
            for each in self.fold.of("programme.learner-enrolled")
            if self.worked.who(each["learner"]) == learner
        ]

    def slices_on(self, day: date) -> set[tuple[str, str, str]]:
        if day not in self._slices:
            self._slices[day] = self.placement.slices_on(day)
        return self._slices[day]

    @cached_property
    def _slices(self) -> dict[date, set[tuple[str, str, str]]]:
        return {}

    def _roi(self, first: date, last: date, of: Of) -> Found | None:
        spent = [each for each in self.money.costs(first, last) if _is_of(of, each["pathway"], each["currency"])]
        gained = {
            (row.learner, row.about, row.day, row.figure, row.own["currency"])
            for subject in self.money.costs(first, last)
            for row in self.money.amounts(attributed=True)
            if first <= row.day <= last and self.money.brought(row, subject)
            and _is_of(of, subject["pathway"], row.own["currency"])
        }  # fmt: skip
        if not spent and not gained:
            return None
        counting = [each for each in gained if self.people.employed_on(each[0], each[2])]
        cost, gain = sum(each["cost"] for each in spent), sum(each[3] for each in counting)
        currencies = {each["currency"] for each in spent} | {each[4] for each in counting}
        is_one = len(currencies) == 1 and cost > 0
        return Found(
            (gain - cost) / cost if is_one else None,
            len({each[0] for each in counting}),
            len({each[0] for each in gained if each[0][0] != "person"}),
            {"tasks": len(counting), "currencies": len(currencies)},
            gain - cost if is_one else None,
            cost if is_one else None,
        )


def _is_of(of: Of, pathway: str | None, currency: str) -> bool:
    return of == ("all", "") or of in (("pathway", pathway), ("currency", currency))


def _hours(minutes: float | None) -> float | None:
    return None if minutes is None else minutes / 60


def _medians(rows: list[Row]) -> float | None:
    return median(row.figure for row in rows) if rows else None


def _effects(rows: list[Row]) -> dict[str, float | None]:
    return {"tasks": len(rows), **{f"tasks_{m}": sum(row.own["method"] == m for row in rows) for m in METHODS}}


def _saved(rows: list[Row]) -> Found:
    return Found(_medians(rows), 0, 0, {"hours": sum(row.figure for row in rows) if rows else None, **_effects(rows)})


def _reduced(rows: list[Row]) -> Found:
    return Found(_medians(rows), 0, 0, _effects(rows))


def _rounds(rows: list[Row]) -> Found:
    figures = sorted(row.figure for row in rows)
    detail: dict[str, float | None] = {"p90": None, "first_pass_rate": None, "tasks": len(rows)}
    if figures:
        place = 0.9 * (len(figures) - 1)
        low, high = figures[int(place)], figures[min(int(place) + 1, len(figures) - 1)]
        first_pass = sum(figure == 1 for figure in figures) / len(figures)
        detail |= {"p90": low + (place - int(place)) * (high - low), "first_pass_rate": first_pass}
    return Found(_medians(rows), 0, 0, detail)


def _productive(rows: list[Row]) -> Found:
    hours = sum(row.figure for row in rows)
    return Found(len(rows) / hours if hours else None, 0, 0, {"tasks": len(rows)}, len(rows), hours)


def _revenue(rows: list[Row]) -> Found:
    currencies = len({row.own["currency"] for row in rows})
    total = sum(row.figure for row in rows) if currencies == 1 else None
    detail = {"total": total, "tasks": len(rows), "currencies": currencies}
    return Found(_medians(rows) if currencies == 1 else None, 0, 0, detail)


def _skilled(rows: list[Row]) -> Found:
    eligible = {row.about for row in rows if row.own["eligible"]}
    used = {row.about for row in rows if row.own["eligible"] and row.own["done"]}
    tasks = {row.about for row in rows if not row.own["eligible"]}
    if not eligible:
        return Found(None, 0, 0, {"tasks": len(tasks)}, len(tasks), None)
    return Found(len(used) / len(eligible), 0, 0, {"tasks": len(tasks)}, len(used), len(eligible))


_CELLS: dict[str, Callable[[list[Row]], Found]] = {
    "time-saved": _saved,
    "error-reduction": _reduced,
    "revision-cycles": _rounds,
    "productivity": _productive,
    "revenue-influenced": _revenue,
    "tasks-with-new-skills": _skilled,
}


def the_oracle(spoken: list[Spoken], heard: list[Heard], told: list[Told], zone: ZoneInfo) -> ImpactOracle:
    fold, people = Fold(spoken, heard, zone), Oracle(told, heard, zone)
    people.mails |= fold.people.mails
    fold.people = people
    return ImpactOracle(fold, people, PlacementOracle(heard, zone))
