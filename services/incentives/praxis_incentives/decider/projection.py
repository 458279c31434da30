"""The decider: one serial projection over three topics, whose rows include the ledger.

Ledger, outbox and checkpoint commit together, so a decision is made once, however often its facts are delivered and
however many deciders run.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events import checkpoint, tracing
from praxis_events.contracts.recognition import KnownPosition
from praxis_events.log import Record
from praxis_incentives.decider import recording
from praxis_incentives.decider.dossiers import dossiers
from praxis_incentives.decider.facts import TOPICS, Fact, read_fact
from praxis_incentives.decider.recording import Entry
from praxis_incentives.decider.state import learners_with, take
from praxis_incentives.evaluation import evaluate
from praxis_incentives.ledger import ledger_body, ledger_entry

CHUNK = 200
"""Learners evaluated at a time: bounds what a policy for many people holds in memory."""

_LOG_TIME = text(
    "INSERT INTO log_time (at) VALUES (:at) ON CONFLICT (one) DO UPDATE SET at = greatest(log_time.at, excluded.at) "
    "RETURNING at"
)
_COME_INTO_EFFECT = text(
    "UPDATE policies SET in_effect = true WHERE NOT in_effect AND effective_from <= :now RETURNING skills"
)


class Decider:
    """Facts are taken one by one, so that each decision rests on exactly the positions that it names.

    The moment of a decision is the log's own time: the latest among the facts known. It never goes back, and anybody
    finds it again from the positions.
    """

    name = "decider"
    topics = TOPICS
    rebuildable = False
    serial = True

    def decode(self, record: Record) -> Fact | None:
        return read_fact(record)

    async def apply(self, session: AsyncSession, items: Sequence[Fact]) -> None:
        facts = sorted(items, key=lambda fact: fact.order)
        known = await self._known_before(session, facts)
        for fact in facts:
            known[fact.topic] = fact.offset + 1
            learners, now = await learn(session, fact)
            await self._judge(session, learners, now, _positions(known), fact)

    async def _known_before(self, session: AsyncSession, facts: Sequence[Fact]) -> dict[str, int]:
        """The next offset of each topic before ``facts``; the runner has already moved the checkpoints past them."""
        rows = await checkpoint.checkpoints(session, self.name)
        known = dict.fromkeys(TOPICS, 0) | {row.topic: row.next_offset for row in rows}
        return known | {fact.topic: fact.offset for fact in reversed(facts)}

    async def _judge(
        self,
        session: AsyncSession,
        learners: Collection[str],
        now: datetime,
        known: Sequence[KnownPosition],
        trigger: Fact,
    ) -> None:
        for chunk in chunks(learners):
            place = await recording.next_place(session)
            found = await recording.changed(session, await dossiers(session, chunk, now))
            if not found:
                continue
            with _span(trigger, len(found)):
                traceparent = tracing.current() or trigger.traceparent
                for dossier in found:
                    made = [ledger_entry(each, known, str(trigger.event)) for each in evaluate(dossier, now, place)]
                    entries = [Entry(each, ledger_body(each), traceparent=traceparent) for each in made]
                    await recording.record(session, entries)
                    place += len(entries)


async def learn(session: AsyncSession, fact: Fact) -> tuple[set[str], datetime]:
    """Take a fact; the learners whose cases may have changed, and the log's time then."""
    now: datetime = (await session.execute(_LOG_TIME, {"at": fact.appended_at})).scalar_one()
    learners = await take(session, fact)
    starting = {skill for skills in await session.scalars(_COME_INTO_EFFECT, {"now": now}) for skill in skills}
    if starting:
        learners |= await learners_with(session, sorted(starting))
    return learners, now


def chunks(learners: Collection[str]) -> Iterator[Sequence[str]]:
    """In one order, ``CHUNK`` at a time."""
    ordered = sorted(learners)
    return (ordered[start : start + CHUNK] for start in range(0, len(ordered), CHUNK))


def _span(trigger: Fact, cases: int) -> AbstractContextManager[tracing.Span]:
    """In the trace of the event that led to it, with a link to the batch in which that was read."""
    batch = tracing.current()
    attributes = {"praxis.cases": cases}
    return tracing.span("decide", parent=trigger.traceparent, links=[batch] if batch else [], attributes=attributes)


def _positions(known: dict[str, int]) -> list[KnownPosition]:
    return [KnownPosition(topic=topic, partition=0, next_offset=known[topic]) for topic in TOPICS]
