"""Settings by environment (``PRAXIS_…``); the same names configure every service and the one-machine default."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


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

    append_timeout: Annotated[float, Field(gt=0)] = 5.0
    clock_skew: Annotated[float, Field(ge=0)] = 0.5
    read_wait: Annotated[float, Field(ge=0)] = 5.0
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
