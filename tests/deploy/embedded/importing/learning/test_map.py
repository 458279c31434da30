"""What a map may say, and what is said of one that cannot be used."""

from pathlib import Path

import msgspec
import pytest

from praxis_embedded.importing.csv_file import UnreadableCsv
from praxis_embedded.importing.learning.map import MapFault, read_map, ready_maps
from tests.deploy.embedded.importing.learning.exports import told

MAP = """
time_zone = "Asia/Tokyo"
decimal = ","
blank = ["-"]
language = "de"

[learner]
account = "no"
home_page = "{site}"

[activity]
id = "urn:course:{course}"
name = "title"
course = "urn:school:{school}"

[[statement]]
verb = "https://w3id.org/xapi/adl/verbs/waived"
when = "at"
score = "points"
score_min = 1
score_max = 5
"""
ROWS = 'no,site,course,title,school,at,points\n7,https://a.example.org,x y,-,s,2026-03-02T08:00,"3,5"\n'


def written(folder: Path, text: str) -> str:
    path = folder / "map.toml"
    path.write_text(text)
    return str(path)


def test_a_map_of_ones_own(tmp_path: Path) -> None:
    found, refused = told(tmp_path, f"{ROWS}8,no site,x,T,-,-,9\n", written(tmp_path, MAP))
    statement = msgspec.json.decode(found[0].body)
    assert statement.pop("id") == found[0].id
    assert statement == {
        "actor": {"account": {"homePage": "https://a.example.org", "name": "7"}},
        "verb": {"id": "https://w3id.org/xapi/adl/verbs/waived", "display": {"en": "waived"}},
        "object": {"id": "urn:course:x%20y", "definition": {"type": "http://adlnet.gov/expapi/activities/course"}},
        "context": {"contextActivities": {"grouping": [{"id": "urn:school:s"}]}},
        "timestamp": "2026-03-01T23:00:00Z",
        "result": {"score": {"raw": 3.5, "min": 1, "max": 5, "scaled": 0.625}},
    }
    assert ([each.line for each in found], refused) == ([2], [])


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("[learner]", "[learner", "not TOML"),
        ('time_zone = "Asia/Tokyo"', "", "time_zone: Field required"),
        ('"Asia/Tokyo"', '"Tokyo"', "time_zone: must be a time zone"),
        ("blank =", "blanks =", "blanks: Extra inputs"),
        ('home_page = "{site}"', "", "learner: must have either mail, or account and home_page"),
        ('verb = "https://w3id.org/xapi/adl/verbs/waived"', 'verb = "done"', "must be an IRI or one of attempted"),
        ('verb = "https://w3id.org/xapi/adl/verbs/waived"', "", "must have either verb, or status and verbs"),
        ("score_max = 5", "score_max = 1", "score_max must be above score_min"),
        ('decimal = ","', 'format = "%Q"', "is no format of a time"),
        ('decimal = ","', "[given]\nsite = 'the address'", r"say with --set NAME=VALUE: site \(the address\)"),
    ],
)
def test_a_map_that_cannot_be_used_says_where(tmp_path: Path, before: str, after: str, said: str) -> None:
    assert before in MAP
    with pytest.raises(MapFault, match=said):
        read_map(written(tmp_path, MAP.replace(before, after)), {})


def test_the_documented_map(tmp_path: Path) -> None:
    text = Path("docs/imports.md").read_text().partition("```toml\n")[2].partition("```")[0]
    header = "Personnel no.;Course no.;Course;Enrolled on;Result;Finished on;Points;Time spent"
    rows = ["7;c 1;Go;1.3.2026;Done, with exam;2.3.2026 14:05;87,5;1:30", "8;c 1;Go;1.3.2026;cancelled by 7;n/a;-;"]
    found, refused = told(tmp_path, "\n".join([header, *rows]), written(tmp_path, text), {"zone": "Europe/Berlin"})
    assert ([each.line for each in found], refused) == ([2, 2, 2, 3], [])
    assert msgspec.json.decode(found[1].body)["result"] == {
        "completion": True, "duration": "PT1H30M", "score": {"raw": 87.5, "min": 0, "max": 100, "scaled": 0.875},
    }  # fmt: skip


def test_a_map_that_is_not_there_and_a_name_that_no_map_asks_for(tmp_path: Path) -> None:
    with pytest.raises(MapFault, match=f"or one of {', '.join(ready_maps())}"):
        read_map("elsewhere", {})
    with pytest.raises(MapFault, match="--set lms: the map asks for nothing"):
        read_map("plain", {"lms": "x"})


@pytest.mark.parametrize(
    ("header", "said"),
    [("no,site,course,title,school,at", "no column 'points'"), (ROWS.split("\n")[0] + ",at", "twice the column 'at'")],
)
def test_a_file_without_the_maps_columns_is_an_error(tmp_path: Path, header: str, said: str) -> None:
    with pytest.raises(UnreadableCsv, match=said):
        told(tmp_path, f"{header}\n", written(tmp_path, MAP))


def test_a_row_of_another_width_is_refused(tmp_path: Path) -> None:
    found, refused = told(tmp_path, ROWS + "1,2\n", written(tmp_path, MAP))
    assert (len(found), [(row.line, row.reason) for row in refused]) == (
        1,
        [(3, "has 2 cells, and the first line 7")],
    )
