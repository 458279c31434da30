from datetime import UTC, datetime
from uuid import UUID

import pytest

from praxis_ingest.statements import cursor
from praxis_ingest.statements.cursor import Place
from praxis_ingest.statements.filters import MAX_LIMIT, StatementById, StatementFilter, parse_query
from praxis_service.problem import BadRequest
from tests.services.ingest.statements.test_indexing import ID


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"Verb": "http://example.org/v"}, "Verb"),
        ({"statementid": ID}, "statementid"),
        ({"statementId": "not-a-uuid"}, "statementId"),
        ({"statementId": ID.replace("-", "")}, "statementId"),
        ({"statementId": ID, "verb": "http://example.org/v"}, "verb"),
        ({"statementId": ID, "voidedStatementId": ID}, "voidedStatementId"),
        ({"agent": "mbox"}, "agent"),
        ({"agent": "[]"}, "agent"),
        ({"agent": '{"name": "Ann"}'}, "agent"),
        ({"agent": '{"account": {"name": "x"}}'}, "agent"),
        ({"agent": '{"mbox": "mailto:a@b.c", "openid": "https://id.example/x"}'}, "agent"),
        ({"agent": '{"mbox": 5}'}, "agent"),
        ({"verb": "completed"}, "verb"),
        ({"registration": "x"}, "registration"),
        ({"since": "2026-03-02T10:00:00"}, "since"),
        ({"until": "yesterday"}, "until"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"ascending": "True"}, "ascending"),
        ({"related_agents": "1"}, "related_agents"),
        ({"format": "short"}, "format"),
    ],
)
def test_a_bad_parameter_is_named(parameters: dict[str, str], named: str) -> None:
    with pytest.raises(BadRequest) as caught:
        parse_query(parameters)
    assert [error.parameter for error in caught.value.errors] == [named]


def test_every_filter_is_read() -> None:
    wanted = parse_query(
        {
            "agent": '{"mbox": "mailto:Ann@example.org"}',
            "verb": "http://example.org/v",
            "activity": "https://example.org/a",
            "registration": ID,
            "related_agents": "true",
            "since": "2026-03-02T11:00:00+01:00",
            "limit": "7",
            "ascending": "true",
            "format": "ids",
        }
    )
    assert isinstance(wanted, StatementFilter)
    assert wanted.agent == "mbox:ann@example.org"
    assert wanted.since == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert (wanted.limit, wanted.ascending, wanted.related_agents, wanted.related_activities) == (7, True, True, False)
    assert wanted.presentation.format == "ids"


@pytest.mark.parametrize("limit", ["0", "100000"])
def test_no_limit_means_the_most(limit: str) -> None:
    wanted = parse_query({"limit": limit})
    assert isinstance(wanted, StatementFilter)
    assert wanted.limit == MAX_LIMIT


def test_voided_by_id() -> None:
    wanted = parse_query({"voidedStatementId": ID, "format": "canonical"})
    assert isinstance(wanted, StatementById)
    assert wanted.voided


def test_a_cursor_is_read_back() -> None:
    parameters = {"verb": "http://example.org/v", "limit": "3"}
    place = Place(datetime(2026, 3, 2, 10, 0, 0, 123456, tzinfo=UTC), UUID(ID))
    assert cursor.decode(cursor.encode(parameters, place)) == (parameters, parse_query(parameters), place)


@pytest.mark.parametrize("word", ["", "x", "bm90IGpzb24", "e30", "W3t9LCIyMDI2IiwiIl0"])
def test_a_made_up_cursor_is_a_bad_request(word: str) -> None:
    with pytest.raises(BadRequest):
        cursor.decode(word)
