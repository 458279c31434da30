"""How far an import has come, so that the same command goes on where it was interrupted."""

import hashlib
import json
from pathlib import Path
from time import monotonic
from typing import Protocol

SAVE_SECONDS = 1.0


class Place(Protocol):
    """How far an import has come."""

    def next_line(self) -> int:
        """The first line that is not known to be stored."""

    def reached(self, line: int, *, now: bool = False) -> None:
        """All lines before ``line`` are stored."""

    def done(self) -> None:
        """The import is complete."""


class FromTheStart:
    """The place of an import that always begins at the first line."""

    def next_line(self) -> int:
        return 1

    def reached(self, line: int, *, now: bool = False) -> None: ...

    def done(self) -> None: ...


class Journal:
    """One file's place, kept in ``folder`` until the import is complete.

    The place belongs to this destination, this state of the file and ``terms``, on which the file is read: of a
    changed file, or on other terms, nothing is skipped.
    """

    def __init__(self, folder: Path, url: str, file: Path, terms: str = "") -> None:
        found = file.stat()
        identity = json.dumps([url, str(file.resolve()), found.st_size, found.st_mtime_ns, terms])
        self._path = folder / f"{hashlib.sha256(identity.encode()).hexdigest()[:32]}.json"
        self._file, self._saved_at = str(file), 0.0

    def next_line(self) -> int:
        """The first line that is not known to be stored."""
        if not self._path.exists():
            return 1
        return int(json.loads(self._path.read_text())["next_line"])

    def reached(self, line: int, *, now: bool = False) -> None:
        """All lines before ``line`` are stored. Written about once a second, or ``now``."""
        if not now and monotonic() - self._saved_at < SAVE_SECONDS:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_suffix(".new")
        fresh.write_text(json.dumps({"file": self._file, "next_line": line}))
        fresh.replace(self._path)
        self._saved_at = monotonic()

    def done(self) -> None:
        """The import is complete: begun again, it starts from the first line."""
        self._path.unlink(missing_ok=True)
