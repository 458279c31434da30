"""xAPI statements as typed structs: member names and JSON types (xAPI 1.0.3, Data §2.4). The rest is in ``validation``.

An absent member is ``UNSET``; null is refused everywhere but inside extensions. Objects that ``objectType`` tells apart
are one struct with the members of all kinds, because the member may be missing. Parts that repeat from statement to
statement stay bytes here (``Raw``): ``validation.parts`` decodes them, each once.
"""

from typing import Any

from msgspec import UNSET, Raw, Struct, UnsetType, field

LanguageMap = dict[str, str]
Extensions = dict[str, Any]
Text = str | UnsetType


class Model(Struct, forbid_unknown_fields=True, gc=False, kw_only=True, rename="camel"):
    """Nothing here refers back to what holds it, so the garbage collector may leave it alone."""


class Account(Model):
    home_page: str
    name: str


class Agent(Model):
    """Exactly one of ``mbox``, ``mbox_sha1sum``, ``openid`` and ``account`` identifies it (§2.4.2.3)."""

    object_type: Text = UNSET
    name: Text = UNSET
    mbox: Text = UNSET
    mbox_sha1sum: Text = field(default=UNSET, name="mbox_sha1sum")
    openid: Text = UNSET
    account: Account | UnsetType = UNSET


class Actor(Agent):
    """An Agent or a Group (§2.4.2)."""

    member: list[Agent] | UnsetType = UNSET


class Verb(Model):
    id: str
    display: LanguageMap | UnsetType = UNSET


class InteractionComponent(Model):
    id: str
    description: LanguageMap | UnsetType = UNSET


Components = list[InteractionComponent] | UnsetType


class Definition(Model):
    """An activity's definition, with the members of interactions (§2.4.4.1)."""

    name: LanguageMap | UnsetType = UNSET
    description: LanguageMap | UnsetType = UNSET
    type: Text = UNSET
    more_info: Text = UNSET
    extensions: Extensions | UnsetType = UNSET
    interaction_type: Text = UNSET
    correct_responses_pattern: list[str] | UnsetType = UNSET
    choices: Components = UNSET
    scale: Components = UNSET
    source: Components = UNSET
    target: Components = UNSET
    steps: Components = UNSET


class Activity(Model):
    id: str
    object_type: Text = UNSET
    definition: Definition | UnsetType = UNSET


class StatementRef(Model):
    object_type: str
    id: str


class Score(Model):
    scaled: float | UnsetType = UNSET
    raw: float | UnsetType = UNSET
    min: float | UnsetType = UNSET
    max: float | UnsetType = UNSET


class Result(Model):
    score: Score | UnsetType = UNSET
    success: bool | UnsetType = UNSET
    completion: bool | UnsetType = UNSET
    response: Text = UNSET
    duration: Text = UNSET
    extensions: Extensions | UnsetType = UNSET


Activities = Activity | list[Activity] | UnsetType


class ContextActivities(Model):
    parent: Activities = UNSET
    grouping: Activities = UNSET
    category: Activities = UNSET
    other: Activities = UNSET

    def has_lone(self) -> bool:
        """Whether an activity stands outside an array."""
        return (
            self.parent.__class__ is Activity
            or self.grouping.__class__ is Activity
            or self.category.__class__ is Activity
            or self.other.__class__ is Activity
        )


class ContextAgent(Model):
    """xAPI 2.0 (IEEE 9274.1.1)."""

    object_type: str
    agent: Actor
    relevant_types: list[str] | UnsetType = UNSET


class ContextGroup(Model):
    """xAPI 2.0 (IEEE 9274.1.1)."""

    object_type: str
    group: Actor
    relevant_types: list[str] | UnsetType = UNSET


class Context(Model):
    registration: Text = UNSET
    instructor: Actor | UnsetType = UNSET
    team: Actor | UnsetType = UNSET
    context_activities: Raw | UnsetType = UNSET
    """``ContextActivities``."""

    revision: Text = UNSET
    platform: Text = UNSET
    language: Text = UNSET
    statement: StatementRef | UnsetType = UNSET
    extensions: Extensions | UnsetType = UNSET
    context_agents: list[ContextAgent] | UnsetType = UNSET
    context_groups: list[ContextGroup] | UnsetType = UNSET


class Attachment(Model):
    usage_type: str
    display: LanguageMap
    content_type: str
    length: int
    sha2: str
    description: LanguageMap | UnsetType = UNSET
    file_url: Text = UNSET


class SimpleObject(Actor):
    """An Activity, Agent, Group or StatementRef: what a SubStatement may be about (§2.4.4)."""

    id: Text = UNSET
    definition: Definition | UnsetType = UNSET


class StatementObject(SimpleObject):
    """What a Statement may be about: the same, or a SubStatement (§2.4.4.3)."""

    actor: Raw | UnsetType = UNSET
    """``Actor``."""

    verb: Raw | UnsetType = UNSET
    """``Verb``."""

    object: Raw | UnsetType = UNSET
    """``SimpleObject``: SubStatements do not nest."""

    result: Result | UnsetType = UNSET
    context: Context | UnsetType = UNSET
    timestamp: Text = UNSET
    attachments: list[Attachment] | UnsetType = UNSET


class Statement(Model):
    actor: Raw
    """``Actor``."""

    verb: Raw
    """``Verb``."""

    object: Raw
    """``StatementObject``."""

    id: Text = UNSET
    result: Result | UnsetType = UNSET
    context: Context | UnsetType = UNSET
    timestamp: Text = UNSET
    stored: Text = UNSET
    authority: Actor | UnsetType = UNSET
    version: Text = UNSET
    attachments: list[Attachment] | UnsetType = UNSET
