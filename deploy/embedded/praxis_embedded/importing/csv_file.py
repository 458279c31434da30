"""CSV as HR systems and LMSs write it: commas, semicolons or tabs; UTF-8 or UTF-16; plain or compressed."""

import csv
import lzma
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import Any, NamedTuple, cast

from praxis_embedded.importing.files import opened

_DELIMITERS = ",;\t"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class UnreadableCsv(OSError):
    """Not what it should be: nothing of it, or nothing more, can be used."""


class CsvRow(NamedTuple):
    """``line`` is where the row begins, counted from 1; ``read`` is how many bytes of the file were read by then."""

    line: int
    cells: list[str]
    read: int


@dataclass(frozen=True, slots=True)
class CsvFile:
    """``header``: the first line's cells, without surrounding space; ``rows``: those that are not blank."""

    header: Sequence[str]
    rows: Iterator[CsvRow]


@contextmanager
def opened_csv(path: Path, encoding: str | None = None) -> Iterator[CsvFile]:
    """``encoding``: without it UTF-8, or UTF-16 where a byte order mark says so. Raises ``UnreadableCsv``."""
    try:
        with path.open("rb") as raw, cast(BufferedReader, opened(raw, path.suffix)) as unpacked:
            encoding = encoding or ("utf-16" if unpacked.peek(2)[:2] in _UTF_16 else "utf-8-sig")
            with TextIOWrapper(unpacked, encoding, newline="") as text:
                yield _read(text, raw)
    except UnicodeDecodeError as error:
        named = encoding.removesuffix("-sig").upper() if encoding else ""
        raise UnreadableCsv(f"{path.name} is not {named} ({error.reason})") from None
    except csv.Error as error:
        raise UnreadableCsv(f"{path.name} is not CSV: {error}") from None
    except (EOFError, lzma.LZMAError) as error:
        raise UnreadableCsv(f"{path.name} cannot be read to its end: {error}") from None


def _read(text: TextIOWrapper, raw: Any) -> CsvFile:
    first = text.readline()
    delimiter = max(_DELIMITERS, key=first.count)
    header = next(csv.reader([first], delimiter=delimiter, strict=True), [])
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    return CsvFile([each.strip() for each in header], _rows(reader, raw))


def _rows(reader: Any, raw: Any) -> Iterator[CsvRow]:
    begins = 2
    for cells in reader:
        if any(cell.strip() for cell in cells):
            yield CsvRow(begins, cells, raw.tell())
        begins = reader.line_num + 2
