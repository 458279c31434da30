"""A service for tests."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.libs.service.lending import revise


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An importable package ``lending`` with one revision in each branch."""
    package = tmp_path / "a folder, 100%" / "lending"
    for branch in ("durable", "projection"):
        (package / "migrations" / branch).mkdir(parents=True)
    (package / "__init__.py").touch()
    revise(package, "durable", "d_0001", None, "CREATE TABLE cards (holder text)")
    revise(package, "projection", "p_0001", None, "CREATE TABLE loans (book text)")
    monkeypatch.syspath_prepend(package.parent)
    yield package
    sys.modules.pop("lending", None)
