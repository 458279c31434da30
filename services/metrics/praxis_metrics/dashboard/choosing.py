"""What a KPI's page shows, as its form and links ask for it, in terms of ``/kpis``. Pure."""

from datetime import timedelta
from typing import Annotated
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from praxis_metrics.asking import PREVIOUS, slice_of
from praxis_metrics.calendar import FIRST_DAY, Grain
from praxis_metrics.kpis.kpi import Kpi
from praxis_metrics.lattice import ALL
from praxis_metrics.schemas import Day, SeriesOut, SeriesQuery


class ShownQuery(BaseModel):
    """Unlike at ``/kpis`` a slice comes with its grain, as there is only one that it is published at."""

    model_config = ConfigDict(extra="forbid")

    grain: Annotated[Grain | None, Field(description="Of everybody's figures; by default months.")] = None
    slice: Annotated[str, Field(description="`all`, or a kind and a name: `unit:sales`.")] = ALL.kind
    compare: Annotated[str, Field(description="Empty, `previous`, `all`, or a slice.")] = ""
    last: Annotated[Day | None, Field(alias="to", description="A day of the last period; by default today.")] = None

    @property
    def is_sliced(self) -> bool:
        return self.slice != ALL.kind or self.compare not in ("", PREVIOUS, ALL.kind)

    def of(self, kpi: Kpi) -> SeriesQuery:
        """The same question to ``/kpis``. Raises ``BadRequest`` for a slice that is none."""
        asked = slice_of(self.slice, "slice")
        given = {
            "grain": self.grain_of(kpi),
            "to": self.last and self.last.isoformat(),
            "compare": self.compare or None,
            **({} if asked == ALL else {asked.kind: asked.name}),
        }
        return SeriesQuery.model_validate({name: value for name, value in given.items() if value is not None})

    def grain_of(self, kpi: Kpi) -> Grain:
        if self.is_sliced:
            return kpi.cut_grain
        return self.grain or (Grain.MONTH if Grain.MONTH in kpi.grains else kpi.grains[-1])

    def earlier(self, shown: SeriesOut) -> str | None:
        """The query string of the periods right before these."""
        before = shown.points[0].first - timedelta(days=1)
        return None if before < FIRST_DAY else self._string(to=before.isoformat())

    @property
    def latest(self) -> str | None:
        return None if self.last is None else self._string()

    def _string(self, **others: str) -> str:
        kept = {"grain": self.grain, "slice": self.slice, "compare": self.compare}
        return urlencode({name: value for name, value in kept.items() if value} | others)


def as_data(shown: SeriesOut, form: str) -> str:
    """Where the very same series is for programs: ``form`` is ``json`` or ``csv``."""
    days = {"from": shown.points[0].first.isoformat(), "to": shown.points[-1].last.isoformat()}
    compared = {} if shown.comparison is None else {"compare": shown.comparison.compare}
    return f"/kpis/{shown.kpi}?" + urlencode(
        {**days, "grain": shown.grain, **shown.filters, **compared, "format": form}
    )
