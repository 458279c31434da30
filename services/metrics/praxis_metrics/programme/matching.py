"""Which skills the text of an activity speaks of, by the words that both share. Pure.

Okapi BM25 (Robertson and Zaragoza, 2009) with its customary constants: a word that few skills use says more than one
that all use, and one that is repeated says little more. An explanation is the words themselves.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from math import log
from typing import NamedTuple

SATURATION, LENGTH = 1.2, 0.75
"""k1 and b of BM25, as customary."""

LEAST_SCORE = 0.5
"""Below it, what is shared are words that nearly every skill has."""

MOST = 5
"""Suggestions of one activity: a person is to choose among few."""

NAME_WEIGHT = 3
"""The name of a skill says what it is; its description says that and more."""

_WORD = re.compile(r"[^\W_]+[+#]*")
_ENDINGS = ("ings", "ing", "ed", "es", "s")
_LAST = ("e", "i", "y")

# The commonest words of English and German course titles, which say nothing of any skill.
_ENGLISH = """
    a an and are as at be by course for from how in into introduction is it its lesson module of on or our part that the
    their this to training unit use using we what when with you your
"""
_GERMAN = """
    auf aus das dem den der des die ein eine einführung für im in ist kurs mit oder und von zu zum zur
"""
_STOP = frozenset(f"{_ENGLISH}{_GERMAN}".split())


class Skill(NamedTuple):
    """``further``: its description, and what other frameworks call it."""

    skill: str
    name: str
    further: tuple[str, ...] = ()


class Suggestion(NamedTuple):
    """``words``: those of the text that the skill has too, whatever their ending; those that say most first."""

    skill: str
    score: float
    words: tuple[str, ...]


def words(text: str) -> list[str]:
    """Folded, and without those that say nothing. ``C++`` and ``C#`` are words."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [word for word in _WORD.findall(folded) if word not in _STOP and not word.isdecimal()]


def stem(word: str) -> str:
    """Without its English ending, where enough of it is left to know it by: queries and querying are one."""
    for endings in (_ENDINGS, _LAST):
        ending = next((each for each in endings if word.endswith(each) and not word.endswith("ss")), "")
        if len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
    return word


class Matcher:
    """Knows the words of all skills."""

    def __init__(self, skills: Iterable[Skill]) -> None:
        self._words: Mapping[str, Counter[str]] = {each.skill: _counted(each) for each in skills}
        self._lengths = {skill: sum(counted.values()) for skill, counted in self._words.items()}
        self._mean = sum(self._lengths.values()) / len(self._lengths) if self._lengths else 0.0
        self._skills_with: dict[str, list[str]] = {}
        for skill, counted in self._words.items():
            for word in counted:
                self._skills_with.setdefault(word, []).append(skill)

    def suggest(self, texts: Iterable[str]) -> list[Suggestion]:
        """The skills that these texts of one activity speak of, most likely first."""
        shared: dict[str, dict[str, float]] = {}
        told = {stem(word): word for each in texts for word in reversed(words(each))}
        for stemmed, word in sorted(told.items()):
            for skill in self._skills_with.get(stemmed, ()):
                shared.setdefault(skill, {})[word] = self._weight(stemmed, skill)
        found = [_suggestion(skill, weights) for skill, weights in shared.items()]
        kept = [each for each in found if each.score >= LEAST_SCORE]
        return sorted(kept, key=lambda each: (-each.score, each.skill))[:MOST]

    def _weight(self, word: str, skill: str) -> float:
        having, times = len(self._skills_with[word]), self._words[skill][word]
        rarity = log(1 + (len(self._words) - having + 0.5) / (having + 0.5))
        room = SATURATION * (1 - LENGTH + LENGTH * self._lengths[skill] / self._mean)
        return rarity * times * (SATURATION + 1) / (times + room)


def _counted(skill: Skill) -> Counter[str]:
    told = words(skill.name) * NAME_WEIGHT + [word for each in skill.further for word in words(each)]
    return Counter(map(stem, told))


def _suggestion(skill: str, weights: Mapping[str, float]) -> Suggestion:
    told = sorted(weights, key=lambda word: (-weights[word], word))
    return Suggestion(skill, round(sum(weights.values()), 3), tuple(told))
