"""Publishing a quarter's report: the draft as it is shown becomes the event that freezes it."""

from dataclasses import dataclass
from datetime import date, datetime
from http import HTTPStatus
from typing import Any

import httpx

from praxis_embedded.importing.posting import detail, problem

EVENT = "praxis.programme.report-published.v2"
SOURCE = "/reports"
_STRUCTURED = {"Content-Type": "application/cloudevents+json"}


@dataclass(frozen=True, slots=True)
class Published:
    """``id``: of the event, whose source is ``SOURCE``; to rescind it takes both."""

    id: str
    sha256: str
    watermark: datetime
    provisional: list[str]


async def publish(client: httpx.AsyncClient, quarter: str, by: str, *, early: bool) -> Published:
    """Raises ``LookupError`` for what cannot be published, and says why.

    The same draft has the same id, so a repetition publishes nothing twice.
    """
    report = await _draft(client, quarter)
    snapshot, sha256 = report["snapshot"], report["snapshot_sha256"]
    if snapshot["watermark"] is None:
        raise LookupError("the log has not been read to its end yet: try again in a moment")
    watermark = datetime.fromisoformat(snapshot["watermark"])
    if watermark.date() <= date.fromisoformat(snapshot["to"]) and not early:
        raise LookupError(f"{quarter} has not ended; to publish it as it stands say --early")
    data = {
        "quarter": quarter,
        "watermark": snapshot["watermark"],
        "definition_versions": report["definition_versions"],
        "snapshot_sha256": sha256,
        "snapshot": report["frozen"],
        "published_by": {"person_id": by},
    }
    id_ = f"{quarter}/{sha256}"
    await _send(client, {"specversion": "1.0", "id": id_, "source": SOURCE, "type": EVENT, "data": data})
    provisional = [figure["kpi"] for figure in snapshot["kpis"] if figure["provisional"]]
    return Published(id_, sha256, watermark, provisional)


async def _draft(client: httpx.AsyncClient, quarter: str) -> dict[str, Any]:
    answer = await client.get(f"/reports/{quarter}")
    if answer.status_code != HTTPStatus.OK:
        raise LookupError(_refusal(answer))
    report: dict[str, Any] = answer.json()
    if report["state"] == "published":
        raise LookupError(
            f"{quarter} was published on {report['published_at']}, and a published report does not change"
        )
    return report


async def _send(client: httpx.AsyncClient, event: dict[str, Any]) -> None:
    answer = await client.post("/events", json=event, headers=_STRUCTURED)
    if answer.is_error or problem(answer).get("refused"):
        raise LookupError(_refusal(answer))


def _refusal(answer: httpx.Response) -> str:
    """What is wrong, and where, as the server tells it."""
    body = problem(answer)
    faults = [*body.get("errors", ()), *(error for each in body.get("refused", ()) for error in each["errors"])]
    named = "; ".join(
        f"{each.get('pointer') or each.get('parameter') or ''} {each['detail']}".strip() for each in faults
    )
    return f"the server answers {answer.status_code}: {named or detail(answer)}"
