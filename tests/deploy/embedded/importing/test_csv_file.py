import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from praxis_embedded.importing.csv_file import UnreadableCsv, opened_csv

TEXT = 'a, b ,c\r\n1,"x\ny",3\r\n,,\r\n\r\n4,ü,6\r\n'


def read(path: Path, encoding: str | None = None) -> list[tuple[int, list[str]]]:
    with opened_csv(path, encoding) as file:
        rows = list(file.rows)
        assert list(file.header) == ["a", "b", "c"]
    assert rows[-1].read == path.stat().st_size
    return [(row.line, row.cells) for row in rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_rows_are_read_with_their_lines_in_every_encoding_that_says_which_it_is(
    tmp_path: Path, delimiter: str, encoding: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.replace(",", delimiter).encode(encoding))
    assert read(path) == [(2, ["1", "x\ny", "3"]), (6, ["4", "ü", "6"])]


@pytest.mark.parametrize(("name", "compress"), [("a.csv.gz", gzip.compress), ("a.csv.xz", lzma.compress)])
def test_a_compressed_file_is_unpacked(tmp_path: Path, name: str, compress: Callable[[bytes], bytes]) -> None:
    path = tmp_path / name
    path.write_bytes(compress(TEXT.encode()))
    assert len(read(path)) == 2
    path.write_bytes(compress(TEXT.encode() * 10_000)[:-20])
    with pytest.raises(UnreadableCsv, match="cannot be read to its end"):
        read(path)


def test_another_encoding_must_be_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(TEXT.encode("cp1252"))
    assert read(path, "cp1252")[1] == (6, ["4", "ü", "6"])
    with pytest.raises(UnreadableCsv, match="not UTF-8"):
        read(path)


def test_what_is_no_csv_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b,c\n1,"2')
    with pytest.raises(UnreadableCsv, match="not CSV"):
        read(path)
