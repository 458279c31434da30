"""The decider: one serial projection over four topics, whose rows include the ledger.

Ledger, outbox and checkpoint commit together, so a decision is made once, however often its facts are delivered and
however many deciders run.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from praxis_events import checkpoint, tracing
from praxis_events.contracts.evidence import SkillApplied
from praxis_events.contracts.recognition import KnownPosition
from praxis_events.log import Record
from praxis_incentives.decider import recording
from praxis_incentives.decider.desk import Desk
from praxis_incentives.decider.facts import TOPICS, Fact, read_fact
from praxis_incentives.decider.recording import Entry
from praxis_incentives.decider.state import in_rings_with, learner_of, learners_with, take, take_evidence
from praxis_incentives.decider.strangers import of_directory, strangers, take_strangers
from praxis_incentives.evaluation import evaluate
from praxis_incentives.ledger import ledger_body, ledger_entry

CHUNK = 200
"""Learners evaluated, or evidence taken, at a time: bounds what is held in memory."""

_LOG_TIME = text(
    "INSERT INTO log_time (at) VALUES (:at) ON CONFLICT (one) DO UPDATE SET at = greatest(log_time.at, excluded.at) "
    "RETURNING at"
)
_COMING = text("SELECT min(effective_from) FROM policies WHERE NOT in_effect")
_COME_INTO_EFFECT = text(
    "UPDATE policies SET in_effect = true WHERE NOT in_effect AND effective_from <= :now RETURNING skills"
)


class Decider:
    """Facts are judged one after the other, so that each decision rests on exactly the positions that it names.

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
        while facts:
            if together := await _together(session, facts):
                await self._take_evidence(session, facts[:together], known)
            elif together := await _strangers(session, facts):
                await take_strangers(session, facts[:together])
                known[facts[0].topic] = facts[together - 1].offset + 1
                await log_time(session, max(each.appended_at for each in facts[:together]))
            else:
                await self._take_one(session, facts[0], known)
            facts = facts[together or 1 :]

    async def _known_before(self, session: AsyncSession, facts: Sequence[Fact]) -> dict[str, int]:
        """The next offset of each topic before ``facts``; the runner has already moved the checkpoints past them."""
        rows = await checkpoint.checkpoints(session, self.name)
        known = dict.fromkeys(TOPICS, 0) | {row.topic: row.next_offset for row in rows}
        return known | {fact.topic: fact.offset for fact in reversed(facts)}

    async def _take_one(self, session: AsyncSession, fact: Fact, known: dict[str, int]) -> None:
        known[fact.topic] = fact.offset + 1
        learners, now = await learn(session, fact)
        for chunk in chunks(learners):
            judging = await Judging.begin(session, chunk)
            await judging.judge(chunk, now, known, fact)
            await judging.finish()

    async def _take_evidence(self, session: AsyncSession, facts: Sequence[Fact], known: dict[str, int]) -> None:
        """The same as one by one, with what is known of all the learners read once and written once."""
        new, learners = await take_evidence(session, facts)
        now = await log_time(session, facts[0].appended_at)
        others = await in_rings_with(session, facts)
        judging = await Judging.begin(session, others.union(learners.values()), hidden=new)
        for fact in facts:
            known[fact.topic] = fact.offset + 1
            now = max(now, fact.appended_at)
            if judging.desk.reveal(fact.event):
                concerned = {learners[learner_of(fact)], *judging.desk.ring_members(fact.event)}
                await judging.judge(concerned, now, known, fact)
        await judging.finish()
        await log_time(session, now)


@dataclass(slots=True)
class Judging:
    """Cases on one desk. What is decided is written down at the end."""

    session: AsyncSession
    desk: Desk
    place: int
    entries: list[Entry] = field(default_factory=list)

    @classmethod
    async def begin(cls, session: AsyncSession, learners: Collection[str], hidden: Collection[UUID] = ()) -> "Judging":
        desk = await Desk.load(session, learners, hidden)
        return cls(session, desk, await recording.next_place(session))

    async def judge(self, learners: Collection[str], now: datetime, known: Mapping[str, int], trigger: Fact) -> None:
        """Each case of these learners that is not what it was when last judged."""
        found = self.desk.changed(self.desk.dossiers(learners, now))
        if not found:
            return
        positions = [KnownPosition(topic=topic, partition=0, next_offset=known[topic]) for topic in TOPICS]
        with _span(trigger, len(found)):
            traceparent = tracing.current() or trigger.traceparent
            for dossier in found:
                for decision in evaluate(dossier, now, self.place, str(trigger.event)):
                    data = ledger_entry(decision, positions, str(trigger.event))
                    self.entries.append(Entry(data, ledger_body(data), traceparent=traceparent))
                    self.place += 1
                    self.desk.note(decision)

    async def finish(self) -> None:
        await recording.remember(self.session, self.desk.touched)
        await recording.record(self.session, self.entries)


async def _together(session: AsyncSession, facts: Sequence[Fact]) -> int:
    """How many of ``facts``, from the first on, are evidence that comes before another policy is in effect."""
    return await _before_a_policy(
        session, list(takewhile(lambda fact: isinstance(fact.data, SkillApplied), facts[:CHUNK]))
    )


async def _strangers(session: AsyncSession, facts: Sequence[Fact]) -> int:
    """How many of ``facts``, from the first on, the directory says of people whom no evidence names."""
    told = of_directory(facts[:CHUNK])
    early = told[: await _before_a_policy(session, told)]
    return await strangers(session, early) if early else 0


async def _before_a_policy(session: AsyncSession, facts: Sequence[Fact]) -> int:
    coming = await session.scalar(_COMING) if facts else None
    return len(list(takewhile(lambda fact: coming is None or fact.appended_at < coming, facts)))


async def log_time(session: AsyncSession, at: datetime) -> datetime:
    """The log's time, once it is at least ``at``."""
    now: datetime = (await session.execute(_LOG_TIME, {"at": at})).scalar_one()
    return now


async def learn(session: AsyncSession, fact: Fact) -> tuple[set[str], datetime]:
    """Take a fact; the learners whose cases may have changed, and the log's time then."""
    now = await log_time(session, fact.appended_at)
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
