"""Whatever is sent, the answer is never a fault of ours."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from praxis_ingest.events.modes import BATCHED, STRUCTURED
from tests.services.ingest.events.samples import POLICY, applied, event, hired
from tests.services.ingest.events.serving import SECRET, Serving

SCALARS: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats()
    | st.text()
    | st.sampled_from(["\x00", "\ud800", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "mailto:a@b", "a:b"])
)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=10)
GOOD = (hired(), applied(), event("programme.policy-published", POLICY))
OPTIONAL = ("time", "subject", "principal", "traceparent", "datacontenttype", "data_base64", "extension")


@st.composite
def events(draw: st.DrawFn) -> Any:
    """A good event in which up to two places are anything, or gone."""
    sent = {**draw(st.sampled_from(GOOD)), "id": draw(st.text("ab1é", min_size=1))}
    sent["data"] = dict(sent["data"])
    attributes = [(sent, name) for name in ("specversion", "id", "source", "type", "data", *OPTIONAL)]
    fields = [(sent["data"], name) for name in sent["data"]]
    for holder, name in draw(st.lists(st.sampled_from(fields) | st.sampled_from(attributes), max_size=2)):
        holder[name] = draw(JSON)
        if draw(st.booleans()):
            del holder[name]
    return sent


no_deadline = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@no_deadline
@given(sent=events() | JSON)
async def test_a_structured_event(door: Serving, sent: Any) -> None:
    answer = await door.post(json.dumps(sent).encode(), {"content-type": STRUCTURED})
    assert answer.status_code in (200, 400, 409, 413)


@no_deadline
@given(sent=st.lists(events() | JSON, max_size=4), atomic=st.booleans())
async def test_a_batch(door: Serving, sent: Any, atomic: bool) -> None:
    query = "?atomic=true" if atomic else ""
    answer = await door.post(json.dumps(sent).encode(), {"content-type": BATCHED}, query=query)
    assert answer.status_code in (200, 207, 400, 409, 413)


@no_deadline
@given(body=st.binary() | st.just(b"{}"), media_type=st.sampled_from([STRUCTURED, BATCHED]))
async def test_any_bytes_as_a_body(door: Serving, body: bytes, media_type: str) -> None:
    answer = await door.post(body, {"content-type": media_type})
    assert answer.status_code in (200, 400)


@no_deadline
@given(
    media_type=st.just(b"application/json") | st.binary(max_size=40),
    values=st.lists(st.binary(max_size=40), min_size=5, max_size=5),
)
async def test_any_bytes_in_headers(door: Serving, media_type: bytes, values: list[bytes]) -> None:
    names = (b"ce-specversion", b"ce-id", b"ce-source", b"ce-type", b"ce-extension")
    headers = [(b"content-type", media_type), *zip(names, values, strict=True)]
    answer = await door.client.post("/events", content=b"{}", headers=headers, auth=("admin", SECRET))
    assert answer.status_code in (400, 415)
