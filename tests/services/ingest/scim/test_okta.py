"""What Okta is documented to send ("SCIM 2.0 protocol reference")."""

from tests.services.ingest.scim.serving import ENTERPRISE, HIRED, LINKED, Scim, user


async def test_a_user_is_looked_for_created_read_and_updated_whole(scim: Scim) -> None:
    found = await scim.call("GET", '/Users?filter=userName eq "ann@example.org"&startIndex=1&count=100')
    assert (found["totalResults"], found["startIndex"], found.get("Resources", [])) == (0, 1, [])
    sent = user() | {"locale": "en-US", "externalId": "00ujl29u0le5T6Aj10h7", "groups": [], "password": "1mz050nq"}
    created = await scim.call("POST", "/Users", sent, 201)
    assert "password" not in created
    assert await scim.told() == [LINKED, HIRED]
    read = await scim.call("GET", f"/Users/{created['id']}")
    read[ENTERPRISE]["department"] = "support"
    replaced = await scim.call("PUT", f"/Users/{created['id']}", read)
    assert replaced[ENTERPRISE]["department"] == "support"
    assert (await scim.told())[2:] == [("unit-changed", {"person_id": "p-1", "unit": "support"})]


async def test_a_user_is_deactivated_and_reactivated_without_a_path(leaving: Scim) -> None:
    id_ = (await leaving.create())["id"]
    told = await leaving.told()
    for active in (False, False, True):
        changed = await leaving.patch(id_, {"op": "replace", "value": {"active": active}})
        assert changed["active"] is active
    assert await leaving.told_since(told) == [("left", {"person_id": "p-1", "voluntary": None}), HIRED]


async def test_a_user_is_deactivated_by_a_whole_update(leaving: Scim) -> None:
    id_ = (await leaving.create())["id"]
    told = await leaving.told()
    await leaving.call("PUT", f"/Users/{id_}", user(active=False))
    assert await leaving.told_since(told) == [("left", {"person_id": "p-1", "voluntary": None})]


async def test_a_manager_is_named_by_employee_number_before_they_exist(scim: Scim) -> None:
    await scim.create(enterprise={"manager": {"value": "p-7", "displayName": "Bob"}})
    assert await scim.told() == [LINKED, HIRED]
    await scim.create(user_name="bob@example.org", number="p-7")
    assert ("manager-changed", {"person_id": "p-1", "manager_id": "p-7"}) in await scim.told()


async def test_whoever_manages_themselves_reports_to_nobody(scim: Scim) -> None:
    await scim.create(enterprise={"manager": {"value": "p-1"}})
    await scim.call("PUT", f"/Users/{(await scim.call('GET', '/Users'))['Resources'][0]['id']}", user(nickName="Ann"))
    assert await scim.told() == [LINKED, HIRED]


async def test_a_group_is_renamed_without_a_path_and_its_members_replaced(scim: Scim) -> None:
    ann = (await scim.create())["id"]
    group = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Readers"}
    id_ = (await scim.call("POST", "/Groups", group, 201))["id"]
    await scim.patch(id_, {"op": "replace", "value": {"id": id_, "displayName": "Writers"}}, kind="Groups")
    members = [{"value": ann, "display": "ann@example.org"}]
    await scim.patch(id_, {"op": "replace", "path": "members", "value": members}, kind="Groups")
    found = await scim.call("GET", f"/Groups/{id_}")
    assert (found["displayName"], [each["value"] for each in found["members"]]) == ("Writers", [ann])
