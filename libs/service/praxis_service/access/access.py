"""What services need of access."""

from dataclasses import dataclass

from praxis_service.access.audit import Audit
from praxis_service.auth import Authenticator


@dataclass(frozen=True, slots=True)
class Access:
    """``authenticate`` says who is calling and refuses who may not; ``audit`` takes what is to be known later."""

    authenticate: Authenticator
    audit: Audit
