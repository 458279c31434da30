import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from praxis_embedded.importing.files import LinesFile

TEXT = b'{"a": 1}\n\n  \n{"b": 2}\r\n{"c": 3}'


@pytest.mark.parametrize(
    ("name", "compress"), [("a.jsonl", bytes), ("a.jsonl.gz", gzip.compress), ("a.jsonl.xz", lzma.compress)]
)
def test_lines_are_read_with_their_numbers(tmp_path: Path, name: str, compress: Callable[[bytes], bytes]) -> None:
    path = tmp_path / name
    path.write_bytes(compress(TEXT))
    file = LinesFile(path)
    assert [(line.number, line.body) for line in file.lines()] == [(1, b'{"a": 1}'), (4, b'{"b": 2}'), (5, b'{"c": 3}')]
    assert [line.number for line in file.lines(first=4)] == [4, 5]
    assert [line.read for line in file.lines()][-1] == file.size


@pytest.mark.parametrize(("name", "compress"), [("a.gz", gzip.compress), ("a.xz", lzma.compress)])
def test_a_file_that_breaks_off_is_an_error(tmp_path: Path, name: str, compress: Callable[[bytes], bytes]) -> None:
    path = tmp_path / name
    path.write_bytes(compress(TEXT * 10_000)[:-20])
    with pytest.raises(OSError, match="cannot be read to its end"):
        list(LinesFile(path).lines())


def test_a_file_that_is_not_what_its_name_says_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.xz"
    path.write_bytes(TEXT)
    with pytest.raises(OSError, match="cannot be read"):
        list(LinesFile(path).lines())
