"""Which publications of policies the audit log is told of."""

from http import HTTPStatus

from praxis_ingest.events.outcomes import Accepted, Outcome, published, refuse
from praxis_ingest.events.received import ReceivedEvent


def received(index: int, type_: str, policy: str) -> ReceivedEvent:
    return ReceivedEvent(index, {"type": f"praxis.programme.{type_}.v1"}, {"policy": policy})


def test_policies_that_came_onto_the_log_and_nothing_else() -> None:
    sent = [
        received(0, "policy-published", "new"),
        received(1, "policy-published", "known"),
        received(2, "policy-published", "refused"),
        received(3, "skill-defined", "no policy"),
    ]
    accepted = tuple(Accepted(each.index, "1", "/x", duplicate=each.index == 1) for each in sent if each.index != 2)
    outcome = Outcome(accepted, (refuse(sent[2], HTTPStatus.BAD_REQUEST),))
    assert published(sent, outcome) == ["new"]
