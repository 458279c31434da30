"""The report as a page for people, to be read or printed: no script, and nothing that is not escaped. Pure."""

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape

from praxis_metrics.programme.reports.figures import change, counts, measure, moment, number, period, share
from praxis_metrics.programme.reports.schemas import FigureOut, ReportOut, RestatementOut, Snapshot, TrialOut

_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}caption{text-align:left;margin-bottom:.5rem}"
    "th,td{padding:.3rem .8rem .3rem 0;border-bottom:1px solid #999;text-align:left;vertical-align:top;"
    "overflow-wrap:break-word}td.n{text-align:right;font-variant-numeric:tabular-nums}"
    "dl{display:flex;flex-wrap:wrap;gap:1rem 3rem;margin:1rem 0}dt{font-size:.9rem}"
    "dd{margin:0;font-size:1.8rem;line-height:1.2}dd small{display:block;font-size:.8rem}.draft{font-weight:bold}"
    "@page{size:A4;margin:18mm}@media print{body{margin:0;max-width:none;padding:0;font-size:10pt}"
    "section{break-inside:auto}h2{break-after:avoid}tr{break-inside:avoid}thead{display:table-header-group}}"
)
_DIGEST = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

HIDDEN = "hidden: too few people"


def page(report: ReportOut) -> str:
    """HTML; times are in UTC."""
    told, title = report.snapshot, f"Impact report {escape(report.snapshot.quarter)}"
    parts = (
        _headline(told),
        _table("Goals", ("Goal", "KPI", "From", "Now", "Target", "Progress", "Due", "Standing"), _goals(told)),
        _table("KPIs", ("KPI", "Definition", "Value", "Of", "People", "Quarter before", "Note"), _kpis(told)),
        _table("Pilots", ("Pilot", "Verdict", "Recommendation"), _trials(told.pilots)),
        _table("Pathways", ("Pathway", "Verdict", "Recommendation"), _trials(told.pathways)),
        _table("Barriers", ("Barrier", "People", "Named by", "Severity", "Score", "Owner"), _barriers(report)),
        _table("Decisions", ("On", "What", "Which", "Decision"), _decisions(told)),
        _table("What is said differently now", ("Figure", "Then", "Now", "Why"), _restated(report.restatements)),
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{title} · Praxis</title><style>{_STYLE}</style></head><body><main><h1>{title}</h1>"
        f"<p>{_about(report)}</p>{''.join(parts)}</main></body></html>"
    )


def _about(report: ReportOut) -> str:
    told = report.snapshot
    days = f"{told.first} to {told.last}, days of {escape(told.time_zone)}"
    span = f"{days}; the log was read up to {moment(told.watermark)}."
    if report.state == "draft":
        return f'{span} <span class="draft">A draft: nobody has published it.</span>'
    if not report.kept:
        return f"{span} Published on {moment(report.published_at)}; only its hash was kept, so the figures are of now."
    fault = "" if report.intact else " <strong>It is not what was published: the hash differs.</strong>"
    return f"{span} Published on {moment(report.published_at)}, SHA-256 {escape(report.snapshot_sha256)}.{fault}"


def _headline(told: Snapshot) -> str:
    found = {figure.kpi: figure for figure in told.kpis}
    items = "".join(_item(found[kpi]) for kpi in told.headline if kpi in found)
    return f"<section><h2>In three figures</h2><dl>{items}</dl></section>"


def _item(figure: FigureOut) -> str:
    value = HIDDEN if figure.suppressed else number(figure.value)
    beside = f"{escape(figure.unit)}; {escape(change(figure))}{', provisional' if figure.provisional else ''}"
    return f"<div><dt>{escape(figure.kpi)}</dt><dd>{escape(value)}<small>{beside}</small></dd></div>"


def _goals(told: Snapshot) -> Iterable[Sequence[str]]:
    for goal in told.goals:
        value = HIDDEN if goal.suppressed else f"{number(goal.value)}{period(goal)}"
        what = f"{goal.kpi}{''.join(f', {kind} {name}' for kind, name in goal.filters.items())}"
        due = f"{goal.due_on}"
        yield (
            goal.goal,
            what,
            number(goal.baseline),
            value,
            number(goal.target),
            share(goal.progress),
            due,
            goal.standing,
        )


def _kpis(told: Snapshot) -> Iterable[Sequence[str]]:
    for kpi in told.kpis:
        value = HIDDEN if kpi.suppressed else measure(kpi)
        note = "; ".join(
            note
            for note, holds in (("provisional", kpi.provisional), ("feedback disagrees", kpi.kpi in told.disagreements))
            if holds
        )
        yield kpi.kpi, f"v{kpi.definition_version}", value, counts(kpi), number(kpi.n), number(kpi.previous), note


def _trials(trials: Iterable[TrialOut]) -> Iterable[Sequence[str]]:
    for each in trials:
        yield each.id, each.verdict or "none yet", each.recommendation or "none yet"


def _barriers(report: ReportOut) -> Iterable[Sequence[str]]:
    owners = {each.id: each.owner for each in report.responsible if each.kind == "barrier"}
    for each in report.snapshot.barriers:
        owner = " ".join(str(part) for part in owners.get(each.barrier, {}).values()) or "nobody"
        figures = number(each.people), share(each.prevalence), number(each.severity), number(each.score)
        yield f"{each.rank}. {each.barrier}", *figures, owner


def _decisions(told: Snapshot) -> Iterable[Sequence[str]]:
    for each in told.decisions:
        yield f"{each.on}", each.kind, each.id, each.decision


def _restated(found: Iterable[RestatementOut]) -> Iterable[Sequence[str]]:
    for each in found:
        yield each.figure, _said(each.then), _said(each.now), each.why


def _said(figures: dict[str, object] | None) -> str:
    if figures is None:
        return "not there"
    return ", ".join(f"{name} {number(value)}" for name, value in figures.items() if value is not None) or "nothing"


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    heads = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(_row(row) for row in rows)
    if not body:
        return f"<section><h2>{escape(title)}</h2><p>None.</p></section>"
    table = f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"
    return f"<section><h2>{escape(title)}</h2>{table}</section>"


def _row(cells: Sequence[str]) -> str:
    first, *others = cells
    return f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in others)}</tr>'
