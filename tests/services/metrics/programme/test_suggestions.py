"""Suggested skills: by the words that an activity's text and a skill's share; of nothing that few have begun."""

from typing import Any

import pytest

from praxis_metrics.activity_texts import ActivityText, called
from praxis_metrics.programme.matching import Matcher, Skill, stem, words
from praxis_metrics.programme.suggestions import SUGGESTIONS
from tests.services.metrics.build import ADL, fresh_id, mail
from tests.services.metrics.programme.finding import found, mapped, skill, tell
from tests.services.metrics.world import World, statement

SKILLS = [
    Skill("sql", "SQL queries", ("Asking relational databases", "use databases (ESCO)")),
    Skill("safety", "Fire safety"),
    Skill("negotiation", "Negotiating", ("Reaching agreements with customers",)),
    Skill("c", "C++ and C#"),
    Skill("listening", "Active listening", ("Hearing what customers say",)),
]


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        # Both words of the skill's name, and one of its description.
        ("Querying databases with SQL", [("sql", ("sql", "databases", "querying"))]),
        # The name counts more than the description: first the one, then the other that customers are in.
        ("Negotiate with customers", [("negotiation", ("negotiate", "customers")), ("listening", ("customers",))]),
        ("Safe driving", []),
        ("Introduction to the course, part 2", []),
        ("C++ für Umsteiger", [("c", ("c++",))]),
        ("", []),
    ],
)
def test_what_a_text_speaks_of(text: str, suggested: list[tuple[str, tuple[str, ...]]]) -> None:
    told = [(each.skill, each.words) for each in Matcher(SKILLS).suggest([text])]
    assert [name for name, _ in told] == [name for name, _ in suggested]
    assert {name: set(shared) for name, shared in told} == {name: set(shared) for name, shared in suggested}


def test_words_are_folded_and_without_their_endings() -> None:
    assert words("Tests, TESTING and tested: \ufb01re-safety 2026!") == ["tests", "testing", "tested", "fire", "safety"]
    for same in (
        ("tests", "testing", "tested", "test"),
        ("queries", "query", "querying"),
        ("negotiate", "negotiating"),
    ):
        assert len(set(map(stem, same))) == 1
    assert [stem(word) for word in ("sql", "class", "bus", "c++")] == ["sql", "class", "bus", "c++"]


def test_a_rare_word_says_more_and_the_best_come_first() -> None:
    # Worked out: of 2 skills, "data" is in both, ln(1 + 0.5/2.5) = 0.182; "mining" in one, ln(1 + 1.5/1.5) = 0.693.
    # Both names have two words, three times each: as long as the mean. 3 times: 3 * 2.2 / (3 + 1.2) = 1.571.
    first, *others = Matcher([Skill("m", "data mining"), Skill("e", "data entry")]).suggest(["Data mining"])
    assert (first.skill, first.words, others) == ("m", ("mining", "data"), [])
    assert first.score == pytest.approx((0.693 + 0.182) * 1.571, abs=2e-3)


def test_without_skills_there_is_nothing_to_suggest() -> None:
    assert Matcher([]).suggest(["Anything"]) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [({"de": "Kurs", "en-GB": "Course", "fr": "Cours"}, "Course"), ({"fr": "Cours", "de": "Kurs"}, "Kurs"), ({}, None)],
)
def test_what_an_activity_is_called(name: dict[str, str], expected: str | None) -> None:
    assert called(name) == expected


def test_a_text_that_postgresql_could_not_hold() -> None:
    text = ActivityText.of({"en": "a\0b\ud800c"}, {})
    assert text is not None
    assert text.name == '{"en": "abc"}'
    assert ActivityText.of({}, {}) is None


def began(who: str, what: str, name: str | None, at: str, description: str | None = None) -> Any:
    texts = {"name": name, "description": description}
    definition = {key: {"en": text} for key, text in texts.items() if text is not None}
    body = {
        "id": fresh_id(), "actor": mail(who), "verb": {"id": ADL + "initialized"}, "timestamp": at, "stored": at,
        "object": {"id": f"https://lms.example/{what}", "definition": definition},
    }  # fmt: skip
    return statement(body)


async def test_what_no_map_names_and_enough_have_begun(world: World) -> None:
    # With k of 2: a speaks of sql by its description, and is called what was told last; b is mapped; c has one learner;
    # d says nothing of any skill; e has no text.
    world.threshold = 2
    at = "2026-03-02T09:00:00Z"
    await tell(world, [
        skill("sql", description="Relational databases"), skill("cooking"), skill("law"), mapped("b", "sql"),
        *[began(who, what, name, at) for who in ("ann", "bob") for what, name in (("b", "SQL"), ("d", "Golf"))],
        began("ann", "c", "SQL", at), *[began(who, "e", None, at) for who in ("ann", "bob")],
        began("ann", "a", "First name", at, "Databases"),
    ])  # fmt: skip
    await tell(world, [began("bob", "a", "Second name", at, "All about databases")])
    all_found = await found(world, SUGGESTIONS)
    assert set(all_found) == {"https://lms.example/a"}
    a = all_found["https://lms.example/a"]
    assert (a["name"], a["began"]) == ("Second name", 2)
    assert [(each["skill"], each["words"]) for each in a["suggestions"]] == [("sql", ["databases"])]
    await tell(world, [mapped("a", "sql")])
    assert await found(world, SUGGESTIONS) == {}
