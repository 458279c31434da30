"""Whether one event may pass: its attributes, type and data, and the sender's scopes. Pure but for a record's nonce."""

import json
from datetime import datetime, timedelta
from http import HTTPStatus

import msgspec
from pydantic import ValidationError

from praxis_events.contracts import Contract, EventData, contract_for
from praxis_events.contracts.base import PersonRef, canonical
from praxis_events.envelope import Event
from praxis_events.log import record_size
from praxis_events.times import parse_time
from praxis_events.topics import ATTRIBUTES, DIRECTORY, EVIDENCE, PROGRAMME
from praxis_events.tracing import well_formed
from praxis_ingest.events.attributes import attribute_faults
from praxis_ingest.events.digest import content_digest
from praxis_ingest.events.outcomes import Admitted, Refused, refuse
from praxis_ingest.events.received import ReceivedEvent
from praxis_ingest.events.strict_json import MAX_FAULTS
from praxis_service.auth import Principal
from praxis_service.problem import FieldError

TOPICS = (DIRECTORY, ATTRIBUTES, EVIDENCE, PROGRAMME)
"""The topics that ingest writes from events; the others' types are not this door's."""

VOUCHERS = frozenset(
    {"accepted_by", "attested_by", "coach", "confirmed_by", "decided_by", "published_by", "reported_by"}
)
"""Fields that name a human who vouches: a sender speaks for that person, which needs the scope ``act-as``."""

DONE_AT = ("accepted_at", "at", "occurred_at")
"""Fields of work that say when it was done."""

MAX_AHEAD = timedelta(hours=24)
"""How far ahead of our clock work may be said to have been done: a day covers every mistaken time zone."""


def judge(received: ReceivedEvent, principal: Principal, now: datetime, traceparent: str | None) -> Admitted | Refused:
    """``traceparent``: the request's, for events that bring none of their own."""
    faults = received.faults or attribute_faults(received)
    if faults:
        return refuse(received, HTTPStatus.BAD_REQUEST, *faults)
    contract = contract_for(str(received.attributes["type"]))
    if contract is None or contract.topic not in TOPICS:
        fault = received.attribute_fault("type", "is not a type that this door takes")
        return refuse(received, HTTPStatus.BAD_REQUEST, fault)
    if not _may_send(principal, contract):
        fault = received.attribute_fault("type", f"the credential {principal.key!r} may not send {contract.type}")
        return refuse(received, HTTPStatus.FORBIDDEN, fault)
    return _judge_data(received, contract, principal, now, traceparent)


def _may_send(principal: Principal, contract: Contract) -> bool:
    """Group attributes are apart: whoever may send everything else of people may still not send these."""
    if contract.topic is ATTRIBUTES:
        return principal.may("attributes/write")
    return principal.may_send(contract.type)


def _judge_data(
    received: ReceivedEvent, contract: Contract, principal: Principal, now: datetime, traceparent: str | None
) -> Admitted | Refused:
    data = read_data(received, contract)
    if not isinstance(data, EventData):
        return refuse(received, HTTPStatus.BAD_REQUEST, *data)
    for name in sorted(VOUCHERS):
        voucher = getattr(data, name, None)
        if voucher is not None and not _may_name(principal, voucher):
            fault = received.data_fault((name,), "speaking for another person needs the scope 'act-as'")
            return refuse(received, HTTPStatus.FORBIDDEN, fault)
    for name in DONE_AT if contract.topic is EVIDENCE else ():
        if getattr(data, name, now) > now + MAX_AHEAD:
            return refuse(received, HTTPStatus.BAD_REQUEST, received.data_fault((name,), "lies in the future"))
    return _admit(received, contract, data, principal, traceparent)


def _may_name(principal: Principal, voucher: object) -> bool:
    return principal.may("act-as") or (isinstance(voucher, PersonRef) and principal.is_person(voucher))


def read_data(received: ReceivedEvent, contract: Contract) -> EventData | tuple[FieldError, ...]:
    """The data as its contract has it, or what breaks the contract."""
    if received.data is msgspec.UNSET:
        return (received.data_fault((), "is required"),)
    try:
        return contract.model.model_validate_json(json.dumps(received.data), strict=True)
    except RecursionError:
        return (received.data_fault((), "is nested too deeply"),)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        return tuple(received.data_fault(_place(each["loc"]), each["msg"]) for each in found[:MAX_FAULTS])


def _place(loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Where a fault is in the data: of a name in a mapping pydantic says so by a last step that the data has not."""
    return loc[:-1] if loc and loc[-1] == "[key]" else loc


def _admit(
    received: ReceivedEvent, contract: Contract, data: EventData, principal: Principal, traceparent: str | None
) -> Admitted | Refused:
    event = _event(received, data, principal, traceparent)
    record = event.to_record(contract.topic.name)
    size, limit = record_size(record), contract.topic.max_record_bytes
    if size > limit:
        fault = received.data_fault((), f"makes a record of {size} bytes; at most {limit} are taken")
        return refuse(received, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, fault)
    return Admitted(received, event, record, content_digest(event.type, event.data))


def _event(received: ReceivedEvent, data: EventData, principal: Principal, traceparent: str | None) -> Event:
    time = received.text("time")
    return Event(
        id=str(received.attributes["id"]),
        source=str(received.attributes["source"]),
        type=str(received.attributes["type"]),
        data=msgspec.json.encode(canonical(data)),
        time=parse_time(time.upper()) if time else None,
        subject=received.text("subject"),
        principal=principal.key,
        traceparent=well_formed(received.text("traceparent")) or traceparent,
    )
