"""The feeds as a page for people: one table, no script, and nothing that is not escaped. Pure."""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from html import escape

from praxis_ingest.sources.store import Feed

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem}table{border-collapse:collapse}"
    "caption{text-align:left;margin-bottom:.5rem}th,td{padding:.3rem .8rem;border-bottom:1px solid;text-align:left;"
    "vertical-align:top;overflow-wrap:anywhere}td.n{text-align:right;font-variant-numeric:tabular-nums}ul{margin:0}"
)
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_COLUMNS = ("Credential", "Source", "Last event", "Accepted", "Duplicates", "Refused", "Last refusals")


def page(feeds: Iterable[Feed]) -> str:
    """HTML; times are in UTC."""
    heads = "".join(f'<th scope="col">{column}</th>' for column in _COLUMNS)
    rows = "".join(_row(feed) for feed in feeds)
    nothing = f'<tr><td colspan="{len(_COLUMNS)}">Nothing has come in yet.</td></tr>'
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Sources · Praxis</title><style>{_STYLE}</style></head><body><main><h1>Sources</h1><table>"
        "<caption>What each source has sent under which credential, and the last refusals, newest first. "
        f"Times are in UTC.</caption><thead><tr>{heads}</tr></thead><tbody>{rows or nothing}</tbody></table></main>"
        "</body></html>"
    )


def _row(feed: Feed) -> str:
    numbers = "".join(f'<td class="n">{number}</td>' for number in (feed.accepted, feed.duplicates, feed.refused))
    refusals = "".join(f"<li>{line}</li>" for line in _refusals(feed))
    return (
        f'<tr><th scope="row">{escape(feed.credential)}</th><td>{escape(feed.source)}</td>'
        f"<td>{_time(feed.last_event_at)}</td>{numbers}<td>{f'<ul>{refusals}</ul>' if refusals else 'none'}</td></tr>"
    )


def _refusals(feed: Feed) -> Iterator[str]:
    for refusal in feed.refusals:
        faults = "; ".join(_fault(error) for error in refusal["errors"])
        yield f"{_time(datetime.fromisoformat(refusal['at']))}, {int(refusal['status'])}: {faults}"


def _fault(error: dict[str, str]) -> str:
    place = next((error[name] for name in ("pointer", "parameter", "header") if error.get(name)), "")
    where = f"<code>{escape(place)}</code> " if place else ""
    return where + escape(error["reason"])


def _time(moment: datetime | None) -> str:
    if moment is None:
        return "never"
    return f'<time datetime="{moment.isoformat()}">{moment:%Y-%m-%d %H:%M:%S}</time>'
