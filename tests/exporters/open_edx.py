"""Statements as Open edX's event-routing-backends writes them: opaque accounts or hashes of mail, no registration.

Shapes after the project's public documentation; people and addresses are of example.org.
"""

import hashlib
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Json = dict[str, Any]

LMS = "https://courses.example.org"
COURSE = f"{LMS}/course/course-v1:Example+PY1+2026"
ADL = "http://adlnet.gov/expapi/verbs/"
VIDEO = "https://w3id.org/xapi/video/verbs/"
EVALUATED = "https://w3id.org/xapi/acrossx/verbs/evaluated"


def account(name: str) -> Json:
    return {"objectType": "Agent", "account": {"homePage": LMS, "name": name}}


def hashed(text: str) -> Json:
    return {"objectType": "Agent", "mbox_sha1sum": hashlib.sha1(text.encode()).hexdigest()}


ANN = account("2e8a1f8e-6d59-4c2f-9d37-5f5c6f0b7a11")
STRANGER = account("c0ffee00-6d59-4c2f-9d37-5f5c6f0b7a11")
BOB = hashed("bob@example.org")
CEM = hashed("mailto:cem@example.org")


def statement(actor: Json, verb: str, block: str | None, at: str, **result: Any) -> Json:
    """About a block of the course, or the course itself."""
    course = {"objectType": "Activity", "id": COURSE, "definition": {"type": f"{ADL[:-6]}activities/course"}}
    thing = course if block is None else {"objectType": "Activity", "id": f"{LMS}/xblock/block-v1:Example+PY1+{block}"}
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{actor} {verb} {block} {at}")),
        "version": "1.0.3",
        "actor": actor,
        "verb": {"id": verb, "display": {"en": verb.rpartition("/")[2]}},
        "object": thing,
        "timestamp": at,
        "context": {
            "extensions": {
                "https://w3id.org/xapi/openedx/extension/transformer-version": "event-routing-backends@9.0.0",
                "https://w3id.org/xapi/openedx/extensions/session-id": "056aca2a1c6b76742a283a71f0d2e6d2",
            },
        } | ({"contextActivities": {"parent": [course]}} if block else {}),
    } | ({"result": result} if result else {})  # fmt: skip


LENGTH = {"https://w3id.org/xapi/video/extensions/time": 0, "https://w3id.org/xapi/video/extensions/length": 720}
STATEMENTS = [
    statement(ANN, f"{ADL}registered", None, "2026-02-02T09:00:00.123456+00:00"),
    statement(ANN, f"{ADL}initialized", "video@1", "2026-02-03T08:00:00+00:00", extensions=LENGTH),
    statement(ANN, f"{VIDEO}played", "video@1", "2026-02-03T08:00:30+00:00", extensions=LENGTH),
    statement(ANN, f"{VIDEO}paused", "video@1", "2026-02-03T08:12:00+00:00", extensions=LENGTH),
    statement(ANN, EVALUATED, "problem@2", "2026-02-03T08:41:00+00:00", success=True, score={"scaled": 1.0}),
    statement(ANN, f"{ADL}passed", None, "2026-02-03T20:00:00+00:00", success=True),
    statement(BOB, f"{VIDEO}played", "video@1", "2026-02-03T08:00:00+00:00", extensions=LENGTH),
    statement(BOB, f"{ADL}completed", "video@1", "2026-02-03T08:30:00+00:00", completion=True),
    statement(CEM, f"{ADL}registered", None, "2026-02-04T09:00:00+00:00"),
    statement(CEM, f"{ADL}failed", None, "2026-02-27T09:00:00+00:00", success=False),
    statement(STRANGER, f"{VIDEO}played", "video@1", "2026-02-05T10:00:00+00:00", extensions=LENGTH),
]
