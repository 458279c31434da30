"""Tests of strings that repeat from statement to statement: identifiers and language tags."""

from collections.abc import Callable

_MOST = 16_384
_LONGEST = 256


class Remembered(dict[str, bool]):
    """The answers of ``holds`` by string; a lookup in C once a string is known.

    Bounded: strings over 256 characters are never kept, and all is forgotten when 16,384 are.
    """

    __slots__ = ("_holds",)

    def __init__(self, holds: Callable[[str], bool]) -> None:
        super().__init__()
        self._holds = holds

    def __missing__(self, text: str) -> bool:
        answer = self._holds(text)
        if len(text) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[text] = answer
        return answer
