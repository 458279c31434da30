from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from praxis_service.command import settings_fault
from praxis_service.settings import Settings


def test_the_environment_configures(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {
        "PORT": "8123",
        "PRAXIS_DATA_DIR": "/var/lib/praxis",
        "PRAXIS_LOG": "kafka",
        "PRAXIS_TIME_ZONE": "Europe/Berlin",
        "PRAXIS_SUPPRESSION_THRESHOLD": "10",
        "PRAXIS_XAPI_DEFAULT_VERSION": "2.0.0",
        "PRAXIS_MANAGER_VIEW": "off",
        "PRAXIS_ALLOWED_LATENESS": "PT36H",
        "PRAXIS_PUBLIC_URL": "https://praxis.example.org/",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert (settings.port, settings.data_dir, settings.log) == (8123, Path("/var/lib/praxis"), "kafka")
    assert (settings.suppression_threshold, settings.xapi_default_version) == (10, "2.0.0")
    assert settings.manager_view is False
    assert settings.allowed_lateness == timedelta(hours=36)
    assert settings.zone.key == "Europe/Berlin"
    assert settings.base_url == "https://praxis.example.org"


def test_what_is_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PORT", "PRAXIS_OPERATIONS_PORT", "PRAXIS_ADMIN_SECRET", "PRAXIS_TIME_ZONE"):
        monkeypatch.setenv(name, "")
    settings = Settings()
    assert (settings.port, settings.operations_port, settings.admin_secret) == (8000, None, None)
    assert settings.time_zone == "UTC"


def test_code_configures_by_the_same_names() -> None:
    settings = Settings(port=8123, log="kafka")
    assert (settings.port, settings.log) == (8123, "kafka")
    assert settings.base_url == "http://127.0.0.1:8123"


@pytest.mark.parametrize(
    "given",
    [
        "postgresql://praxis:s3cret@praxis-postgres-rw.praxis:5432/praxis",
        "postgres://praxis:s3cret@praxis-postgres-rw.praxis:5432/praxis",
        "postgresql+asyncpg://praxis:s3cret@praxis-postgres-rw.praxis:5432/praxis",
    ],
)
def test_a_database_url_needs_no_driver(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("PRAXIS_DATABASE_URL", given)
    assert Settings().database_url == "postgresql+asyncpg://praxis:s3cret@praxis-postgres-rw.praxis:5432/praxis"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PRAXIS_TIME_ZONE", "Mars/Olympus"),
        ("PRAXIS_LOG", "rabbit"),
        ("PRAXIS_SUPPRESSION_THRESHOLD", "0"),
        ("PRAXIS_APPEND_TIMEOUT", "0"),
        ("PRAXIS_XAPI_DEFAULT_VERSION", "1.0.2"),
        ("PORT", "http"),
    ],
)
def test_nonsense_is_refused_at_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError):
        Settings()


def test_roles_are_mapped_to_known_scopes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRAXIS_OIDC_ROLES", '{"analyst": ["kpis/read", "events/write:praxis.people."]}')
    assert Settings().oidc_roles == {"analyst": {"kpis/read", "events/write:praxis.people."}}


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"PRAXIS_OIDC_ROLES": "{analyst"}, "PRAXIS_OIDC_ROLES: Value error, must be JSON"),
        (
            {"PRAXIS_OIDC_ROLES": '{"analyst": ["kpi/read"]}'},
            "PRAXIS_OIDC_ROLES: Value error, 'kpi/read': no such scope",
        ),
        ({"PRAXIS_OIDC_ISSUER": "https://id.example.org"}, "needs PRAXIS_OIDC_AUDIENCE"),
        ({"PRAXIS_OIDC_CLIENT_ID": "praxis"}, "PRAXIS_OIDC_CLIENT_ID needs PRAXIS_OIDC_ISSUER"),
        ({"PRAXIS_OIDC_CLIENT_SECRET": "s3cret"}, "PRAXIS_OIDC_CLIENT_SECRET needs PRAXIS_OIDC_CLIENT_ID"),
    ],
)
def test_a_mistake_about_the_issuer_is_named(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], fault: str
) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert fault in settings_fault(caught.value)
