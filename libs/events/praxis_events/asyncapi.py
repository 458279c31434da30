"""The AsyncAPI 3 document of the log, made from the contracts: ``python -m praxis_events.asyncapi > FILE``.

Source: AsyncAPI 3.0.0; CloudEvents 1.0.2, Kafka Protocol Binding §3.2. Statements have no contract of ours: their
payload is xAPI's.
"""

import json
import sys
from collections.abc import Iterable
from typing import Any

from praxis_events import contracts as _registered  # noqa: F401 - registers every contract
from praxis_events.contracts.base import Contract, contracts
from praxis_events.log import Topic
from praxis_events.statement_records import ID_ASSIGNED, STATEMENT_STORED
from praxis_events.topics import STATEMENTS, TOPICS

_SCHEMAS = "#/components/schemas/"


def document() -> dict[str, Any]:
    """The whole document, the same bytes for the same contracts."""
    by_topic = {topic.name: [c for c in contracts() if c.topic is topic] for topic in TOPICS}
    messages = {c.type: _message(c) for c in contracts()} | {STATEMENT_STORED: _statement()}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Praxis: the log",
            "version": "1",
            "description": "CloudEvents 1.0 in Kafka's binary mode. Topics are compacted and kept for ever; "
            "every append has a key of its own.",
        },
        "defaultContentType": "application/json",
        "channels": {topic.name: _channel(topic, by_topic[topic.name]) for topic in TOPICS},
        "operations": {
            f"read.{topic.name}": {"action": "receive", "channel": {"$ref": f"#/channels/{topic.name}"}}
            for topic in TOPICS
        },
        "components": {
            "messages": dict(sorted(messages.items())),
            "schemas": dict(sorted(_schemas(contracts()).items())),
            "messageTraits": {"cloudEvent": {"headers": _headers()}},
        },
    }


def text() -> str:
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


def _channel(topic: Topic, carried: Iterable[Contract]) -> dict[str, Any]:
    types = [STATEMENT_STORED] if topic is STATEMENTS else sorted(c.type for c in carried)
    return {
        "address": topic.name,
        "messages": {each: {"$ref": f"#/components/messages/{each}"} for each in types},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {"cleanup.policy": ["compact"], "retention.ms": -1},
            }
        },
    }


def _message(contract: Contract) -> dict[str, Any]:
    return {
        "name": contract.type,
        "summary": contract.said.partition("\n")[0] or contract.model.__name__,
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "payload": {"$ref": _SCHEMAS + contract.type},
    }


def _statement() -> dict[str, Any]:
    return {
        "name": STATEMENT_STORED,
        "summary": "An xAPI statement, byte for byte as a GET returns it.",
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "headers": {
            "type": "object",
            "properties": {ID_ASSIGNED: {"const": "true", "description": "The client sent no id."}},
        },
        "payload": {"type": "object", "description": "An xAPI statement (IEEE 9274.1.1, Data)."},
    }


def _headers() -> dict[str, Any]:
    required = {
        "ce_specversion": {"const": "1.0"},
        "ce_id": {"type": "string", "description": "With ce_source: the identity of the event."},
        "ce_source": {"type": "string"},
        "ce_type": {"type": "string"},
    }
    optional = {
        "ce_time": {"type": "string", "format": "date-time"},
        "ce_subject": {"type": "string"},
        "ce_principal": {"type": "string", "description": "The credential that ingest authenticated."},
        "traceparent": {"type": "string", "description": "W3C Trace Context."},
        "content-type": {"const": "application/json"},
    }
    return {"type": "object", "required": sorted(required), "properties": required | optional}


def _schemas(all_of_them: Iterable[Contract]) -> dict[str, Any]:
    """JSON Schemas by type; what several share stands beside them under its own name."""
    found: dict[str, Any] = {}
    for contract in all_of_them:
        schema = contract.model.model_json_schema(ref_template=_SCHEMAS + "{model}")
        found |= schema.pop("$defs", {})
        found[contract.type] = schema
    return found


if __name__ == "__main__":
    sys.stdout.write(text())
