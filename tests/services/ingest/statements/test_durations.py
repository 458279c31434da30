import pytest

from praxis_ingest.statements.durations import is_duration, to_hundredths


@pytest.mark.parametrize(
    "text",
    [
        "PT4H35M59.14S",
        "PT16559.14S",
        "P3Y1M29DT4H35M59.14S",
        "P3Y",
        "P4W",
        "P1.5W",
        "PT0S",
        "PT1H0M0.1S",
        "PT0,5S",
        "PT1.5H",
        "P1DT12H36M0.12567S",
        "P0.5Y",
    ],
)
def test_durations(text: str) -> None:
    assert is_duration(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "P",
        "PT",
        "P1DT",
        "P4W1D",
        "PA1H0M0S",
        "PT1.5H30M",
        "P1.5DT1H",
        "1H",
        "PT1S ",
        "-PT1S",
        "PT-1S",
        "P1M1Y",
        "PT1S1M",
        "pt1s",
        "PT.5S",
        "PT1.S",
        "P0003-06-04T12:30:05",
        "PT١S",
        "PT1S\n",
    ],
)
def test_what_is_no_duration(text: str) -> None:
    assert not is_duration(text)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("PT1.239S", "PT1.23S"),
        ("PT1,239S", "PT1.23S"),
        ("PT1.20S", "PT1.2S"),
        ("PT1.001S", "PT1S"),
        ("PT1S", "PT1S"),
        ("PT1.239H", "PT1.239H"),
        ("PT60S", "PT60S"),
    ],
)
def test_only_seconds_are_cut(text: str, cut: str) -> None:
    assert to_hundredths(text) == cut
