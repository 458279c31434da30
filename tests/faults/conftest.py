"""``pytest tests/faults --rounds N --seed S --faults-on kafka``: how long, which chances, and on which log."""

from dataclasses import dataclass

import pytest

for module in ("kept", "read_models", "decided"):
    pytest.register_assert_rewrite(f"tests.faults.{module}")

from tests.faults.rounds import Figures  # noqa: E402
from tests.faults.world import LogKind  # noqa: E402

ROUNDS, SEED = 3, 20
"""Where every change is tested. These chances kill and fill up PostgreSQL and the broker, cut lines, lose answers, and
kill all that serves and projects."""

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
    if "trial" not in metafunc.fixturenames:
        return
    option = metafunc.config.getoption
    rounds, seed, only = option("--rounds", ROUNDS), option("--seed", SEED), option("--faults-on", None)
    trials = [
        Trial(log, seed + number, min(AT_MOST, rounds - start))
        for log in LOGS
        if only in (None, log)
        for number, start in enumerate(range(0, rounds, AT_MOST))
    ]
    metafunc.parametrize("trial", trials, ids=lambda each: f"{each.log}-seed-{each.seed}")


@pytest.fixture
def totals(request: pytest.FixtureRequest) -> dict[str, Figures]:
    """By log, what is shown at the end of the run."""
    return request.config.stash.setdefault(_totals, {})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    for log, figures in config.stash.get(_totals, {}).items():
        terminalreporter.section(f"faults on {log}")
        terminalreporter.write_line(str(figures))
