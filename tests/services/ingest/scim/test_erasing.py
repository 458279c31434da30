"""Who is forgotten is in no resource any more, and nobody else's changes but where it mentioned them."""

import json
from dataclasses import replace

from sqlalchemy import text

from praxis_ingest.scim.erasing import erase
from praxis_people.forgetting.person import Person, identifiers_of
from praxis_people.forgetting.pseudonyms import Pseudonyms
from praxis_service.database import open_service
from tests.services.ingest.scim.serving import ENTERPRISE, Scim

BOB = Person("p-7", identifiers_of(["mbox:bob@example.org"]), frozenset({"Bob Roe"}))


async def erased(scim: Scim, person: Person) -> int:
    database = await open_service(scim.praxis.context.settings.database_url, "ingest")
    async with database.sessions.begin() as session:
        changed = await erase(session, Pseudonyms(person, "forgotten-1"))
    await database.close()
    return changed


async def rows(scim: Scim) -> str:
    database = await open_service(scim.praxis.context.settings.database_url, "ingest")
    async with database.engine.connect() as connection:
        found = [str(row) for row in await connection.execute(text("SELECT * FROM scim_resources"))]
    await database.close()
    return json.dumps(found)


async def test_the_forgotten_are_in_no_resource(scim: Scim) -> None:
    bob = (await scim.create(user_name="bob@example.org", number="p-7", displayName="Bob Roe"))["id"]
    ann = (await scim.create(enterprise={"manager": {"value": bob}}, nickName="assistant of Bob Roe"))["id"]
    zoe = await scim.create(user_name="zoe@example.org", number="p-9", enterprise={"manager": {"value": "p-7"}})
    other = await scim.create(user_name="other@example.org", number="p-77")
    members = [{"value": each, "display": each} for each in (ann, bob)]
    group = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Readers", "members": members}
    id_ = (await scim.call("POST", "/Groups", group, 201))["id"]
    assert await erased(scim, BOB) == 4
    kept = await rows(scim)
    assert not [trace for trace in ("bob@example.org", "Bob Roe", "'p-7'", '"p-7"', bob) if trace in kept]
    await scim.call("GET", f"/Users/{bob}", status=404)
    found = await scim.call("GET", f"/Users/{ann}")
    assert ("manager" in found[ENTERPRISE], found["nickName"]) == (False, "assistant of forgotten-1")
    assert "manager" not in (await scim.call("GET", f"/Users/{zoe['id']}"))[ENTERPRISE]
    assert [each["value"] for each in (await scim.call("GET", f"/Groups/{id_}"))["members"]] == [ann]
    assert await scim.call("GET", f"/Users/{other['id']}") == other
    assert await erased(scim, BOB) == 0


async def test_whoever_has_no_person_is_found_by_mail(scim: Scim) -> None:
    await scim.create(user_name="bob@example.org", number=None)
    assert await erased(scim, replace(BOB, person_id=None)) == 1
    assert (await scim.call("GET", "/Users"))["totalResults"] == 0
