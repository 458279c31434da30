"""Compose on one host: the same commands and settings as in a cluster; what it watches exists."""

import json
import re
from importlib import import_module
from typing import Any

import prometheus_client
import pytest
import yaml

from praxis_embedded.kafka import KAFKA
from praxis_service.access.table import TABLE
from tests.deploy.compose.gateway import gateway_routes
from tests.deploy.k8s.manifests import BASE, ROOT, Document, part_of, pod_of, rendered, routed, service_of, workloads
from tests.deploy.k8s.pods import environment_of
from tests.fixtures.processes import SERVICES

COMPOSE = ROOT / "deploy" / "compose"
PARTS = [(service, part) for service in SERVICES for part in ("migrations", "api", "projector")]
VARIABLE = re.compile(r"\$\{(\w+)(:[?-][^}]*)?\}")


@pytest.fixture
def compose() -> Document:
    found: Document = yaml.safe_load((COMPOSE / "compose.yaml").read_text())
    return found


@pytest.fixture
def manifests() -> list[Document]:
    return rendered(BASE)


@pytest.mark.parametrize(("service", "part"), PARTS)
def test_a_process_is_what_it_is_in_a_cluster(
    compose: Document, manifests: list[Document], service: str, part: str
) -> None:
    here = compose["services"][f"{service}-{part}"]
    [there] = [each for each in workloads(manifests) if (service_of(each), part_of(each)) == (service, part)]
    pod = pod_of(there)
    [container] = pod["containers"]
    assert (here["image"], here["command"]) == (container["image"], container["args"])

    secrets = {"praxis-postgres-app": {"uri": ""}, "praxis-admin": {"key": "", "secret": ""}}
    secrets["praxis-oidc"] = {"client-secret": ""}
    settings = environment_of(container, manifests, secrets)
    assert here["environment"].keys() == settings.keys()
    for name in ("PRAXIS_LOG", "PORT", "PRAXIS_OPERATIONS_PORT"):
        assert str(here["environment"].get(name)) == str(settings.get(name))

    assert (here["read_only"], here["cap_drop"], here["security_opt"]) == (True, ["ALL"], ["no-new-privileges:true"])
    if part == "migrations":
        assert here["build"]["dockerfile"] == f"services/{service}/Containerfile"
        assert here["restart"] == "no"
    else:
        assert here["stop_grace_period"] == f"{pod['terminationGracePeriodSeconds']}s"
        assert here["depends_on"][f"{service}-migrations"]["condition"] == "service_completed_successfully"


def test_what_must_be_filled_in_is_in_the_example_and_no_secret_is(compose: Document) -> None:
    example = dict(re.findall(r"^(\w+)=(.*)$", (COMPOSE / "example.env").read_text(), re.MULTILINE))
    text = (COMPOSE / "compose.yaml").read_text()
    needed = {name for name, rule in VARIABLE.findall(text) if rule.startswith(":?")}
    assert needed <= example.keys()
    assert example.keys() <= {name for name, _ in VARIABLE.findall(text)}
    for name, value in example.items():
        assert not value or not re.search("PASSWORD|SECRET", name)
    for each in compose["services"].values():
        for name, value in each.get("environment", {}).items():
            if re.search("PASSWORD|SECRET|DATABASE_URL", name):
                assert VARIABLE.search(value), name
    assert ".env" in (COMPOSE / ".gitignore").read_text().splitlines()


def test_the_readers_role_is_made_of_the_file_that_is_tested(compose: Document) -> None:
    role = compose["services"]["reader-role"]
    assert role["command"][-1] == "--file=/reader.sql"
    assert role["volumes"] == ["../reader.sql:/reader.sql:ro"]
    assert (COMPOSE / "../reader.sql").exists()
    assert role["image"] == compose["services"]["postgres"]["image"]


def test_every_route_but_those_of_operations_leads_to_one_service_here_and_in_a_cluster() -> None:
    gateway, cluster = gateway_routes(), rendered(ROOT / "deploy" / "k8s" / "overlays" / "production")
    inside = {"/healthz", "/readyz", "/metrics", "/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc"}
    for path in {path for _, path in TABLE} - inside:
        assert gateway(path) in SERVICES, path
        assert gateway(path) == routed(cluster, path), path


def test_only_loopback_is_published(compose: Document) -> None:
    published = [port for each in compose["services"].values() for port in each.get("ports", [])]
    assert published
    assert all(port.startswith("127.0.0.1:") for port in published)


def test_kafka_is_the_one_that_is_tested(compose: Document) -> None:
    assert compose["services"]["kafka"]["image"].split(":")[1] == KAFKA.split(":")[2]


def test_every_process_is_scraped(compose: Document) -> None:
    plan = yaml.safe_load((COMPOSE / "prometheus" / "prometheus.yml").read_text())
    scraped = {
        job["job_name"]: {target for config in job["static_configs"] for target in config["targets"]}
        for job in plan["scrape_configs"]
    }
    assert scraped["api"] == {f"{service}-api:8000" for service in SERVICES}
    assert scraped["projector"] == {f"{service}-projector:9100" for service in SERVICES}
    assert scraped["gateway"] <= {f"{name}:2020" for name in compose["services"]}
    for name in plan["rule_files"]:
        assert (COMPOSE / "prometheus" / name).exists()


def test_every_metric_that_is_watched_exists() -> None:
    for package in ("events", "service", "metrics", "incentives"):
        import_module(f"praxis_{package}.instruments")
    metrics = {metric.name: metric.type for metric in prometheus_client.REGISTRY.collect()}
    parts = {"counter": ["_total"], "histogram": ["_bucket", "_count"]}
    known = {name + part for name, kind in metrics.items() for part in parts.get(kind, [""])}
    watched = {name for expression in expressions() for name in re.findall(r"\b(?:praxis|process)_\w+", expression)}
    assert watched <= known
    for name in metrics:
        assert not name.startswith("praxis_") or [each for each in watched if each.startswith(name)], name


def expressions() -> list[str]:
    """Of the alerts and of the dashboard."""
    alerts = yaml.safe_load((COMPOSE / "prometheus" / "alerts.yml").read_text())
    board: dict[str, Any] = json.loads((COMPOSE / "grafana" / "dashboards" / "praxis.json").read_text())
    found = [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]
    return found + [target["expr"] for panel in board["panels"] for target in panel["targets"]]


@pytest.mark.parametrize(("dashboard", "datasource"), [("praxis", "prometheus"), ("kpis", "praxis")])
def test_a_dashboard_asks_the_source_that_is_provisioned(compose: Document, dashboard: str, datasource: str) -> None:
    [source] = yaml.safe_load((COMPOSE / "grafana" / "datasources" / f"{datasource}.yml").read_text())["datasources"]
    board = json.loads((COMPOSE / "grafana" / "dashboards" / f"{dashboard}.json").read_text())
    asking = [*board["panels"], *board.get("templating", {}).get("list", [])]
    assert {(each["datasource"]["uid"], each["datasource"]["type"]) for each in asking} == {
        (source["uid"], source["type"])
    }
    assert source["url"].removeprefix("http://").split(":")[0] in compose["services"]
    for secret in source.get("secureJsonData", {}).values():
        assert secret.removeprefix("$") in compose["services"]["grafana"]["environment"]
    [provider] = yaml.safe_load((COMPOSE / "grafana" / "dashboards" / "dashboards.yml").read_text())["providers"]
    [mount] = [v for v in compose["services"]["grafana"]["volumes"] if v.startswith("./grafana:")]
    _, inside, _ = mount.split(":")
    assert provider["options"]["path"] == f"{inside}/dashboards"
