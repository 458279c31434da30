"""Files of JSON objects, one a line, plain or compressed."""

import gzip
import lzma
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO, NamedTuple


class Line(NamedTuple):
    """``number`` counts from 1, as editors do; ``read`` is how many bytes of the file were read by then."""

    number: int
    body: bytes
    read: int


class LinesFile:
    """``size`` in bytes, as it lies on the disk."""

    def __init__(self, path: Path) -> None:
        self.path, self.size = path, path.stat().st_size

    def lines(self, first: int = 1) -> Iterator[Line]:
        """The lines that are not blank, from number ``first`` on. Raises ``OSError`` for a file that breaks off."""
        with self.path.open("rb") as raw, closing(opened(raw, self.path.suffix)) as text:
            try:
                for number, body in enumerate(text, start=1):
                    if number >= first and not body.isspace():
                        yield Line(number, body.strip(), raw.tell())
            except (EOFError, lzma.LZMAError) as error:
                raise OSError(f"{self.path} cannot be read to its end: {error}") from None


def opened(raw: IO[bytes], suffix: str) -> IO[bytes]:
    """What is in ``raw``, unpacked as its file's name says."""
    if suffix == ".gz":
        return gzip.open(raw)  # type: ignore[return-value]
    if suffix == ".xz":
        return lzma.open(raw)
    return raw
