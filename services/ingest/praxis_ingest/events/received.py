"""A CloudEvent as it was received: nothing checked yet, but every attribute and field can be pointed at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from msgspec import UNSET

from praxis_service.problem import FieldError, pointer

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """``at`` is where the event stands in the body; ``in_headers``: binary mode, where the body is the data alone.

    ``faults`` are those found while reading it; ``data`` is ``UNSET`` when there is none.
    """

    index: int
    attributes: Mapping[str, object]
    data: Any = UNSET
    at: Path = ()
    in_headers: bool = False
    faults: tuple[FieldError, ...] = ()

    def attribute_fault(self, name: str, detail: str) -> FieldError:
        if self.in_headers:
            return FieldError(detail, header="content-type" if name == "datacontenttype" else f"ce-{name}")
        return FieldError(detail, pointer((*self.at, name)))

    def data_fault(self, path: Path, detail: str) -> FieldError:
        return FieldError(detail, pointer(path if self.in_headers else (*self.at, "data", *path)))

    def text(self, name: str) -> str | None:
        """An attribute that is text; ``None`` when it is absent or something else."""
        value = self.attributes.get(name)
        return value if isinstance(value, str) else None
