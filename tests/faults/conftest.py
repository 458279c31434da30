"""``pytest tests/faults --rounds N --seed S --faults-on kafka``: how long, which chances, and on which log."""

from dataclasses import dataclass

import pytest

for module in ("kept", "read_models", "decided"):
    pytest.register_assert_rewrite(f"tests.faults.{module}")

from tests.faults.rounds import Figures  # noqa: E402
from tests.faults.world import LogKind  # noqa: E402

ROUNDS, SEED = 4, 297
"""Where every change is tested. These chances kill PostgreSQL, the broker and all that serves and projects, cut the
lines to both, and lose their answers."""

FULL_DISKS = 2
"""Rounds in which nothing but disks are full."""

AT_MOST = 25
"""Rounds of one installation; then its log is compared, and the next begins empty."""

LOGS: tuple[LogKind, ...] = ("postgres", "kafka")

_totals = pytest.StashKey[dict[str, Figures]]()


@dataclass(frozen=True, slots=True)
class Trial:
    log: LogKind
    seed: int
    rounds: int


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rounds", type=int, default=ROUNDS, help="rounds of faults on each log")
    parser.addoption("--seed", type=int, default=SEED, help="what the first installation's chances come from")
    parser.addoption("--faults-on", choices=LOGS, help="only on this log")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    option = metafunc.config.getoption
    rounds, seed, only = option("--rounds", ROUNDS), option("--seed", SEED), option("--faults-on", None)
    logs = [log for log in LOGS if only in (None, log)]
    trials = {
        "trial": [
            Trial(log, seed + number, min(AT_MOST, rounds - start))
            for log in logs
            for number, start in enumerate(range(0, rounds, AT_MOST))
        ],
        "disk_trial": [Trial(log, seed, FULL_DISKS) for log in logs],
    }
    for name in trials.keys() & set(metafunc.fixturenames):
        metafunc.parametrize(name, trials[name], ids=lambda each: f"{each.log}-seed-{each.seed}")


@pytest.fixture
def totals(request: pytest.FixtureRequest) -> dict[str, Figures]:
    """By log, what is shown at the end of the run."""
    return request.config.stash.setdefault(_totals, {})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for log, figures in config.stash.get(_totals, {}).items():
        terminalreporter.section(f"faults on {log}")
        terminalreporter.write_line(str(figures))
