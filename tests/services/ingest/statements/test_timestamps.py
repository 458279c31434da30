import pytest

from praxis_ingest.statements.timestamps import check_timestamp, instant, is_utc, to_utc

RFC3339 = [
    "2026-03-02T10:00:00Z",
    "2026-03-02T10:00:00.123456789Z",
    "2026-12-31T23:59:59+14:00",
    "2026-04-30T00:00:00-11:30",
    "2024-02-29T00:00:00Z",
    "2016-12-31T23:59:60Z",
    "2008-09-15t15:53:00.601z",
    "0099-01-01T00:00:00Z",
]
OTHER_ISO = [
    "2026-03-02T10:00:00",
    "2026-03-02T10:00Z",
    "2026-03-02T10Z",
    "2026-03-02T10:00:00+01",
    "2026-03-02T10:00:00+0100",
    "2026-03-02T10:00:00,5Z",
    "20260302T100000Z",
    "20260302T100000.5+0100",
]
WRONG = [
    "",
    "should fail",
    "01/011/2015",
    "2026-03-02",
    "2026-03-02 10:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-03-02T24:00:00Z",
    "2026-03-02T10:60:00Z",
    "2026-03-02T10:00:61Z",
    "2026-03-02T10:00:00.Z",
    "2026-03-02T1000Z",
    "20260302T10:00:00Z",
    "2026-03-02T10:00:00+24:00",
    "2026-03-02T10:00:00+01:60",
    "2008-09-15T15:53:00.601-00",
    "2008-09-15T15:53:00.601-0000",
    "2008-09-15T15:53:00.601-00:00",
    "2026-03-02T10:00:00Z\n",
    "٢٠٢٦-03-02T10:00:00Z",
    "0000-01-01T00:00:00Z",
    "0001-01-01T00:00:00+01:00",
    "9999-12-31T23:59:59-01:00",
]


@pytest.mark.parametrize("text", RFC3339)
def test_rfc_3339_is_taken_by_both_editions(text: str) -> None:
    check_timestamp(text, rfc3339=True)
    check_timestamp(text, rfc3339=False)


@pytest.mark.parametrize("text", OTHER_ISO)
def test_the_rest_of_iso_8601_is_taken_by_the_older_edition_only(text: str) -> None:
    check_timestamp(text, rfc3339=False)
    with pytest.raises(ValueError, match="RFC 3339"):
        check_timestamp(text, rfc3339=True)


@pytest.mark.parametrize("text", WRONG)
@pytest.mark.parametrize("rfc3339", [True, False])
def test_what_is_no_timestamp(text: str, rfc3339: bool) -> None:
    with pytest.raises(ValueError, match=r"^must "):
        check_timestamp(text, rfc3339=rfc3339)


@pytest.mark.parametrize("text", RFC3339 + OTHER_ISO)
def test_in_utc_it_is_the_same_instant(text: str) -> None:
    assert is_utc(to_utc(text)) or text.startswith("00")
    assert instant(to_utc(text)) == instant(text)


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-03-02T10:00:00+02:00", "2026-03-02T08:00:00Z"),
        ("2026-03-02T10:00:00", "2026-03-02T10:00:00Z"),
        ("20260302T100000,25-0130", "2026-03-02T11:30:00.250000Z"),
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"),
        ("2026-03-02T10:00:00.1234569Z", "2026-03-02T10:00:00.123456Z"),
    ],
)
def test_to_utc(text: str, utc: str) -> None:
    assert to_utc(text) == utc


@pytest.mark.parametrize("text", ["2026-03-02T10:00:00Z", "2026-03-02T10:00:00.1+00:00"])
def test_utc_is_left_alone(text: str) -> None:
    assert is_utc(text)


@pytest.mark.parametrize("text", ["2026-03-02T10:00:00+01:00", "2026-03-02T10:00:00", "2016-12-31T23:59:60Z"])
def test_not_utc(text: str) -> None:
    assert not is_utc(text)
