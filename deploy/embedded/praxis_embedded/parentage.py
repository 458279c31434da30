"""A child of ``praxis run`` ends with it, even when it is killed (prctl(2), PR_SET_PDEATHSIG)."""

import ctypes
import os
import signal
import sys

PARENT = "PRAXIS_PARENT_PID"
_PR_SET_PDEATHSIG = 1


def follow_parent() -> None:
    """When started by ``praxis run``: get SIGTERM at its end. Elsewhere than on Linux, nothing."""
    parent = os.environ.get(PARENT)
    if parent is None or sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):  # it ended before we asked
        sys.exit(1)
