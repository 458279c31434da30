"""Language tags: well-formed by the grammar of RFC 5646 §2.1."""

import re
from collections.abc import Callable

from praxis_ingest.statements.remembered import Remembered

_TAG = re.compile(
    r"""
    (?: [a-z]{2,3} (?: -[a-z]{3} ){0,3} | [a-z]{4,8} )       # language, with up to three extended subtags
    (?: -[a-z]{4} )?                                         # script
    (?: -(?: [a-z]{2} | [0-9]{3} ) )?                        # region
    (?: -(?: [a-z0-9]{5,8} | [0-9][a-z0-9]{3} ) )*           # variants
    (?: -[0-9a-wy-z] (?: -[a-z0-9]{2,8} )+ )*                # extensions
    (?: -x (?: -[a-z0-9]{1,8} )+ )?                          # private use
    | x (?: -[a-z0-9]{1,8} )+
    | en-gb-oed | i-(?: ami | bnn | default | enochian | hak | klingon | lux | mingo | navajo | pwn | tao | tay | tsu )
    | sgn-(?: be-fr | be-nl | ch-de )                        # grandfathered, irregular
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)

is_language_tag: Callable[[str], bool] = Remembered(lambda text: _TAG.fullmatch(text) is not None).__getitem__
"""Whether a string is a well-formed language tag. Subtags are not looked up in the registry."""
