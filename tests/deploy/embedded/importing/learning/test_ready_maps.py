"""The maps that come with Praxis, on files as those LMSs write them."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from praxis_embedded.importing.statements import Told
from tests.deploy.embedded.importing.learning.exports import (
    CORNERSTONE,
    GIVEN_CORNERSTONE,
    GIVEN_MOODLE,
    MOODLE,
    PLAIN,
    told,
)


def short(each: Told) -> tuple[int, str, str, str, str]:
    """Line, who, did, what, when."""
    statement: dict[str, Any] = msgspec.json.decode(each.body)
    actor = statement["actor"]
    who = actor["mbox"] if "mbox" in actor else "|".join(actor["account"].values())
    did = statement["verb"]["id"].rpartition("/")[2]
    return each.line, who, did, statement["object"]["id"], statement["timestamp"]


@pytest.mark.parametrize("excel", [False, True])
def test_a_moodle_activity_completion_report(tmp_path: Path, excel: bool) -> None:
    text = MOODLE.replace("Reading, long", "Reading; long").replace(",", "\t") if excel else MOODLE
    found, refused = told(
        tmp_path, text, "moodle-activity-completion", GIVEN_MOODLE, encoding="utf-16" if excel else "utf-8"
    )
    course = "https://moodle.example.org/course/view.php?id=42"
    quiz, reading = f"{course}#Quiz%201", f"{course}#Reading{'%3B' if excel else '%2C'}%20long"
    assert [short(each) for each in found] == [
        (2, "mailto:ann@example.org", "completed", quiz, "2026-03-03T09:15:00Z"),
        (2, "mailto:ann@example.org", "passed", quiz, "2026-03-03T09:15:00Z"),
        (3, "mailto:bob@example.org", "completed", quiz, "2026-07-03T08:15:00Z"),
        (4, "mailto:cem@example.org", "completed", quiz, "2026-03-04T08:00:00Z"),
        (4, "mailto:cem@example.org", "failed", quiz, "2026-03-04T08:00:00Z"),
        (4, "mailto:cem@example.org", "completed", reading, "2026-03-04T08:30:00Z"),
    ]
    assert {msgspec.json.decode(e.body)["context"]["contextActivities"]["grouping"][0]["id"] for e in found} == {course}
    names = {row.reason: (row.line, row.column) for row in refused}
    assert names["is required"] == (5, "Email address")
    assert names["'Done' is no status that the map knows"] == (6, "Reading; long" if excel else "Reading, long")
    assert (6, "Quiz 1") in names.values()
    assert len(refused) == 3


def test_a_cornerstone_transcript(tmp_path: Path) -> None:
    found, refused = told(tmp_path, CORNERSTONE, "cornerstone-transcript", GIVEN_CORNERSTONE)
    link = "https://example.csod.com/DeepLink/ProcessRedirect.aspx?module=lodetails&lo="
    assert [short(each) for each in found] == [
        (2, "https://example.csod.com|7", "registered", f"{link}a%2Fb", "2026-02-28T18:00:00Z"),
        (2, "https://example.csod.com|7", "completed", f"{link}a%2Fb", "2026-03-02T19:05:00Z"),
        (3, "https://example.csod.com|8", "registered", f"{link}c-1", "2026-03-01T17:00:00Z"),
    ]
    statement = msgspec.json.decode(found[1].body)
    assert statement["result"] == {"completion": True, "score": {"raw": 85, "min": 0, "max": 100, "scaled": 0.85}}
    assert statement["object"]["definition"]["name"] == {"und": "Python & more"}
    assert statement["context"] == {"platform": "Cornerstone"}
    assert [tuple(row) for row in refused] == [
        (4, "Transcript Completed Date", "is required"),
        (5, "Transcript Status", "'Dreamt' is no status that the map knows"),
    ]


def test_a_plain_file(tmp_path: Path) -> None:
    found, refused = told(tmp_path, PLAIN, "plain")
    course = "https://lms.example.org/courses/7"
    assert [short(each) for each in found] == [
        (2, "mailto:ann@example.org", "completed", course, "2026-03-02T13:05:00Z"),
        (2, "mailto:ann@example.org", "passed", course, "2026-03-02T13:05:00Z"),
        (3, "mailto:bob@example.org", "registered", course, "2026-03-02T12:00:00Z"),
    ]
    durations = [msgspec.json.decode(each.body).get("result", {}).get("duration") for each in found]
    assert durations == ["PT1H30M", None, None]
    assert [(row.line, row.column) for row in refused] == [(4, "minutes")]


def test_an_id_follows_from_who_did_what_when_alone(tmp_path: Path) -> None:
    first, _ = told(tmp_path, PLAIN, "plain")
    turned = ["mail,activity,name,status,at,score,minutes,shoe size"]
    turned += [line + ",42" for line in reversed(PLAIN.splitlines()[1:])]
    again, _ = told(tmp_path, "\n".join(turned).replace("14:05:00+01:00", "13:05:00Z").replace("ann@", "Ann@"), "plain")
    assert {each.id for each in again} == {each.id for each in first}
    assert {each.body for each in again} == {each.body for each in first}
    other, _ = told(tmp_path, PLAIN.replace("14:05", "14:06").replace("bob@", "bo@"), "plain")
    assert not {each.id for each in other} & {each.id for each in first}
