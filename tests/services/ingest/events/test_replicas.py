"""What one replica does not remember, the projection tells it; and what is answered while the log is away."""

import asyncio

from praxis_embedded.postgres import EmbeddedPostgres
from praxis_events.envelope import event_key
from praxis_ingest.events.modes import STRUCTURED
from praxis_ingest.events.seen import seen_digests
from praxis_service.settings import Settings
from tests.fixtures.installation import running
from tests.services.ingest.events.samples import SOURCE, applied, hired
from tests.services.ingest.events.serving import SECRET, Serving, client_of, serving


async def projected(door: Serving, *ids: str) -> None:
    """Run the projection until it has these events."""
    wanted = {event_key(SOURCE, id_) for id_ in ids}
    async with running([door.runner()]), asyncio.timeout(60):
        while (await seen_digests(door.database.engine, wanted)).keys() != wanted:
            await asyncio.sleep(0.02)


async def test_another_replica_knows_what_is_projected(door: Serving, settings: Settings) -> None:
    await door.send([hired("1"), applied("2")])
    await projected(door, "1", "2")
    async with client_of(door.restarted(settings)) as client:
        other = Serving(door.app, client, door.log, door.database)
        again = await other.send([hired("1"), applied("2"), hired("3")])
        assert [each["duplicate"] for each in again.json()["accepted"]] == [True, True, False]
        assert (await other.send(hired("1", unit="sales"))).status_code == 409
    assert sorted(each.id for each in await door.on_log()) == ["1", "2", "3"]


async def test_a_race_between_replicas_is_one_event_to_consumers(door: Serving, settings: Settings) -> None:
    async with client_of(door.restarted(settings)) as client:
        other = Serving(door.app, client, door.log, door.database)
        answers = [await door.send(hired("1")), await other.send(hired("1", unit="sales"))]
    assert [answer.status_code for answer in answers] == [200, 200]
    await projected(door, "1")
    first, _ = await door.on_log()
    async with client_of(door.restarted(settings)) as client:
        third = Serving(door.app, client, door.log, door.database)
        assert (await third.send(hired("1"))).json()["accepted"][0]["duplicate"] is True
        assert (await third.send(hired("1", unit="sales"))).status_code == 409
    assert b"platform" in first.data


async def test_while_the_log_is_away_the_answer_is_503(own_postgres: EmbeddedPostgres) -> None:
    settings = Settings(database_url=own_postgres.url("praxis"), append_timeout=5)
    async with serving(settings) as door:
        assert (await door.send(hired("1"))).status_code == 200
        await own_postgres.stop("immediate")
        for sent in (hired("1"), hired("2"), [hired("2"), applied("3")]):
            away = await door.send(sent)
            known = sent == hired("1")
            assert away.status_code == (200 if known else 503)
            assert known or away.headers["retry-after"] == "2"
        await own_postgres.start()
        answer = await door.send([hired("1"), hired("2"), applied("3")])
        assert answer.status_code == 200
        assert {each.id for each in await door.on_log()} == {"1", "2", "3"}


async def test_a_stranger_is_told_of_the_outage_too(own_postgres: EmbeddedPostgres) -> None:
    async with serving(Settings(database_url=own_postgres.url("praxis"))) as door:
        await own_postgres.stop("immediate")
        headers = {"content-type": STRUCTURED}
        answer = await door.client.post("/events", content=b"{}", headers=headers, auth=("hr", SECRET))
    assert answer.status_code == 503
