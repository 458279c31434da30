"""What Microsoft Entra ID is documented to send ("Develop and plan provisioning for a SCIM endpoint")."""

from typing import Any

import pytest

from tests.services.ingest.scim.serving import CORE, ENTERPRISE, HIRED, LINKED, PATCH_OP, Scim, user


async def test_a_user_is_looked_for_created_and_found(scim: Scim) -> None:
    asked = '/Users?filter=userName eq "Ann@example.org"'
    assert (await scim.call("GET", asked))["totalResults"] == 0
    created = await scim.call(
        "POST",
        "/Users",
        user() | {
            "externalId": "0a21f0f2", "addresses": None, "phoneNumbers": None, "roles": [],
            "meta": {"resourceType": "User"}, "name": {"formatted": "Ann Lee", "familyName": "Lee", "givenName": "Ann"},
            "urn:ietf:params:scim:schemas:extension:custom:2.0:User": {"tag": "x"},
        },
        201,
    )  # fmt: skip
    found = await scim.call("GET", asked)
    assert (found["totalResults"], found["Resources"][0]["id"]) == (1, created["id"])
    assert (await scim.call("GET", '/Users?filter=externalId eq "0a21f0f2"'))["totalResults"] == 1
    assert await scim.told() == [LINKED, HIRED]


async def test_what_changes_is_told_by_its_own_event(scim: Scim) -> None:
    id_ = (await scim.create())["id"]
    told = await scim.told()
    await scim.patch(
        id_,
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "ann.lee@example.org"},
        {"op": "Add", "path": f"{ENTERPRISE}:department", "value": "support"},
        {"op": "Replace", "path": "title", "value": "agent"},
        {"op": "Add", "path": "name.familyName", "value": "Lee"},
    )
    assert await scim.told_since(told) == [
        ("identity-linked", {"person_id": "p-1", "identifiers": [{"mbox": "mailto:ann.lee@example.org"}]}),
        ("role-changed", {"person_id": "p-1", "role": "agent"}),
        ("unit-changed", {"person_id": "p-1", "unit": "support"}),
    ]


async def test_an_address_of_a_type_that_there_is_none_of_is_added(scim: Scim) -> None:
    id_ = (await scim.create(emails=[]))["id"]
    changed = await scim.patch(id_, {"op": "Add", "path": 'emails[type eq "work"].value', "value": "ann@example.org"})
    assert changed["emails"] == [{"type": "work", "value": "ann@example.org"}]
    assert await scim.told() == [HIRED, LINKED]


async def test_values_without_a_path_name_their_attributes(scim: Scim) -> None:
    id_ = (await scim.create())["id"]
    told = await scim.told()
    value = {"displayName": "Ann Roe", f"{ENTERPRISE}:department": "support", "name.familyName": "Roe"}
    await scim.patch(id_, {"op": "Replace", "value": value})
    assert await scim.told_since(told) == [
        ("hired", {"person_id": "p-1", "name": "Ann Roe", "unit": "support", "role": "clerk"}),
        ("unit-changed", {"person_id": "p-1", "unit": "support"}),
    ]


@pytest.mark.parametrize("value", ["False", "false", False])
async def test_deactivation_ends_access_and_not_employment(scim: Scim, value: object) -> None:
    id_ = (await scim.create())["id"]
    changed = await scim.patch(id_, {"op": "Replace", "path": "active", "value": value})
    assert changed["active"] is False
    assert await scim.told() == [LINKED, HIRED]


@pytest.mark.parametrize("value", ["False", "false", False])
async def test_deactivation_ends_employment_where_so_configured(leaving: Scim, value: object) -> None:
    id_ = (await leaving.create())["id"]
    changed = await leaving.patch(id_, {"op": "Replace", "path": "active", "value": value})
    assert changed["active"] is False
    assert await leaving.told() == [LINKED, HIRED, ("left", {"person_id": "p-1", "voluntary": None})]


async def test_reactivation_hires_again(leaving: Scim) -> None:
    id_ = (await leaving.create())["id"]
    await leaving.patch(id_, {"op": "Replace", "path": "active", "value": "False"})
    told = await leaving.told()
    await leaving.patch(id_, {"op": "Replace", "path": "active", "value": "True"})
    assert await leaving.told_since(told) == [HIRED]


async def test_access_ends_without_a_path_begins_again_and_is_deleted_and_employment_goes_on(scim: Scim) -> None:
    id_ = (await scim.create())["id"]
    for value, active in (("False", False), ("True", True)):
        assert (await scim.patch(id_, {"op": "Replace", "value": {"active": value}}))["active"] is active
    await scim.call("DELETE", f"/Users/{id_}", None, 204)
    assert await scim.told() == [LINKED, HIRED]


MANAGED = ("manager-changed", {"person_id": "p-1", "manager_id": "p-7"})


async def test_a_manager_is_told_once_they_are_known(scim: Scim) -> None:
    manager = (await scim.create(user_name="bob@example.org", number=None))["id"]
    id_ = (await scim.create())["id"]
    told = await scim.told()
    await scim.patch(id_, {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": {"value": manager}})
    assert await scim.told_since(told) == []
    await scim.patch(manager, {"op": "Add", "path": f"{ENTERPRISE}:employeeNumber", "value": "p-7"})
    assert MANAGED in await scim.told_since(told)


@pytest.mark.parametrize("shape", ["text", "object", "list"])
async def test_a_manager_is_named_in_whatever_shape(scim: Scim, shape: str) -> None:
    manager = (await scim.create(user_name="bob@example.org", number="p-7"))["id"]
    id_ = (await scim.create())["id"]
    told = await scim.told()
    given = {"value": manager, "$ref": f"http://test/scim/v2/Users/{manager}"}
    value: Any = {"text": manager, "object": given, "list": [given]}[shape]
    await scim.patch(id_, {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": value})
    assert await scim.told_since(told) == [MANAGED]
    await scim.patch(id_, {"op": "Remove", "path": f"{ENTERPRISE}:manager"})
    assert (await scim.told())[-1] == ("manager-changed", {"person_id": "p-1", "manager_id": None})


async def test_members_of_a_group_come_and_go(scim: Scim) -> None:
    ann, bob = (await scim.create())["id"], (await scim.create(user_name="bob@example.org", number="p-7"))["id"]
    group = {"schemas": [CORE.replace("User", "Group")], "externalId": "8aa1", "displayName": "Readers"}
    id_ = (await scim.call("POST", "/Groups", group | {"members": []}, 201))["id"]
    told = await scim.told()
    await scim.patch(id_, {"op": "Add", "path": "members", "value": [{"value": ann}, {"value": bob}]}, kind="Groups")
    await scim.patch(id_, {"op": "Remove", "path": "members", "value": [{"value": ann}]}, kind="Groups")
    found = await scim.call("GET", '/Groups?filter=displayName eq "readers"&excludedAttributes=externalId')
    assert [[each["value"] for each in one["members"]] for one in found["Resources"]] == [[bob]]
    assert "externalId" not in found["Resources"][0]
    await scim.patch(id_, {"op": "Remove", "path": f'members[value eq "{bob}"]'}, kind="Groups")
    assert "members" not in await scim.call("GET", f"/Groups/{id_}")
    await scim.call("DELETE", f"/Groups/{id_}", None, 204)
    assert await scim.told_since(told) == []


async def test_a_deleted_user_is_gone(leaving: Scim) -> None:
    id_ = (await leaving.create())["id"]
    told = await leaving.told()
    await leaving.call("DELETE", f"/Users/{id_}", None, 204)
    assert await leaving.told_since(told) == [("left", {"person_id": "p-1", "voluntary": None})]
    for method, body in (("GET", None), ("DELETE", None), ("PUT", user())):
        assert (await leaving.call(method, f"/Users/{id_}", body, 404))["status"] == "404"
    assert PATCH_OP not in str(await leaving.call("GET", "/Users"))
    assert (await leaving.create())["id"] != id_
