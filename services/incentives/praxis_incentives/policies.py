"""A policy version: what was published, and the hash that a decision names it by."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

import msgspec

from praxis_events.contracts.programme import Criteria, PolicyPublished
from praxis_incentives import canonical_json


@dataclass(frozen=True, slots=True)
class Policy:
    """``hash`` is ``sha256:`` and the digest of the published data's canonical JSON: anybody can compute it again."""

    published: PolicyPublished
    hash: str

    @property
    def id(self) -> str:
        return self.published.policy

    @property
    def version(self) -> int:
        return self.published.version

    @property
    def criteria(self) -> Criteria:
        return self.published.criteria

    @property
    def effective_from(self) -> datetime:
        return self.published.effective_from

    @property
    def on_success(self) -> Literal["granted", "proposed"]:
        """Anything linked to promotion is a proposal: a person decides (GDPR Art. 22; EU AI Act Annex III)."""
        return "proposed" if self.published.reward.type == "promotion-linked" else "granted"


@lru_cache(maxsize=1_000)
def read_policy(data: bytes) -> Policy:
    """A policy version from its event's data. Raises ``ValueError`` when the data breaks its contract."""
    digest = hashlib.sha256(canonical_json.encode(msgspec.json.decode(data))).hexdigest()
    return Policy(PolicyPublished.model_validate_json(data), f"sha256:{digest}")
