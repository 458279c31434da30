"""``praxis forget``: afterwards no byte on disk names the person, and everybody else's figures and decisions stand."""

import asyncio
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from msgspec import Raw

from tests.deploy.embedded.test_rebuilding import figures
from tests.e2e.events import applied, event, hired, linked, policy
from tests.fixtures.processes import Deployment, running_on_one_machine

PERSON, MAIL, ACCOUNT, NAME = "emp-7302", "Tamsin.Quillfeather@example.org", "tquillfeather88", "Tamsin Quillfeather"
OLD_MAIL = "t.quill@example.com"
HASHES = [
    hashlib.sha1(text.encode()).hexdigest()
    for mail in (MAIL.lower(), OLD_MAIL)
    for text in (mail, f"mailto:{mail}")
]  # fmt: skip
CREDENTIAL = "tamsins-key-1"
TRACES = [CREDENTIAL, PERSON, MAIL, MAIL.replace("@", "%40"), OLD_MAIL, ACCOUNT, NAME, *HASHES]

ME = {"mbox": f"mailto:{MAIL}"}
MY_ACCOUNT = {"account": {"homePage": "https://lms.example.org", "name": ACCOUNT}}
VERBS = "http://adlnet.gov/expapi/verbs/"


def statement(number: int, actor: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": str(UUID(int=(4 << 76) | (8 << 60) | number)),
        "actor": actor,
        "verb": {"id": f"{VERBS}completed", "display": {"en": "completed"}},
        "object": {"id": f"https://lms.example.org/courses/{number % 7}"},
        "timestamp": f"2026-03-{number % 28 + 1:02}T10:00:00Z",
        **more,
    }


def person(number: int) -> dict[str, Any]:
    return {"mbox": f"mailto:person-{number}@example.org"}


def statements() -> Iterator[dict[str, Any]]:
    for number in range(60):
        yield statement(number, person(number % 9), result={"score": {"raw": 1.50}, "response": "é \\u00e9 café"})
    mine: list[dict[str, Any]] = [
        {**ME, "name": NAME},
        {"mbox_sha1sum": HASHES[0]},
        {"mbox_sha1sum": HASHES[1].upper()},
        MY_ACCOUNT,
        {"mbox": f"mailto:{OLD_MAIL.upper()}"},
    ]
    for number, actor in enumerate(mine * 3, 100):
        yield statement(
            number,
            actor,
            result={"response": f"my name is {NAME}", "duration": "PT15M", "extensions": {"https://x.org/e": MAIL}},
            context={"registration": str(UUID(int=(4 << 76) | (8 << 60) | 7)), "instructor": person(3)},
        )
    yield statement(
        200, person(1), context={"instructor": ME, "team": {"objectType": "Group", "member": [ME, person(2)]}}
    )
    yield statement(201, person(2), object={"objectType": "Agent", "name": NAME, **MY_ACCOUNT})
    yield statement(202, {"objectType": "Group", "name": "pair", "member": [person(4), {**ME, "name": NAME}]})
    yield statement(203, person(5), result={"response": f"{NAME} <{MAIL}> helped"})
    yield statement(204, person(6), context={"extensions": {f"https://x.org/{MAIL.replace('@', '%40')}": [PERSON]}})
    yield statement(
        205,
        person(7),
        object={
            "objectType": "SubStatement",
            "actor": ME,
            "verb": {"id": f"{VERBS}attempted"},
            "object": {"id": "urn:x"},
        },
    )
    yield statement(206, person(8), verb={"id": f"{VERBS}attempted", "display": {"en": f"with {NAME.upper()}"}})


def directory() -> Iterator[dict[str, Any]]:
    yield event("people.hired", {**hired(PERSON, "2026-01-01T00:00:00Z")["data"], "name": NAME})
    for number in range(9):
        data = hired(f"emp-80{number}", "2026-01-01T00:00:00Z")["data"]
        yield event("people.hired", {**data, "manager_id": PERSON} if number % 2 else data)
        yield linked(f"emp-80{number}", person(number))
    yield linked(PERSON, ME, MY_ACCOUNT, {"mbox_sha1sum": HASHES[2]})
    mistake = {**linked(PERSON, {"mbox": "mailto:nobody@example.org"}), "id": f"link-{PERSON}-1"}
    yield mistake
    yield event("people.rescinded", {"event": {k: mistake[k] for k in ("source", "id")}, "reason": f"not {NAME}"})
    yield linked(PERSON, {"account": {"homePage": "urn:praxis:credential", "name": CREDENTIAL}})
    yield linked(PERSON, {"mbox": "mailto:shared@example.org"})
    yield linked("emp-808", {"mbox": "mailto:shared@example.org"})


def work() -> Iterator[dict[str, Any]]:
    yield policy("python-in-practice", "python")
    yield event("programme.system-registered", {"system": "quizzes", "kind": "learning"})
    me = {"person_id": PERSON}
    for number in range(4):
        learner = {"person_id": f"emp-80{number}"}
        yield applied(learner, "python", f"a#{number}", "project-result", me)
        yield applied(learner, "python", f"b#{number}", "manager-verification", {**ME, "name": NAME})
        yield applied(learner, "python", f"c#{number}", "manager-verification", {"person_id": "emp-808"})
    yield {**applied(ME, "python", f"d#{ACCOUNT}", "project-result", {"person_id": "emp-801"}), "subject": PERSON}
    yield {**applied(MY_ACCOUNT, "python", "e", "manager-verification", {"person_id": "emp-802"}), "id": f"{PERSON}:e"}
    withdrawn = applied(me, "python", "f", "project-result", {"person_id": "emp-803"})
    yield {**withdrawn, "id": f"{MAIL}:f"}
    yield event("evidence.rescinded", {"event": {"source": withdrawn["source"], "id": f"{MAIL}:f"}, "reason": "twice"})
    yield applied({"mbox_sha1sum": HASHES[3]}, "python", "g", "project-result", me)


KPIS = ("monthly-active-learners", "learning-hours", "active-days", "enrolments", "completions")
MONTHS = {"from": "2026-01-01", "to": "2026-06-30", "grain": "month"}


async def kpis(praxis: Deployment) -> dict[str, Any]:
    await figures(praxis)
    return {name: await _points(praxis, name) for name in KPIS}


async def _points(praxis: Deployment, name: str) -> list[dict[str, Any]]:
    """Once the KPI holds all that was acknowledged up to now: each has a watermark of its own."""
    now = datetime.now(UTC)
    async with asyncio.timeout(120):
        while True:
            body: dict[str, Any] = (await praxis.get(f"/kpis/{name}", **MONTHS)).json()
            if body["watermark"] and datetime.fromisoformat(body["watermark"]) > now:
                points: list[dict[str, Any]] = body["points"]
                return points
            await asyncio.sleep(0.2)


async def decisions(praxis: Deployment) -> list[dict[str, Any]]:
    await figures(praxis)
    found: list[dict[str, Any]] = (await praxis.get("/decisions", limit=200)).json()["decisions"]
    return found


async def stored(praxis: Deployment) -> dict[str, bytes]:
    """Every statement as it is returned."""
    await praxis.get("/xapi/statements", statementId=str(UUID(int=0)))  # waits for what was written before
    answer = msgspec.json.decode((await praxis.get("/xapi/statements", limit=500)).content, type=dict[str, Raw])
    found = msgspec.json.decode(answer["statements"], type=list[Raw])
    return {msgspec.json.decode(each)["id"]: bytes(each) for each in found}


def traces(folder: Path, texts: list[str]) -> list[tuple[str, str]]:
    """The files under ``folder`` that hold one of these in their bytes, or in their names."""
    wanted = [text.encode().lower() for text in texts]
    found = []
    for path in sorted(folder.rglob("*")):
        content = path.name.encode().lower() + (path.read_bytes().lower() if path.is_file() else b"")
        found += [(str(path.relative_to(folder)), text.decode()) for text in wanted if text in content]
    return found


def assert_same_decisions(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    """All but who the learner is where it is the person; the evidence of theirs may be named otherwise."""
    assert len(before) == len(after)
    mine = 0
    for was, now in zip(before, after, strict=True):
        if any(text.lower() in was["learner"] for text in TRACES):
            assert "forgotten-" in now["learner"]
            mine += 1
            was, now = ({n: v for n, v in each.items() if n not in ("learner", "items")} for each in (was, now))
        assert was == now
    assert 0 < mine < len(before)


def assert_same_statements(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    for sent in list(statements()):
        was, now = before[sent["id"]], after[sent["id"]]
        number = UUID(sent["id"]).int & 0xFFFF
        if number < 100:
            assert was == now
            continue
        assert [each for each in TRACES if each.encode().lower() in now.lower()] == []
        if number < 150:
            kept = json.loads(now)
            assert set(kept) == {
                "id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version",
            }  # fmt: skip
            assert kept["result"] == {"duration": "PT15M"}
            assert kept["context"] == sent["context"]


async def assert_not_brought_back(praxis: Deployment, events: list[dict[str, Any]]) -> None:
    """What was sent once is known, by its id, though it says something else now."""
    again = [each for each in statements() if MAIL in json.dumps(each)]
    for each in again:
        assert (await praxis.post("/xapi/statements", each)).status_code == 409
    for each in events:
        answer = await praxis.post("/events", each, "application/cloudevents+json")
        assert answer.status_code == (409 if mentions(each) else 200), answer.text
    assert traces(praxis.folder, TRACES) == []


def mentions(sent: dict[str, Any]) -> bool:
    return any(text.lower() in json.dumps(sent["data"]).lower() for text in TRACES)


async def fill(praxis: Deployment, work_events: list[dict[str, Any]]) -> None:
    answer = await praxis.post("/xapi/statements", list(statements()))
    assert answer.status_code == 200, answer.text
    await praxis.send(*directory())
    for each in work_events:
        await praxis.send(each)
    await keep_accounts(praxis)
    await use_own_credential(praxis)


async def keep_accounts(praxis: Deployment) -> None:
    """By SCIM: the person's own account, and that of somebody whom they manage."""
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    schemas = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", enterprise], "title": "lead"}
    mine = {"userName": MAIL, "displayName": NAME, "emails": [{"value": MAIL}], "nickName": ACCOUNT}
    theirs = {"userName": "other@example.org", "displayName": "Other", "nickName": f"works for {NAME}"}
    for number, account in ((PERSON, mine), ("emp-801", theirs)):
        place = {"employeeNumber": number, "department": "platform", "manager": {"value": PERSON}}
        answer = await praxis.post("/scim/v2/Users", {**schemas, **account, enterprise: place}, "application/scim+json")
        assert answer.status_code == 201, answer.text


async def use_own_credential(praxis: Deployment) -> None:
    """The person sends something about somebody else."""
    made = await praxis.praxis("keys", "create", "--scope", "all", "--key", CREDENTIAL)
    secret = made.split()[-1]
    for output in praxis.folder.glob("praxis-keys-create-*.log"):
        output.unlink()  # it is the terminal's
    about = applied({"person_id": "emp-805"}, "python", "h", "project-result", {"person_id": "emp-806"})
    media_type = {"Content-Type": "application/cloudevents+json"}
    answer = await praxis.client.post(praxis.url("/events"), json=about, headers=media_type, auth=(CREDENTIAL, secret))
    assert answer.status_code == 200, answer.text
    late = statement(150, person(0), timestamp="2026-03-30T10:00:00Z")
    answer = await praxis.client.post(praxis.url("/xapi/statements"), json=late, auth=(CREDENTIAL, secret))
    assert answer.status_code == 200, answer.text


Everything = tuple[dict[str, Any], list[dict[str, Any]], dict[str, bytes]]


async def assert_nobody_is_to_be_linked(praxis: Deployment) -> None:
    """Neither the person, whose traces are looked for on the disk, nor what stands in their place."""
    answer = (await praxis.get("/identities/unmatched", limit=500)).json()
    assert {each["key"]: each["state"] for each in answer["identifiers"]} == {"mbox:shared@example.org": "quarantined"}


async def everything(praxis: Deployment) -> Everything:
    return await kpis(praxis), await decisions(praxis), await stored(praxis)


def assert_all_else_stands(before: Everything, after: Everything) -> None:
    assert after[0] == before[0]
    assert_same_decisions(before[1], after[1])
    assert_same_statements(before[2], after[2])


@pytest.mark.parametrize("log", ["postgres", "kafka"])
async def test_nothing_is_left_of_a_person_and_all_else_stands(tmp_path: Path, log: str) -> None:
    folder, report = tmp_path / "data", tmp_path / "report.json"
    work_events = list(work())
    async with running_on_one_machine(folder, PRAXIS_LOG=log) as praxis:
        await fill(praxis, work_events)
        before = await everything(praxis)
        await praxis.praxis("forget", "--yes", "--report", str(report), f"mailto:{MAIL}")
        after = await everything(praxis)
        await assert_nobody_is_to_be_linked(praxis)
    assert_all_else_stands(before, after)
    assert traces(folder, TRACES) == []
    assert_told(json.loads(report.read_text()))
    async with running_on_one_machine(folder, PRAXIS_LOG=log) as praxis:
        assert await everything(praxis) == after
        await assert_not_brought_back(praxis, work_events)
        assert "no record mentions the person" in await praxis.praxis("forget", "--yes", PERSON)
        assert await everything(praxis) == after
    assert traces(folder, TRACES) == []


def assert_told(report: dict[str, Any]) -> None:
    topics = {"learning.statements", "people.directory", "work.evidence", "recognition.decisions"}
    assert topics <= set(report["topics"])
    assert {"actor", "context.instructor", "authority", "text"} <= set(report["topics"]["learning.statements"]["roles"])
    assert {"learner", "attested_by", "principal"} <= set(report["topics"]["work.evidence"]["roles"])
    assert {each["identifier"] for each in report["left_alone"]} == {
        "mbox:nobody@example.org",
        "mbox:shared@example.org",
    }
    assert report["identifiers"] == {"mbox": 2, "account": 2}
    assert report["accounts_changed"] == 2
    assert report["audit_entries_changed"] > 0
    assert (report["credentials_removed"], set(report["rebuilt"])) == (1, {"ingest", "metrics", "incentives"})
    assert report["expires"]
    assert [each for each in TRACES if each.lower() in json.dumps(report).lower()] == []


async def test_interrupted_anywhere_it_comes_to_the_same_end(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with running_on_one_machine(folder) as praxis:
        await fill(praxis, list(work()))
        before = await everything(praxis)
        for seconds in (0.0, 0.5, 2.0, 5.0):
            interrupted = praxis.command("forget", "--yes", f"mailto:{MAIL}")
            await interrupted.start()
            async with asyncio.timeout(60):
                while not list((folder / "erasures").glob("*.json")):
                    await asyncio.sleep(0.01)
            await asyncio.sleep(seconds)
            await interrupted.kill()
        await praxis.praxis("forget", "--yes", f"mailto:{MAIL}")
        after = await everything(praxis)
    assert_all_else_stands(before, after)
    assert traces(folder, TRACES) == []
    assert len(set(re.findall(rb"forgotten-[0-9a-f]{16}", b"".join(after[2].values())))) == 1


async def test_first_the_person_is_shown_what_there_is(tmp_path: Path) -> None:
    folder, out = tmp_path / "data", tmp_path / "export.json"
    async with running_on_one_machine(folder) as praxis:
        await fill(praxis, list(work()))
        before = await everything(praxis)
        await praxis.praxis("export-person", PERSON, "--out", str(out))
        shown = await praxis.praxis("forget", "--dry-run", PERSON)
        assert "learning.statements: 23 records" in shown
        assert await everything(praxis) == before
    assert out.stat().st_mode & 0o077 == 0
    export = json.loads(out.read_text())
    records = export["records"]
    assert export["person_id"] == PERSON
    own = [each["value"] for each in records if each["own"] and each["topic"] == "learning.statements"]
    assert own == [json.loads(before[2][each["id"]]) for each in own]
    assert len(own) == 15
    others = json.dumps([each for each in records if not each["own"]])
    assert MAIL in others
    assert re.findall(r"person-\d@example.org|emp-80\d", others) == []
    decided = [each["value"] for each in records if each["topic"] == "recognition.decisions"]
    mine = [each for each in before[1] if any(text.lower() in each["learner"] for text in TRACES)]
    assert sorted(each["decision"] for each in decided) == sorted(each["decision"] for each in mine)
