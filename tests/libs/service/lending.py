"""A service for tests: the package ``lending`` with migrations of its own."""

from pathlib import Path

REVISION = """
from alembic import op

revision = "{revision}"
down_revision = {down}


def upgrade() -> None:
    op.execute("{sql}")
"""


def revise(package: Path, branch: str, revision: str, down: str | None, sql: str) -> None:
    source = REVISION.format(revision=revision, down=repr(down), sql=sql)
    (package / "migrations" / branch / f"{revision}.py").write_text(source)
