import pytest

from praxis_ingest.statements.language_tags import is_language_tag


@pytest.mark.parametrize(
    "text",
    [
        "en",
        "en-US",
        "EN-us",
        "tlh",
        "zh-Hant-TW",
        "zh-cmn-Hans-CN",
        "sl-rozaj-biske",
        "de-CH-1901",
        "es-419",
        "de-a-value",
        "en-u-islamcal-x-priv",
        "x-whatever",
        "i-klingon",
        "en-GB-oed",
        "und",
        "abcdefgh",
    ],
)
def test_well_formed(text: str) -> None:
    assert is_language_tag(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "e",
        "en_US",
        "en-",
        "-en",
        "a12345",
        "a12345678",
        "abcdefghi",
        "de-419-DE",
        "en-a",
        "en--US",
        "x-",
        "ën",
        "en-US ",
    ],
)
def test_malformed(text: str) -> None:
    assert not is_language_tag(text)
