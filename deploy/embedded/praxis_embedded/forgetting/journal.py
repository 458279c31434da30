"""Erasures that are under way: who, and by which pseudonym, so that an interrupted one comes to one end.

A second pseudonym would make two people of one. The file is the only place that knows both; it goes with the last step.
"""

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from praxis_people.forgetting.person import LeftAlone, Person
from praxis_people.forgetting.pseudonyms import Pseudonyms, new_token
from praxis_people.forgetting.who import asked_key


@dataclass(frozen=True, slots=True)
class Journal:
    path: Path
    pseudonyms: Pseudonyms

    @classmethod
    def begin(cls, folder: Path, person: Person) -> Self:
        journal = cls(folder / f"{secrets.token_hex(8)}.json", Pseudonyms(person, new_token()))
        journal._write()
        return journal

    @classmethod
    def under_way(cls, folder: Path, asked: str) -> Self | None:
        """The erasure of this person that was begun and not ended."""
        key = asked_key(asked)
        for path in sorted(folder.glob("*.json")):
            found = json.loads(path.read_text())
            person = _person(found["person"])
            if person.person_id == asked or (key is not None and person.is_one_of(key)):
                return cls(path, Pseudonyms(person, found["token"]))
        return None

    def end(self) -> None:
        for path in (self.path, *self.path.parent.glob("*.new")):
            path.unlink(missing_ok=True)

    def _write(self) -> None:
        person = self.pseudonyms.person
        text = json.dumps({
            "token": self.pseudonyms.token,
            "person": {
                "person_id": person.person_id,
                "identifiers": [sorted(each) for each in person.identifiers],
                "names": sorted(person.names),
                "left_alone": [asdict(each) for each in person.left_alone],
            },
        })  # fmt: skip
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self.path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)


def _person(found: dict[str, Any]) -> Person:
    return Person(
        person_id=found["person_id"],
        identifiers=tuple(frozenset(each) for each in found["identifiers"]),
        names=frozenset(found["names"]),
        left_alone=tuple(LeftAlone(**each) for each in found["left_alone"]),
    )
