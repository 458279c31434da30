"""The registry of contracts, and the value types they share."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from praxis_events.log import Topic


class EventData(BaseModel):
    """``data`` of an event: unknown fields are refused, so that a typing error is an error and not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


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


_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`]+")
_MAILTO = re.compile(r"mailto:[^@\s]+@[^@\s]+\.?[^@\s]*", re.IGNORECASE)
_SHA1 = re.compile(r"[0-9a-fA-F]{40}")


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


Iri = Annotated[str, AfterValidator(_iri)]
Name = Annotated[str, Field(min_length=1, max_length=500)]
PersonId = Annotated[str, Field(min_length=1, max_length=200)]
Moment = AwareDatetime
"""ISO 8601 with a zone; a time without one is refused."""


class Account(EventData):
    home_page: Iri = Field(alias="homePage")
    name: Name

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, serialize_by_alias=True)


class Identifier(EventData):
    """Exactly one xAPI inverse functional identifier (xAPI 1.0.3, Data §2.4.2.3)."""

    mbox: Annotated[str, AfterValidator(_mailto)] | None = None
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
    mbox: Annotated[str, AfterValidator(_mailto)] | None = None
    mbox_sha1sum: Annotated[str, AfterValidator(_sha1)] | None = None
    openid: Iri | None = None
    account: Account | None = None
    name: Name | None = None
    object_type: Literal["Agent"] | None = Field(default=None, alias="objectType")

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, serialize_by_alias=True)

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
