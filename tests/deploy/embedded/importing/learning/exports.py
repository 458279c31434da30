"""Exports as LMSs write them, with people of example.org."""

from pathlib import Path

from praxis_embedded.importing.learning.export import LearningExport, checked
from praxis_embedded.importing.learning.map import read_map
from praxis_embedded.importing.refused import RefusedRow
from praxis_embedded.importing.statements import Told

MOODLE = """,ID number,Email address,"Quiz 1",,"Reading, long","2026-04-01 00:00:00"
"Ann",1,Ann@example.org,"Completed (achieved pass grade)","2026-03-03 10:15:00","Not completed","2026-03-01 08:00:00"
"Bob",2,bob@example.org,"Completed (set by Zoe Orr)","2026-07-03 10:15:00","Not completed",
"Cem",3,cem@example.org,"Completed (did not achieve pass grade)","2026-03-04 09:00:00",Completed,"2026-03-04 09:30:00"
"Dee",4,,"Not completed",,"Completed","2026-03-04 09:30:00"
"Eli",5,eli@example.org,"Completed","2026-03-29 02:30:00","Done","2026-03-04 09:30:00"
"""
GIVEN_MOODLE = {"lms": "https://moodle.example.org/", "course": "42", "time_zone": "Europe/Berlin"}

CORNERSTONE = """User ID;Training Object ID;Training Title;Transcript Status;Transcript Registration Date;\
Transcript Completed Date;Transcript Score;Training Hours
7;a/b;Python & more;Completed;2/28/2026 1:00 PM;3/2/2026 2:05 PM;85%;4
8;c-1;Go;In Progress;3/1/2026;;;4
9;c-1;Go;Completed;;;;4
9;c-1;Go;Dreamt;;;;4
"""
GIVEN_CORNERSTONE = {"lms": "https://example.csod.com", "time_zone": "America/New_York"}

PLAIN = """mail,activity,name,status,at,score,minutes
ann@example.org,https://lms.example.org/courses/7,Python 1,passed,2026-03-02T14:05:00+01:00,85,90
bob@example.org,https://lms.example.org/courses/7,Python 1,Enrolled,2026-03-02,,
cem@example.org,https://lms.example.org/courses/7,Python 1,completed,2026-03-03,,ninety
"""


def told(
    folder: Path, text: str, map_: str, given: dict[str, str] | None = None, encoding: str = "utf-8"
) -> tuple[list[Told], list[RefusedRow]]:
    """What an export tells and what of it is refused; all that it tells would pass the door."""
    path = folder / "export.csv"
    path.write_bytes(text.encode(encoding))
    found = list(LearningExport(path, read_map(map_, given or {})).read(1))
    assert [checked(each) for each in found if isinstance(each, Told)] == [e for e in found if isinstance(e, Told)]
    return [e for e in found if isinstance(e, Told)], [e for e in found if isinstance(e, RefusedRow)]
