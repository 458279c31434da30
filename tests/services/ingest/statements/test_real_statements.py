"""What real exporters send."""

from uuid import UUID

from praxis_ingest.statements.comparison import same_statement
from praxis_ingest.statements.decode import Decoded, decode_batch
from praxis_ingest.statements.repetition import may_repeat
from praxis_ingest.statements.splice import splice

BATCH = 1_000


def decoded(statements: list[bytes]) -> list[Decoded]:
    batches = (statements[start : start + BATCH] for start in range(0, len(statements), BATCH))
    return [each for batch in batches for each in decode_batch(b"[%b]" % b",".join(batch), max_batch=BATCH)]


def test_all_are_valid_and_keep_their_bytes(real_statements: list[bytes]) -> None:
    found = decoded(real_statements)
    assert [each.raw for each in found] == real_statements
    assert len({each.id for each in found}) == len(real_statements)


def test_none_takes_the_slow_look_for_repeated_members(real_statements: list[bytes]) -> None:
    assert not any(may_repeat(each.raw, each.statement) for each in decoded(real_statements))


def test_each_is_stored_as_it_came(real_statements: list[bytes]) -> None:
    for each in decoded(real_statements)[::10]:
        stored = splice(each, statement_id=UUID(int=0), stored="2026-01-01T00:00:00Z", authority=b"{}", version="1.0.0")
        assert stored.endswith(each.raw[1:])
        assert same_statement(stored, each.raw)
