"""Old versions of events become the newest before anything reads them; unknown newer ones pause the partition."""

from collections.abc import Callable
from typing import Any

import msgspec

from praxis_events.contracts import EventData, contract_for, contracts
from praxis_events.envelope import Event

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
"""Pure: the data of version n as the data of version n + 1."""


def _snapshot_not_kept(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "snapshot": None}


UPCASTERS: dict[str, Upcaster] = {"praxis.programme.report-published.v1": _snapshot_not_kept}
"""By the type that is upcast *from*."""


class UnknownVersion(Exception):
    """An event of a known family in a version newer than this consumer knows: upgrade the consumer, lose nothing."""


def newest(event: Event, upcasters: dict[str, Upcaster] | None = None) -> tuple[str, EventData] | None:
    """The event's type and data in the newest known version; ``None`` for a family that this code doesn't know.

    Raises ``UnknownVersion`` for a version newer than known and ``ValueError`` for data that breaks its contract.
    """
    steps = UPCASTERS if upcasters is None else upcasters
    type_, data = event.type, event.data
    while type_ in steps:
        data = msgspec.json.encode(steps[type_](msgspec.json.decode(data)))
        family, _, version = type_.rpartition(".v")
        type_ = f"{family}.v{int(version) + 1}"
    found = contract_for(type_)
    if found is None:
        _refuse_newer(type_)
        return None
    return type_, found.model.model_validate_json(data)


def _refuse_newer(type_: str) -> None:
    family, _, version = type_.rpartition(".v")
    known = [each.version for each in contracts() if each.family == family]
    if known and version.isdigit() and int(version) > max(known):
        raise UnknownVersion(f"{type_} is newer than v{max(known)}, the newest version known here")
