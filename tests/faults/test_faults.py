"""Acknowledged means kept, and counted once: whatever is killed, hangs, is cut off or has no room, at any moment."""

from collections.abc import Callable
from pathlib import Path
from random import Random
from time import monotonic

import pytest

from tests.faults.book import Book
from tests.faults.breaking import Fault, of_full_disks, possible
from tests.faults.conftest import Trial
from tests.faults.decided import assert_decided_once
from tests.faults.disk import Disk
from tests.faults.found import read_log
from tests.faults.kept import assert_kept
from tests.faults.read_models import (
    assert_kpis_are_right,
    assert_listings_are_right,
    assert_nobody_dead_locked,
    assert_tables_are_right,
)
from tests.faults.rounds import Figures, under_faults
from tests.faults.world import World, world


@pytest.mark.timeout(3 * 3_600)
async def test_what_was_acknowledged_is_kept_and_counted_once(
    tmp_path: Path, trial: Trial, totals: dict[str, Figures]
) -> None:
    await try_out(tmp_path, trial, possible, totals)


@pytest.mark.skipif(not Disk.can_be_full(), reason="a small file system can be mounted by root only")
async def test_it_is_when_a_disk_is_full(tmp_path: Path, disk_trial: Trial, totals: dict[str, Figures]) -> None:
    await try_out(tmp_path, disk_trial, of_full_disks, totals)


async def try_out(
    folder: Path, trial: Trial, faults: Callable[[World], list[Fault]], totals: dict[str, Figures]
) -> None:
    """Rounds of these faults, then everything compared with what the clients were told."""
    print(f"\n{trial.log}, SEED={trial.seed}", flush=True)
    book = Book()
    async with world(folder, trial.log, Random(trial.seed)) as installation:
        try:
            figures = await under_faults(installation, book, trial.seed, trial.rounds, faults(installation))
            assert book.violations == []
            began = monotonic()
            async with installation.log() as log:
                found = await read_log(log)
                assert_kept(book, found)
                assert_nobody_dead_locked(installation)
                await assert_tables_are_right(installation, found)
                await assert_listings_are_right(installation, found)
                await assert_kpis_are_right(installation, found)
                await assert_decided_once(installation, log, found)
            print(f"  all is as it must be: compared in {monotonic() - began:.0f} s", flush=True)
        except BaseException:
            print(installation.last_words())
            raise
    figures.decisions = len({each.event.id for each in found.decisions})
    totals[trial.log] = totals.get(trial.log, Figures()) + figures
