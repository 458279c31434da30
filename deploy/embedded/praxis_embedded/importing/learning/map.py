"""A map: a TOML file that says which columns of an export make which statements (docs/imports.md)."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from praxis_embedded.importing.learning.cells import ISO, UNIX, written
from praxis_embedded.importing.learning.verbs import VERBS
from praxis_ingest.statements.iri import is_iri

ACTIVITY = "activity"
"""The column that holds a repeated pair's activity: the first line's name of it."""

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_READY = resources.files(__package__) / "maps"


class MapFault(LookupError):
    """Not a map that can be used."""


def _listed(value: object) -> object:
    return value if isinstance(value, list) else [value]


def _verb(word: str) -> str:
    if word in VERBS or is_iri(word):
        return VERBS.get(word, word)
    raise ValueError(f"must be an IRI or one of {', '.join(VERBS)}")


def _format(text: str) -> str:
    if text not in (ISO, UNIX):
        try:
            datetime.strptime(written(text), text)  # noqa: DTZ007 - only tried
        except ValueError as error:
            raise ValueError(f"is no format of a time: {error}") from None
    return text


def _zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise ValueError("must be a time zone of the IANA database, as in Europe/Berlin") from None


Address = str
"""An IRI with columns in it: ``https://lms.example.org/courses/{Course ID}``."""

Verb = Annotated[str, AfterValidator(_verb)]
Verbs = Annotated[list[Verb], BeforeValidator(_listed), Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Learner(_Part):
    """``mail`` and ``account`` are columns; exactly one of them names the learner."""

    mail: str | None = None
    account: str | None = None
    home_page: Address | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.mail is None) == (self.account is None) or (self.account is None) != (self.home_page is None):
            raise ValueError("must have either mail, or account and home_page")
        return self


class Activity(_Part):
    """``name`` is a column; ``course``: the activity that this one is part of."""

    id: Address
    name: str | None = None
    type: str = "http://adlnet.gov/expapi/activities/course"
    course: Address | None = None


class Statement(_Part):
    """What a row says: always ``verb``, or what its ``status`` means. The others but the limits are columns."""

    verb: Verb | None = None
    status: str | None = None
    verbs: Mapping[str, Verbs] = {}
    ignored: list[str] = []
    when: str
    score: str | None = None
    score_min: float = 0
    score_max: float | None = None
    duration: str | None = None
    duration_unit: Literal["hours", "minutes", "seconds", "clock", "iso"] = "hours"

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.verb is None) == (self.status is None) or (self.status is not None) != bool(self.verbs):
            raise ValueError("must have either verb, or status and verbs")
        if self.score_max is not None and self.score_max <= self.score_min:
            raise ValueError("score_max must be above score_min")
        return self

    @property
    def columns(self) -> Iterator[str]:
        yield from filter(None, (self.status, self.when, self.score, self.duration))


class Repeated(_Part):
    """Columns that come again for each activity, after the column ``after``; the first is called as the activity is."""

    after: str
    columns: Annotated[list[str], Field(min_length=1)]


class ExportMap(_Part):
    learner: Learner
    activity: Activity
    statement: Annotated[list[Statement], Field(min_length=1)]
    repeated: Repeated | None = None
    time_zone: Annotated[str, AfterValidator(_zone)]
    format: Annotated[list[Annotated[str, AfterValidator(_format)]], BeforeValidator(_listed), Field(min_length=1)] = [
        ISO
    ]
    blank: list[str] = []
    decimal: Literal[".", ","] = "."
    encoding: str | None = None
    language: str = "und"
    platform: str | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def columns(self) -> frozenset[str]:
        """Those that the file must have."""
        named = [self.learner.mail, self.learner.account, self.activity.name]
        named += [column for each in self.statement for column in each.columns]
        for address in (self.learner.home_page, self.activity.id, self.activity.course):
            named += columns_of(address or "")
        repeated = {ACTIVITY, *self.repeated.columns} if self.repeated else set()
        return frozenset(filter(None, named)) - repeated


def columns_of(address: Address) -> list[str]:
    return _PLACEHOLDER.findall(address)


def ready_maps() -> list[str]:
    """The names of the maps that come with Praxis."""
    return sorted(each.name.removesuffix(".toml") for each in _READY.iterdir() if each.name.endswith(".toml"))


def read_map(named: str, given: Mapping[str, str]) -> ExportMap:
    """A ready map by its name, or a file. ``given`` stands for the names that the map leaves open.

    Raises ``MapFault``.
    """
    if named in ready_maps():
        text = (_READY / f"{named}.toml").read_text()
    elif Path(named).is_file():
        text = Path(named).read_text(encoding="utf-8")
    else:
        raise MapFault(f"there is no map {named}: name a file, or one of {', '.join(ready_maps())}")
    try:
        return _read(tomllib.loads(text), given)
    except tomllib.TOMLDecodeError as error:
        raise MapFault(f"{named} is not TOML: {error}") from None
    except ValidationError as error:
        raise MapFault(f"{named}: {'; '.join(map(_said, error.errors()))}") from None
    except ValueError as error:
        raise MapFault(f"{named}: {error}") from None


def _read(found: dict[str, Any], given: Mapping[str, str]) -> ExportMap:
    asked = found.pop("given", {})
    if missing := [f"{name} ({meaning})" for name, meaning in asked.items() if name not in given]:
        raise ValueError(f"say with --set NAME=VALUE: {', '.join(missing)}")
    if unknown := [name for name in given if name not in asked]:
        raise ValueError(f"--set {unknown[0]}: the map asks for {', '.join(asked) or 'nothing'}")
    return ExportMap.model_validate(_filled(found, {f"{{{name}}}": value.rstrip("/") for name, value in given.items()}))


def _filled(value: Any, given: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(each, given) for name, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, given) for each in value]
    if isinstance(value, str):
        return _PLACEHOLDER.sub(lambda found: given.get(found[0], found[0]), value)
    return value


def _said(error: Any) -> str:
    place = ".".join(map(str, error["loc"]))
    return f"{place}: {error['msg'].removeprefix('Value error, ')}" if place else error["msg"]
