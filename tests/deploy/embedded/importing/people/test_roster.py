"""Files as HR systems write them."""

from pathlib import Path
from typing import Any

import pytest

from praxis_embedded.importing.csv_file import UnreadableCsv
from praxis_embedded.importing.people.roster import Roster, read_roster
from tests.deploy.embedded.importing.people.rosters import UTC_ZONE


def read(path: Path, text: str, encoding: str = "utf-8", **options: Any) -> Roster:
    path = path / "roster.csv"
    path.write_bytes(text.encode(encoding))
    return read_roster(path, UTC_ZONE, options.pop("headers", {}), **options)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_rows_are_read_with_their_lines_whatever_stands_between_cells(tmp_path: Path, delimiter: str) -> None:
    lines = ["person_id,name,unit", 'ann,"Ann\nLee",sales', ",,", "", "bob, Bob ,"]
    found = read(tmp_path, "\r\n".join(lines).replace(",", delimiter), "utf-8-sig")
    assert [(row.line, row.person_id, dict(row.values)) for row in found.rows] == [
        (2, "ann", {"name": "Ann\nLee", "unit": "sales"}),
        (6, "bob", {"name": "Bob", "unit": None}),
    ]
    assert found.columns == {"person_id", "name", "unit"}


def test_columns_may_be_called_otherwise_and_others_be_ignored(tmp_path: Path) -> None:
    found = read(
        tmp_path, "Staff no.,Job title,Shoe size\n7,clerk,42", headers={"person_id": "Staff no.", "role": "Job title"},
        ignore_others=True,
    )  # fmt: skip
    assert [(row.person_id, dict(row.values)) for row in found.rows] == [("7", {"role": "clerk"})]


@pytest.mark.parametrize(
    ("text", "headers", "said"),
    [
        ("person_id,rolle\nann,clerk", {}, "unknown columns: rolle"),
        ("person_id,unit", {"role": "Job"}, "no column 'Job'"),
        ("person_id,unit,unit\n", {}, "twice"),
        ("unit,role\n", {}, "no column person_id"),
        ("", {}, "no column person_id"),
        ('person_id,unit\nann,"sales', {}, "not CSV"),
    ],
)
def test_a_file_that_is_no_roster_is_an_error(tmp_path: Path, text: str, headers: dict[str, str], said: str) -> None:
    with pytest.raises(UnreadableCsv, match=said):
        read(tmp_path, text, headers=headers)


def test_another_encoding_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableCsv, match="not UTF-8"):
        read(tmp_path, "person_id,name\n7,Müller", "latin-1")


def test_each_row_that_cannot_be_used_is_listed_with_its_column(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "person_id,mail,fte,hired_on\n,,,\n,x@example.org,,\nann,ann@example.org,much,soon\nann,ann@example.org,1,\n"
        "ann,,,\nbob,ANN@example.org,,\ncem,c@example.org\n",
    )
    assert [(row.line, row.column) for row in found.refused] == [
        (3, "person_id"), (4, "fte"), (4, "hired_on"), (6, "person_id"), (7, "mail"), (8, ""),
    ]  # fmt: skip
    assert "ann in line 5 has the same" in [row.reason for row in found.refused]
    assert [row.line for row in found.rows] == [5]
    assert found.in_part >= {"ann", "bob", "cem"}
    assert found.persons >= {"ann", "bob", "cem"}
