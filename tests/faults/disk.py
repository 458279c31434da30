"""A disk of its own for a server, which can be full: a file system in memory, of a size that changes while in use."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SIZE = 4_000_000_000
"""A bound, and no reservation: it takes what is written to it."""

ROOM_WHEN_FULL = 100_000
"""What is left: so that it becomes full in the middle of something."""

_GROWN_MEANWHILE = 5


class Disk:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @staticmethod
    def can_be_full() -> bool:
        """Mounting is root's."""
        return os.geteuid() == 0

    @contextmanager
    def mounted(self) -> Iterator[None]:
        """Without the right to mount: a folder like any other, which cannot be filled."""
        self.folder.mkdir()
        if not self.can_be_full():
            yield
            return
        _mount("-t", "tmpfs", "-o", f"size={SIZE},mode=755", "tmpfs", str(self.folder))
        try:
            yield
        finally:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)

    @contextmanager
    def full(self) -> Iterator[None]:
        """Meanwhile next to nothing more can be written."""
        for attempt in range(_GROWN_MEANWHILE):
            found = os.statvfs(self.folder)
            used = (found.f_blocks - found.f_bfree) * found.f_frsize
            try:
                self._resize(used + ROOM_WHEN_FULL)
            except subprocess.CalledProcessError:
                if attempt == _GROWN_MEANWHILE - 1:
                    raise
            else:
                break
        try:
            yield
        finally:
            self._resize(SIZE)

    def _resize(self, size: int) -> None:
        _mount("-o", f"remount,size={size}", str(self.folder))


def _mount(*arguments: str) -> None:
    subprocess.run(["mount", *arguments], check=True, capture_output=True)
