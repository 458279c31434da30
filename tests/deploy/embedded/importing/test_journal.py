import os
from pathlib import Path

from praxis_embedded.importing.journal import Journal

URL = "http://127.0.0.1:8000"


def test_it_goes_on_where_it_was(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"{}\n")
    assert Journal(tmp_path / "imports", URL, file).next_line() == 1
    Journal(tmp_path / "imports", URL, file).reached(70, now=True)
    assert Journal(tmp_path / "imports", URL, file).next_line() == 70
    assert Journal(tmp_path / "imports", "http://elsewhere", file).next_line() == 1
    Journal(tmp_path / "imports", URL, file).done()
    assert Journal(tmp_path / "imports", URL, file).next_line() == 1


def test_of_a_changed_file_nothing_is_skipped(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"{}\n")
    Journal(tmp_path, URL, file).reached(70, now=True)
    os.utime(file, ns=(1, 1))
    assert Journal(tmp_path, URL, file).next_line() == 1
