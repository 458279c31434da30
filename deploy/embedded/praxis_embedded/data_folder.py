"""The folder of an installation on one machine: its database, its Kafka, its credential, and who is using it."""

import fcntl
import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import IO

from praxis_service.settings import Settings


class FolderInUse(OSError):
    """Another ``praxis run`` is using the folder."""


class DataFolder:
    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._lock: IO[str] | None = None

    def take(self) -> None:
        """Make the folder and keep others out until this process ends. Raises ``FolderInUse``."""
        self.path.mkdir(parents=True, exist_ok=True)
        lock = (self.path / "run.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            raise FolderInUse(f"{self.path} is in use by another praxis run") from None
        self._lock = lock

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def kafka(self) -> Path:
        return self.path / "kafka"

    @property
    def imports(self) -> Path:
        return self.path / "imports"

    @property
    def erasures(self) -> Path:
        """Those that are under way."""
        return self.path / "erasures"

    def note_reached_by(self, environment: Mapping[str, str]) -> None:
        """Write down how commands beside ``praxis run`` reach its database and its log."""
        _write_private(self._reached_by, json.dumps(dict(environment)))

    def reached_by(self) -> dict[str, str]:
        """The same as settings, but for what the environment says otherwise; empty when there was no ``praxis run``."""
        if not self._reached_by.exists():
            return {}
        noted: dict[str, str] = json.loads(self._reached_by.read_text())
        unset = {name: value for name, value in noted.items() if name not in os.environ}
        return {name.removeprefix("PRAXIS_").lower(): value for name, value in unset.items()}

    def credential(self, settings: Settings) -> tuple[str, str, bool]:
        """The admin's key and secret, and whether they were made just now.

        What is made is kept in the folder, readable by its owner alone, so that a second run has the same.
        """
        kept = self.kept_credential(settings)
        if kept is not None:
            return *kept, False
        made = {"key": settings.admin_key or "admin", "secret": secrets.token_urlsafe(24)}
        _write_private(self._credential, json.dumps(made))
        return made["key"], made["secret"], True

    def kept_credential(self, settings: Settings) -> tuple[str, str] | None:
        """The admin's key and secret: from the environment, else from the folder, if either has them."""
        if settings.admin_secret is not None:
            return settings.admin_key or "admin", settings.admin_secret
        if not self._credential.exists():
            return None
        found = json.loads(self._credential.read_text())
        return found["key"], found["secret"]

    @property
    def _reached_by(self) -> Path:
        return self.path / "reached-by.json"

    @property
    def _credential(self) -> Path:
        return self.path / "credential.json"


def _write_private(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
