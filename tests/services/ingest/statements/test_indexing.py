import json
from typing import Any
from uuid import UUID

from praxis_ingest.statements.indexing import IndexedStatement, index_key, index_statement

ID = "7f3a1c2e-2a4b-4c55-9d0e-000000000001"
BASE: dict[str, Any] = {
    "id": ID,
    "stored": "2026-03-02T10:00:00Z",
    "actor": {"mbox": "mailto:Ann@Example.org"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
    "object": {"id": "https://example.org/a"},
    "authority": {"account": {"homePage": "https://example.org", "name": "lms"}},
}


def indexed(**changes: Any) -> IndexedStatement:
    return index_statement(json.dumps(BASE | changes).encode())


def keys(*texts: str) -> tuple[UUID, ...]:
    return tuple(map(index_key, texts))


def test_an_object_without_object_type_is_an_activity() -> None:
    found = indexed()
    assert found.id == UUID(ID)
    assert found.activity == index_key("https://example.org/a")
    assert found.related_activities == keys("https://example.org/a")
    assert found.voids is None


def test_mail_addresses_compare_in_lower_case() -> None:
    assert indexed().agents == keys("mbox:ann@example.org")


def test_the_authority_is_related_and_not_direct() -> None:
    found = indexed()
    assert index_key("account:https://example.org|lms") in found.related_agents
    assert index_key("account:https://example.org|lms") not in found.agents


def test_members_of_a_group_are_found_as_the_actor() -> None:
    found = indexed(
        actor={"objectType": "Group", "member": [{"mbox": "mailto:a@b.c"}, {"openid": "https://id.example/x"}]}
    )
    assert found.agents == keys("mbox:a@b.c", "openid:https://id.example/x")


def test_an_agent_as_object_is_direct_and_no_activity() -> None:
    found = indexed(object={"objectType": "Agent", "mbox": "mailto:bob@example.org"})
    assert found.agents == keys("mbox:ann@example.org", "mbox:bob@example.org")
    assert found.activity is None
    assert found.related_activities == ()


def test_context_and_sub_statement_are_related() -> None:
    sub = {
        "objectType": "SubStatement",
        "actor": {"mbox": "mailto:sub@example.org"},
        "verb": {"id": "http://example.org/v"},
        "object": {"id": "https://example.org/sub"},
        "context": {"contextActivities": {"other": {"id": "https://example.org/sub-other"}}},
    }
    context: dict[str, Any] = {
        "registration": "7f3a1c2e-2a4b-4c55-9d0e-0000000000aa",
        "instructor": {"mbox": "mailto:teacher@example.org"},
        "team": {"objectType": "Group", "mbox": "mailto:team@example.org"},
        "contextActivities": {"parent": [{"id": "https://example.org/course"}]},
    }
    found = indexed(object=sub, context=context)
    assert found.agents == keys("mbox:ann@example.org")
    related = keys("mbox:sub@example.org", "mbox:teacher@example.org", "mbox:team@example.org")
    assert set(related) <= set(found.related_agents)
    assert found.related_activities == keys(
        "https://example.org/course",
        "https://example.org/sub",
        "https://example.org/sub-other",
    )
    assert found.registration == UUID(context["registration"])


def test_a_voiding_statement_names_its_target() -> None:
    target = "7f3a1c2e-2a4b-4c55-9d0e-0000000000bb"
    found = indexed(
        verb={"id": "http://adlnet.gov/expapi/verbs/voided"}, object={"objectType": "StatementRef", "id": target}
    )
    assert found.voids == UUID(target)
    assert found.activity is None
