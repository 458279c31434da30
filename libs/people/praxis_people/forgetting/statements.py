"""The statement of somebody who is forgotten: what the KPIs and the LRS need of it, and no word more. Pure."""

from collections.abc import Callable, Mapping

import msgspec
from msgspec import Raw

Edit = Callable[[bytes], bytes]

_object = msgspec.json.Decoder(dict[str, Raw])
_array = msgspec.json.Decoder(list[Raw])


def _whole(raw: bytes) -> bytes:
    return raw


def _picked(kept: Mapping[str, Edit]) -> Edit:
    """Of a JSON object only these members."""

    def edit(raw: bytes) -> bytes:
        members = _object.decode(raw)
        found = {name: kept[name](bytes(each)) for name, each in members.items() if name in kept}
        written = (msgspec.json.encode(name) + b":" + value for name, value in found.items() if value)
        return b"{%b}" % b",".join(written)

    return edit


def _each(edit: Edit) -> Edit:
    """Of a lone object, and of each in an array."""

    def edit_all(raw: bytes) -> bytes:
        if not raw.lstrip().startswith(b"["):
            return edit(raw)
        return b"[%b]" % b",".join(edit(bytes(each)) for each in _array.decode(raw))

    return edit_all


_ACTIVITY = _picked({"objectType": _whole, "id": _whole})
_RESULT = _picked(dict.fromkeys(("duration", "completion", "success", "score"), _whole))
_SCORE = _picked(dict.fromkeys(("scaled", "raw", "min", "max"), _whole))
_CONTEXT = _picked({
    **dict.fromkeys(("registration", "instructor", "team", "statement", "contextAgents", "contextGroups"), _whole),
    "contextActivities": _picked(dict.fromkeys(("parent", "grouping", "category", "other"), _each(_ACTIVITY))),
})  # fmt: skip


def _thing(raw: bytes) -> bytes:
    match msgspec.json.decode(raw).get("objectType", "Activity"):
        case "Activity":
            return _ACTIVITY(raw)
        case "SubStatement":
            return _picked({"objectType": _whole, **_PARTS})(raw)
        case _:
            return raw


_PARTS: dict[str, Edit] = {
    "actor": _whole,
    "verb": _picked({"id": _whole}),
    "object": _thing,
    "result": _RESULT,
    "context": _CONTEXT,
    "timestamp": _whole,
}

least = _picked({**_PARTS, **dict.fromkeys(("id", "stored", "authority", "version"), _whole)})
"""The least of a stored statement: who, verb and object by their ids, times, result in figures, context by ids."""
