"""Durations by ISO 8601:2004 §4.4.3.2, the format with designators (xAPI 1.0.3, Data §4.6)."""

import re

_NUMBER = r"[0-9]+(?:[.,][0-9]+)?"
_DURATION = re.compile(
    rf"""
    (?! .*[.,][0-9]+[YMDHW]. )                               # only the last component may have a fraction
    P (?: {_NUMBER}W
        | (?=[0-9T]) (?:{_NUMBER}Y)? (?:{_NUMBER}M)? (?:{_NUMBER}D)?
          (?: T (?=[0-9]) (?:{_NUMBER}H)? (?:{_NUMBER}M)? (?:{_NUMBER}S)? )? )
    """,
    re.VERBOSE,
)
_SECONDS = re.compile(r"[.,]([0-9]+)S$")


def is_duration(text: str) -> bool:
    return _DURATION.fullmatch(text) is not None


def to_hundredths(text: str) -> str:
    """The duration with its seconds cut (not rounded) to 0.01 s: more is not compared (Data §4.6).

    Units are never converted into one another (Data §2.3.1): ``PT60S`` stays another string than ``PT1M``.
    """
    return _SECONDS.sub(_cut, text)


def _cut(seconds: re.Match[str]) -> str:
    digits = seconds[1][:2].rstrip("0")
    return f".{digits}S" if digits else "S"
