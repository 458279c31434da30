"""The manifests: valid, closed in themselves, and of one mind with the code."""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import kubernetes_validate
import pytest

from praxis_events.kafka_log import _config
from praxis_events.topics import TOPICS
from praxis_service.serving import GRACE_SECONDS
from praxis_service.settings import Settings
from tests.deploy.k8s.images import Image
from tests.deploy.k8s.manifests import (
    BASE,
    PRODUCTION,
    ROOT,
    Document,
    containers,
    documents,
    named,
    of_kind,
    part_of,
    pod_of,
    rendered,
    service_of,
    workloads,
)
from tests.fixtures.processes import SERVICES

OPERATORS = {"Kafka", "KafkaNodePool", "KafkaTopic", "Cluster"}
"""Resources of Strimzi and CloudNativePG: no package carries their schemas."""

OLDEST = "1.30"
"""The first Kubernetes whose preStop may sleep by itself."""

SETTINGS = {
    str(field.validation_alias or f"PRAXIS_{name.upper()}"): name for name, field in Settings.model_fields.items()
}
CLIENT_SECRET = "PRAXIS_OIDC_CLIENT_SECRET"
SECRETS = {"PRAXIS_DATABASE_URL", "PRAXIS_ADMIN_KEY", "PRAXIS_ADMIN_SECRET", CLIENT_SECRET}

both = pytest.mark.parametrize("folder", [BASE, PRODUCTION], ids=["base", "production"])


@pytest.fixture
def production() -> list[Document]:
    return rendered(PRODUCTION)


@both
@pytest.mark.parametrize("version", [OLDEST, kubernetes_validate.latest_version()])
def test_every_document_is_valid(folder: Path, version: str) -> None:
    found = rendered(folder)
    for each in found:
        if each["kind"] not in OPERATORS:
            kubernetes_validate.validate(each, version, strict=True)
    names = [(each["kind"], each["metadata"]["name"]) for each in found]
    assert len(names) == len(set(names)) >= 20


@both
def test_each_service_has_an_api_projectors_and_a_migration(folder: Path) -> None:
    found = rendered(folder)
    assert sorted((service_of(each), each["kind"], part_of(each)) for each in workloads(found)) == sorted(
        (service, kind, part)
        for service in SERVICES
        for kind, part in (("Job", "migrations"), ("Deployment", "api"), ("Deployment", "projector"))
    )
    for each in workloads(found):
        assert each["metadata"]["name"] == f"{service_of(each)}-{part_of(each)}"
        assert each["spec"]["template"]["metadata"]["labels"] == each["metadata"]["labels"]


def test_services_differ_in_name_only() -> None:
    def shape(service: str) -> Any:
        """Without what ingest alone has: an autoscaler, which says how many there are, and the provider's secret."""
        found = [each for each in documents(BASE / f"{service}.yaml") if each["kind"] != "HorizontalPodAutoscaler"]
        for each in of_kind(found, "Deployment"):
            if part_of(each) == "api":
                each["spec"].pop("replicas", None)
                [container] = pod_of(each)["containers"]
                if service == "ingest":
                    container["env"] = [each for each in container["env"] if each["name"] != CLIENT_SECRET]
        return json.loads(json.dumps(found).replace(service, "SERVICE"))

    assert shape("ingest") == shape("metrics") == shape("incentives")


@both
def test_no_container_may_do_more_than_it_must(folder: Path) -> None:
    found = rendered(folder)
    for workload in workloads(found):
        pod = pod_of(workload)
        assert pod["securityContext"] == {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
        assert pod["automountServiceAccountToken"] is False
    for container in containers(found):
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert container["resources"].keys() == {"requests", "limits"}
        # A kubelet can tell from a number alone that a user is not root.
        assert Image.named(container["image"]).user.split(":")[0].isdecimal()


@both
def test_secrets_are_named_and_never_told(folder: Path) -> None:
    found = rendered(folder)
    assert not of_kind(found, "Secret")
    assert not SECRETS & named(found, "ConfigMap", "praxis-settings")["data"].keys()
    for container in containers(found):
        for each in container["env"]:
            assert ("valueFrom" in each) == (each["name"] in SECRETS)


@both
def test_only_where_people_sign_in_is_the_secret_at_the_provider_known(folder: Path) -> None:
    found = rendered(folder)
    having = {
        each["metadata"]["name"]: source["valueFrom"]["secretKeyRef"]
        for each in workloads(found)
        for container in pod_of(each)["containers"]
        for source in container["env"]
        if source["name"] == CLIENT_SECRET
    }
    assert having == {"ingest-api": {"name": "praxis-oidc", "key": "client-secret", "optional": True}}
    name = having["ingest-api"]["name"]
    assert f"kubectl -n praxis create secret generic {name} " in (ROOT / "deploy" / "README.md").read_text()


@both
def test_every_setting_is_known_and_right(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = rendered(folder)
    plain = named(found, "ConfigMap", "praxis-settings")["data"]
    for container in containers(found):
        told = plain | {each["name"]: each.get("value") for each in container["env"]}
        assert told.keys() <= SETTINGS.keys()
        for name, value in told.items():
            if value is not None:
                monkeypatch.setenv(name, value)
        Settings()


@both
def test_every_reference_finds_what_it_means(folder: Path) -> None:
    found = rendered(folder)
    deployments = {each["metadata"]["name"]: each for each in of_kind(found, "Deployment")}

    def selected(labels: dict[str, str]) -> list[str]:
        return [
            n for n, d in deployments.items() if labels.items() <= d["spec"]["template"]["metadata"]["labels"].items()
        ]

    for name, deployment in deployments.items():
        assert selected(deployment["spec"]["selector"]["matchLabels"]) == [name]
        [spread] = pod_of(deployment)["topologySpreadConstraints"]
        assert selected(spread["labelSelector"]["matchLabels"]) == [name]
        assert selected(named(found, "PodDisruptionBudget", name)["spec"]["selector"]["matchLabels"]) == [name]
        [container] = pod_of(deployment)["containers"]
        [port] = container["ports"]
        for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
            assert container[probe]["httpGet"]["port"] == port["name"]
        assert port["containerPort"] in Image.named(container["image"]).ports
    for service in of_kind(found, "Service"):
        assert selected(service["spec"]["selector"]) == [f"{service['metadata']['name']}-api"]
        [port] = service["spec"]["ports"]
        assert (port["name"], port["targetPort"]) == ("http", "http")
    [scaler] = of_kind(found, "HorizontalPodAutoscaler")
    assert "replicas" not in deployments[scaler["spec"]["scaleTargetRef"]["name"]]["spec"]
    assert len(deployments) == len(of_kind(found, "PodDisruptionBudget")) == 6


@both
def test_who_is_told_to_end_has_time_for_it(folder: Path) -> None:
    for deployment in of_kind(rendered(folder), "Deployment"):
        pod = pod_of(deployment)
        [container] = pod["containers"]
        waits = container["lifecycle"]["preStop"]["sleep"]["seconds"] if part_of(deployment) == "api" else 0
        assert pod["terminationGracePeriodSeconds"] >= waits + GRACE_SECONDS + 5


def test_the_topics_are_those_that_the_services_would_make(production: list[Document]) -> None:
    brokers = named(production, "KafkaNodePool", "brokers")["spec"]["replicas"]
    assert brokers == 3
    topics = {each["metadata"]["name"]: each["spec"] for each in of_kind(production, "KafkaTopic")}
    assert topics.keys() == {topic.name for topic in TOPICS}
    for topic in TOPICS:
        spec = topics[topic.name]
        assert (spec["partitions"], spec["replicas"]) == (topic.partitions, brokers)
        assert {name: str(value) for name, value in spec["config"].items()} == _config(topic, brokers)


def test_the_services_reach_the_log_and_the_database_by_the_operators_names(production: list[Document]) -> None:
    [kafka], [cluster] = of_kind(production, "Kafka"), of_kind(production, "Cluster")
    [listener] = kafka["spec"]["kafka"]["listeners"]
    bootstrap = f"{kafka['metadata']['name']}-kafka-bootstrap:{listener['port']}"
    assert named(production, "ConfigMap", "praxis-settings")["data"]["PRAXIS_KAFKA_BOOTSTRAP"] == bootstrap
    for each in of_kind(production, "KafkaNodePool", "KafkaTopic"):
        assert each["metadata"]["labels"]["strimzi.io/cluster"] == kafka["metadata"]["name"]
    for container in containers(production):
        [source] = [each["valueFrom"] for each in container["env"] if each["name"] == "PRAXIS_DATABASE_URL"]
        assert source["secretKeyRef"] == {"name": f"{cluster['metadata']['name']}-app", "key": "uri"}

    [policy] = of_kind(production, "NetworkPolicy")
    to_log, to_database, _ = policy["spec"]["egress"]
    assert _peer(to_log) == ({"strimzi.io/cluster": kafka["metadata"]["name"]}, listener["port"])
    assert _peer(to_database) == ({"cnpg.io/cluster": cluster["metadata"]["name"]}, 5432)
    [allowed] = listener["networkPolicyPeers"]
    for pods in (policy["spec"]["podSelector"], allowed["podSelector"]):
        for workload in workloads(production):
            assert pods["matchLabels"].items() <= workload["spec"]["template"]["metadata"]["labels"].items()
    open_ports = {each["port"] for each in policy["spec"]["ingress"][0]["ports"]}
    assert open_ports == {port["name"] for each in containers(production) for port in each.get("ports", [])}


def _peer(rule: Document) -> tuple[dict[str, str], int]:
    [peer], [port] = rule["to"], rule["ports"]
    return peer["podSelector"]["matchLabels"], port["port"]


def test_it_is_reached_where_it_says(production: list[Document]) -> None:
    [ingress] = of_kind(production, "Ingress")
    [rule], [tls] = ingress["spec"]["rules"], ingress["spec"]["tls"]
    public = urlsplit(named(production, "ConfigMap", "praxis-settings")["data"]["PRAXIS_PUBLIC_URL"])
    assert (public.scheme, public.hostname) == ("https", rule["host"])
    assert tls["hosts"] == [rule["host"]]
    services = {each["metadata"]["name"] for each in of_kind(production, "Service")}
    assert {path["backend"]["service"]["name"] for path in rule["http"]["paths"]} == services
