"""Absolute IRIs by the grammar of RFC 3987 §2.2, and the mailto IRIs that name an Agent (xAPI 1.0.3, Data §2.4.2.3)."""

import re
from collections.abc import Callable

from praxis_ingest.statements.remembered import Remembered

_PERCENT = "%[0-9A-Fa-f]{2}"
_PLANES = "".join(f"{chr(plane)}-{chr(plane + 0xFFFD)}" for plane in range(0x10000, 0xE0000, 0x10000))
_UCS = f"\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef{_PLANES}\U000e1000-\U000efffd"
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_NAME = f"A-Za-z0-9._~!$&'()*+,;={_UCS}-"
"""iunreserved and sub-delims: what a host name may hold."""


def _run(characters: str) -> str:
    return f"(?:[{characters}]|{_PERCENT})*+"


_IRI = re.compile(
    rf"""
    [A-Za-z][A-Za-z0-9+.-]*+ :                               # scheme
    (?: // (?: {_run(":" + _NAME)} @ )?                      # user
           (?: \[[0-9A-Fa-f:.v]+\] | {_run(_NAME)} )         # host
           (?: :[0-9]* )?                                    # port
           (?: / {_run("/:@" + _NAME)} )?
      | (?!//) {_run("/:@" + _NAME)} )                       # path
    (?: \? {_run("/?:@" + _PRIVATE + _NAME)} )?              # query
    (?: \# {_run("/?:@" + _NAME)} )?                         # fragment
    """,
    re.VERBOSE,
)

_MAILTO = re.compile(
    rf"""
    (?i:mailto): (?: [\w.!$&'*+/=^`{{|}}~-] | {_PERCENT} )++
    @ (?: [\w](?:[\w-]*\w)? (?: \. \w(?:[\w-]*\w)? )* | \[[0-9A-Fa-f:.]+\] )
    """,
    re.VERBOSE,
)

is_iri: Callable[[str], bool] = Remembered(lambda text: _IRI.fullmatch(text) is not None).__getitem__
"""Whether a string is an IRI with a scheme; relative references are not."""

is_mailto: Callable[[str], bool] = Remembered(lambda text: _MAILTO.fullmatch(text) is not None).__getitem__
"""Whether a string is ``mailto:`` and one mail address."""
