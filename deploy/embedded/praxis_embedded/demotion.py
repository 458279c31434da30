"""PostgreSQL refuses to run as root: then its programs run as ``nobody``, on a data directory that is theirs."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

UNPRIVILEGED = "nobody"


def demoted(command: Sequence[str], *places: Path) -> list[str]:
    """``command`` for a user that PostgreSQL accepts; ``places`` are the directories that it must reach.

    Raises ``PermissionError`` when it is root's and cannot be run by another user.
    """
    if os.geteuid() != 0:
        return list(command)
    if shutil.which("setpriv") is None:
        raise PermissionError("as root, PostgreSQL needs setpriv (util-linux); or run Praxis as another user")
    reachable = all(_reaches(place) for place in places)
    return [*_setpriv(keep_search=not reachable), *command]


def owned(directory: Path) -> None:
    """Give ``directory`` to the user that ``demoted`` commands run as."""
    if os.geteuid() == 0:
        user = pwd.getpwnam(UNPRIVILEGED)
        os.chown(directory, user.pw_uid, user.pw_gid)


def _setpriv(*, keep_search: bool) -> list[str]:
    user = pwd.getpwnam(UNPRIVILEGED)
    command = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
    if keep_search:  # A home directory of root's shuts everybody else out of all that lies in it.
        command += ["--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    return command


@cache
def _reaches(place: Path) -> bool:
    probe = [*_setpriv(keep_search=False), "test", "-x", str(place)]
    return subprocess.run(probe, check=False).returncode == 0  # noqa: S603 - no shell, no text from outside
