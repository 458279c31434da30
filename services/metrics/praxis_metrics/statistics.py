"""Statistics in a process of their own: their libraries take 180 MB and seconds to load, and they hold up event loops.

Functions that run there import scipy and statsmodels themselves, so that no other process has them.
"""

import asyncio
import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

LOOK_SECONDS = 1.0

_pools: list[ProcessPoolExecutor] = []


async def computed(function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What a module's function returns there; what it takes and gives is pickled, and its errors are raised."""
    if not _pools:
        # Spawned: a forked one would have the parent's connections.
        spawn = multiprocessing.get_context("spawn")
        _pools.append(ProcessPoolExecutor(1, mp_context=spawn, initializer=_end_with, initargs=(os.getpid(),)))
    return await asyncio.get_running_loop().run_in_executor(_pools[0], partial(function, *args, **kwargs))


def close() -> None:
    """End that process, if there is one."""
    while _pools:
        _pools.pop().shutdown(wait=False, cancel_futures=True)


def _end_with(parent: int) -> None:
    """A parent that is killed tells nobody, and the pool's own pipes stay open."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
