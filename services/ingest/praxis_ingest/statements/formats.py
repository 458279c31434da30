"""The formats of a statements answer: exact, ids and canonical (xAPI 1.0.3, Communication §2.1.3)."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from praxis_ingest.statements.filters import Format

Json = dict[str, Any]
_IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
_LANGUAGE_MAPS = ("display", "name", "description")


def present(body: bytes, format_: Format, languages: Sequence[str]) -> bytes:
    """The statement's own bytes for ``exact``; else reduced. ``languages``: wanted tags, the most wanted first."""
    if format_ == "exact":
        return body
    statement = msgspec.json.decode(body)
    reduced = _statement_ids(statement) if format_ == "ids" else _canonical(statement, languages)
    return msgspec.json.encode(reduced)


def _statement_ids(statement: Json) -> Json:
    """Only the parts that identify agents, activities and verbs."""
    reduced = dict(statement)
    reduced["verb"] = {"id": statement["verb"]["id"]}
    for name in ("actor", "authority"):
        if name in statement:
            reduced[name] = _agent_ids(statement[name])
    reduced["object"] = _object_ids(statement["object"])
    if "context" in statement:
        reduced["context"] = _context_ids(statement["context"])
    return reduced


def _object_ids(target: Json) -> Json:
    match target.get("objectType", "Activity"):
        case "Agent" | "Group":
            return _agent_ids(target)
        case "SubStatement":
            return _statement_ids(target)
        case "Activity":
            return {name: target[name] for name in ("objectType", "id") if name in target}
        case _:
            return target


def _context_ids(context: Json) -> Json:
    reduced = dict(context)
    for name in ("instructor", "team"):
        if name in context:
            reduced[name] = _agent_ids(context[name])
    if "contextActivities" in context:
        reduced["contextActivities"] = {
            kind: [_object_ids(each) for each in (found if isinstance(found, list) else [found])]
            for kind, found in context["contextActivities"].items()
        }
    return reduced


def _agent_ids(agent: Json) -> Json:
    """An anonymous group is identified by its members."""
    kept = {name: agent[name] for name in ("objectType", *_IDENTIFIERS) if name in agent}
    if "member" in agent and not any(name in agent for name in _IDENTIFIERS):
        kept["member"] = [_agent_ids(each) for each in agent["member"]]
    return kept


def _canonical(value: Any, languages: Sequence[str], inside: str = "") -> Any:
    """Language maps cut to one language; extensions are left as they are."""
    if isinstance(value, list):
        return [_canonical(each, languages, inside) for each in value]
    if not isinstance(value, dict) or inside == "extensions":
        return value
    if inside in _LANGUAGE_MAPS:
        return _one_language(value, languages)
    return {name: _canonical(each, languages, name) for name, each in value.items()}


def _one_language(texts: Mapping[str, str], languages: Sequence[str]) -> dict[str, str]:
    """The best match by RFC 4647 basic filtering, else the first given."""
    if not texts:
        return {}
    for wanted in languages:
        for tag, written in texts.items():
            if tag.lower() == wanted or tag.lower().startswith(f"{wanted}-"):
                return {tag: written}
    return dict([next(iter(texts.items()))])


def accepted_languages(header: str) -> list[str]:
    """The tags of an Accept-Language header, the most wanted first (RFC 9110 §12.5.4)."""
    wanted: list[tuple[float, int, str]] = []
    for index, part in enumerate(header.split(",")):
        tag, _, quality = part.partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        if tag.strip() and weight > 0:
            wanted.append((-weight, index, tag.strip().lower()))
    return [tag for _, _, tag in sorted(wanted)]
