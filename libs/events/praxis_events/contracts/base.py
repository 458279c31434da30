"""The registry of contracts, and the value types they share."""

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from praxis_events.log import Topic


class EventData(BaseModel):
    """``data`` of an event: unknown fields are refused, so that a typing error is an error and not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


@dataclass(frozen=True, slots=True)
class Contract:
    """One released version of one event type, and the topic it travels on."""

    type: str
    topic: Topic
    model: "EventModel"

    @property
    def family(self) -> str:
        """The type without its version: ``praxis.people.hired``."""
        return self.type.rpartition(".v")[0]

    @property
    def version(self) -> int:
        return int(self.type.rpartition(".v")[2])

    @property
    def said(self) -> str:
        """What the model's own docstring says; empty where there is none."""
        return inspect.cleandoc(vars(self.model).get("__doc__") or "")


EventModel: TypeAlias = type[EventData]
_contracts: dict[str, Contract] = {}
M = TypeVar("M", bound=type[EventData])


def contract(type_: str, topic: Topic) -> Callable[[M], M]:
    """Register ``model`` as the data of ``type_`` (``praxis.<area>.<past tense>.v<n>``)."""

    def register(model: M) -> M:
        if type_ in _contracts:
            raise ValueError(f"{type_} is registered twice")
        _contracts[type_] = Contract(type_, topic, model)
        return model

    return register


def contract_for(type_: str) -> Contract | None:
    return _contracts.get(type_)


def contracts() -> Iterable[Contract]:
    return _contracts.values()


def registered_types() -> frozenset[str]:
    return frozenset(_contracts)


_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s\x00<>\"{}|\\^`]+")
_MAILTO = re.compile(r"mailto:[^@\s\x00]+@[^@\s\x00]+", re.IGNORECASE)
_SHA1 = re.compile(r"[0-9a-fA-F]{40}")
_DATE = re.compile(r"\d{4}-\d\d-\d\d[T ]")


def _iri(text: str) -> str:
    if not _IRI.fullmatch(text):
        raise PydanticCustomError("iri", "must be an absolute IRI")
    return text


def _mailto(text: str) -> str:
    if not _MAILTO.fullmatch(text):
        raise PydanticCustomError("mailto", "must be a mailto: IRI")
    return text


def _sha1(text: str) -> str:
    if not _SHA1.fullmatch(text):
        raise PydanticCustomError("sha1", "must be 40 hexadecimal digits")
    return text


def storable(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("storable", "must not contain the character U+0000")
    return text


def _moment(value: object) -> object:
    """Read here, because pydantic would also take a bare number of seconds, with or without quotes, for a time."""
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) and _DATE.match(value) else value
        if isinstance(read, datetime) and read.tzinfo is not None:
            read.astimezone(UTC)
            return read
    except (ValueError, OverflowError):
        pass
    raise PydanticCustomError("time", "must be an ISO 8601 time with a zone")


# Identifiers are keys in PostgreSQL, whose index entries hold some 2,700 bytes.
Iri = Annotated[str, Field(max_length=1_000), AfterValidator(_iri)]
Mailto = Annotated[str, Field(max_length=320), AfterValidator(_mailto)]
Name = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(storable)]
PersonId = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(storable)]
Moment = Annotated[AwareDatetime, BeforeValidator(_moment)]
"""ISO 8601 with a zone; a time without one is refused."""


class Account(EventData):
    home_page: Iri = Field(alias="homePage")
    name: Name

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)


class Identifier(EventData):
    """Exactly one xAPI inverse functional identifier (xAPI 1.0.3, Data §2.4.2.3)."""

    mbox: Mailto | None = None
    mbox_sha1sum: Annotated[str, AfterValidator(_sha1)] | None = None
    openid: Iri | None = None
    account: Account | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> "Identifier":
        given = [name for name in ("mbox", "mbox_sha1sum", "openid", "account") if getattr(self, name) is not None]
        if len(given) != 1:
            raise PydanticCustomError(
                "one_identifier", "must have exactly one of mbox, mbox_sha1sum, openid and account"
            )
        return self


class PersonRef(EventData):
    """A person: a ``person_id`` of the directory, or an xAPI Agent with one identifier."""

    person_id: PersonId | None = None
    mbox: Mailto | None = None
    mbox_sha1sum: Annotated[str, AfterValidator(_sha1)] | None = None
    openid: Iri | None = None
    account: Account | None = None
    name: Name | None = None
    object_type: Literal["Agent"] | None = Field(default=None, alias="objectType")

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

    @model_validator(mode="after")
    def _exactly_one(self) -> "PersonRef":
        names = ("person_id", "mbox", "mbox_sha1sum", "openid", "account")
        if sum(getattr(self, name) is not None for name in names) != 1:
            raise PydanticCustomError(
                "one_person", "must have exactly one of person_id, mbox, mbox_sha1sum, openid and account"
            )
        return self


class EventRef(EventData):
    source: Name
    id: Name


def canonical(model: EventData) -> dict[str, Any]:
    """The data as it is stored: fields that were not given are left out."""
    return model.model_dump(mode="json", exclude_unset=True, by_alias=True)
