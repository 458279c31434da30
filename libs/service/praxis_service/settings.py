"""Settings by environment (``PRAXIS_…``); the same names configure every service and the one-machine default."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from praxis_service.access.scopes import known_scope


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="PRAXIS_", env_ignore_empty=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = Field(default=8000, validation_alias="PORT")
    operations_port: int | None = None
    public_url: str | None = None
    data_dir: Path = Path(".praxis")
    database_url: str = "postgresql+asyncpg://postgres@localhost/praxis"
    log: Literal["postgres", "kafka"] = "postgres"
    kafka_bootstrap: str = "localhost:9092"
    admin_key: str | None = None
    admin_secret: str | None = None

    time_zone: str = "UTC"
    suppression_threshold: Annotated[int, Field(ge=1)] = 5
    allowed_lateness: timedelta = timedelta(days=2)
    xapi_default_version: Literal["1.0.3", "2.0.0"] = "1.0.3"
    manager_view: bool = True
    backup_retention: timedelta = timedelta(days=30)

    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    oidc_role_claim: str = "roles"
    oidc_roles: Annotated[dict[str, frozenset[str]], NoDecode] = Field(default_factory=dict)
    oidc_person_claim: str | None = None
    oidc_mail_claim: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = None
    oidc_login_scope: str = "openid profile email"
    oidc_clock_skew: Annotated[float, Field(ge=0, le=300)] = 60.0

    append_timeout: Annotated[float, Field(gt=0)] = 5.0
    clock_skew: Annotated[float, Field(ge=0)] = 0.5
    read_wait: Annotated[float, Field(ge=0)] = 5.0
    rate_limit: Annotated[float, Field(gt=0)] | None = None
    max_body_bytes: int = 16_000_000
    max_batch: int = 1_000
    scim_deactivated: Literal["access", "left"] = "access"

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, OSError):
            raise ValueError(f"{name!r} is not a time zone of the IANA database") from None
        return name

    @field_validator("oidc_roles", mode="before")
    @classmethod
    def _from_json(cls, roles: object) -> object:
        """Here, so that a fault is a setting's fault and not a traceback that quotes it."""
        try:
            return json.loads(roles) if isinstance(roles, str) else roles
        except ValueError:
            raise ValueError('must be JSON, like {"analyst": ["kpis/read"]}') from None

    @field_validator("oidc_roles")
    @classmethod
    def _known_scopes(cls, roles: dict[str, frozenset[str]]) -> dict[str, frozenset[str]]:
        unknown = sorted(scope for scopes in roles.values() for scope in scopes if not known_scope(scope))
        if unknown:
            raise ValueError(f"{', '.join(map(repr, unknown))}: no such scope")
        return roles

    @model_validator(mode="after")
    def _audience_with_issuer(self) -> Self:
        """Else a token that the issuer made for any other service would be taken, and a client would be nobody's."""
        if self.oidc_issuer is not None and self.oidc_audience is None:
            raise ValueError("PRAXIS_OIDC_ISSUER needs PRAXIS_OIDC_AUDIENCE")
        if self.oidc_client_id is not None and self.oidc_issuer is None:
            raise ValueError("PRAXIS_OIDC_CLIENT_ID needs PRAXIS_OIDC_ISSUER")
        if self.oidc_client_secret is not None and self.oidc_client_id is None:
            raise ValueError("PRAXIS_OIDC_CLIENT_SECRET needs PRAXIS_OIDC_CLIENT_ID")
        return self

    @field_validator("database_url")
    @classmethod
    def _by_asyncpg(cls, url: str) -> str:
        """``postgresql://…``, as database operators and hosts hand it out, is taken as it is."""
        return re.sub(r"^postgres(ql)?://", "postgresql+asyncpg://", url)

    @property
    def zone(self) -> ZoneInfo:
        """The reporting time zone in which days and months are cut."""
        return ZoneInfo(self.time_zone)

    @property
    def base_url(self) -> str:
        """Where this installation is reached from outside, without a final slash."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")
