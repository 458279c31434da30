"""What stands in somebody's place: made at random for one erasure, and derived from nothing."""

import re
import secrets
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import quote

from praxis_people.forgetting.person import CREDENTIALS, Person, distinctive, distinctive_name, literals

HOME_PAGE = "urn:praxis:forgotten"

_MAIL = r"(?<![\w.+-]){}(?![\w-])(?!\.\w)"
"""An address ends where another one could not go on."""

_WORD = r"(?<![^\W_]){}(?![^\W_])"
_ENCODED = r"(?<=%[0-9A-Fa-f][0-9A-Fa-f]){}(?![^\W_])"
"""Behind a percent-encoded character, whose last digit would be taken for a part of the word."""


def is_pseudonym(key: str) -> bool:
    """Whether an identifier's key stands for somebody who was forgotten: it is nobody's to claim."""
    return key.startswith(f"account:{HOME_PAGE}|")


def new_token() -> str:
    return f"forgotten-{secrets.token_hex(8)}"


@dataclass(frozen=True)
class Pseudonyms:
    """Of one person. ``token`` stands for their ``person_id``; identifiers are accounts, numbered."""

    person: Person
    token: str

    def account(self, place: int) -> dict[str, str]:
        is_credential = any(key.startswith(CREDENTIALS) for key in self.person.identifiers[place])
        home = CREDENTIALS.removeprefix("account:").removesuffix("|") if is_credential else HOME_PAGE
        return {"homePage": home, "name": self.name(place)}

    def name(self, place: int) -> str:
        return f"{self.token}-{place + 1}"

    def principal(self, key: str) -> str | None:
        place = self.person.credentials.get(key)
        return None if place is None else self.name(place)

    @cached_property
    def exact(self) -> dict[str, str]:
        """Whole texts that name the person as Praxis itself writes them."""
        found = {
            key: "account:{homePage}|{name}".format_map(self.account(place))
            for place, identifier in enumerate(self.person.identifiers)
            for key in identifier
        }
        if self.person.person_id is not None:
            found[f"person:{self.person.person_id}"] = f"person:{self.token}"
        return found

    @cached_property
    def words(self) -> dict[str, str]:
        """What is looked for inside any text, in lower case, with what stands for it."""
        found: dict[str, str] = {}
        for place, identifier in enumerate(self.person.identifiers):
            for key in sorted(identifier):
                name = f"{HOME_PAGE}:{self.name(place)}" if key.startswith("openid:") else self.name(place)
                found |= {text.lower(): name for text in literals(key) if distinctive(text)}
        if self.person.person_id is not None and distinctive(self.person.person_id):
            found[self.person.person_id.lower()] = self.token
        for name in filter(distinctive_name, self.person.names):
            found |= {
                text.lower(): self.token for text in (name, quote(name), quote(name, safe="").replace("%20", "+"))
            }
        return found

    @cached_property
    def too_short(self) -> int:
        """How many names and ids are looked for only where they name a person, since they might mean anything."""
        ids = {text for key in self.person.keys for text in literals(key)}
        ids |= {self.person.person_id} if self.person.person_id else set()
        names = [name for name in self.person.names if not distinctive_name(name)]
        return len([text for text in ids if not distinctive(text)]) + len(names)

    @cached_property
    def needles(self) -> tuple[bytes, ...]:
        """A record that mentions the person has one of these in its bytes, once they are in lower case."""
        texts = {text for key in self.person.keys for text in literals(key)} | self.person.names | set(self.words)
        texts |= {self.person.person_id} if self.person.person_id else set()
        forms = {form.encode().lower() for text in texts for form in (text, text.lower(), text.upper())}
        return tuple(sorted(form for form in forms if not any(other in form for other in forms - {form})))

    def without(self, text: str) -> str:
        """The text with every mention of the person replaced."""
        if (exact := self.exact.get(text)) is not None:
            return exact
        return self._pattern.sub(lambda found: self.words.get(found.group().lower(), self.token), text)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        parts = []
        for text in sorted(self.words, key=len, reverse=True):
            forms = (_MAIL if "@" in text else _WORD, _ENCODED)
            parts += [form.format(re.escape(text)) for form in forms]
        return re.compile("|".join(parts) or r"(?!)", re.IGNORECASE)
