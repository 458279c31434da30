"""The manifests of production, carried out: what they start learns of a course and of a skill that was used."""

import asyncio
import signal
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from praxis_embedded.kafka import QUICK, EmbeddedKafka
from praxis_embedded.postgres import EmbeddedPostgres
from tests.deploy.compose.gateway import gateway_routes
from tests.deploy.k8s.manifests import PRODUCTION, Document, named, of_kind, rendered, routed
from tests.deploy.k8s.pods import Pod
from tests.e2e.events import applied, policy
from tests.fixtures.processes import KEY, SECRET, Deployment


@dataclass
class Cluster:
    manifests: list[Document]
    pods: list[Pod]
    praxis: Deployment


@pytest.fixture(scope="module")
async def cluster(postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Cluster]:
    """Jobs, then Deployments, one pod of each; every container ends well when told to."""
    folder = tmp_path_factory.mktemp("k8s")
    async with database_of_an_owner(postgres) as uri, broker(folder / "kafka") as bootstrap:
        found = rendered(PRODUCTION)
        secrets = {"praxis-postgres-app": {"uri": uri}, "praxis-admin": {"key": KEY, "secret": SECRET}}
        here = {"praxis-kafka-bootstrap:9092": bootstrap, "0.0.0.0": "127.0.0.1"}
        jobs, pods = (
            [Pod.of(workload, found, secrets, here, folder) for workload in of_kind(found, kind)]
            for kind in ("Job", "Deployment")
        )
        await asyncio.gather(*(job.process.run() for job in jobs))
        async with AsyncExitStack() as stack:
            for pod in pods:
                await pod.process.start()
                stack.push_async_callback(stopped_well, pod)
            await asyncio.gather(*(pod.probed() for pod in pods))
            apis = {pod.service: pod.address("http") for pod in pods if pod.part == "api"}
            praxis = Deployment(apis, folder)
            yield Cluster(found, pods, praxis)
            await praxis.client.aclose()


async def stopped_well(pod: Pod) -> None:
    """By itself; uvicorn, when it is done, lets the signal end the process."""
    codes = {0} if pod.part == "projector" else {0, -signal.SIGTERM}
    assert await pod.process.stop() in codes, pod.process.output.read_text()


@asynccontextmanager
async def broker(folder: Path) -> AsyncIterator[str]:
    kafka = EmbeddedKafka(folder, java_options=QUICK)
    await kafka.start()
    try:
        yield kafka.bootstrap
    finally:
        await kafka.kill()


@asynccontextmanager
async def database_of_an_owner(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """As the operator makes it: the application owns its database and is otherwise nobody."""
    connection = await postgres.connect()
    await connection.execute("CREATE ROLE k8s LOGIN")
    await connection.execute("CREATE DATABASE k8s OWNER k8s")
    yield postgres.url("k8s").replace("postgresql+asyncpg://postgres@", "postgresql://k8s@")
    await connection.execute("DROP DATABASE k8s WITH (FORCE)")
    await connection.execute("DROP ROLE k8s")
    await connection.close()


async def test_a_statement_becomes_a_figure_and_evidence_a_decision(cluster: Cluster) -> None:
    praxis = cluster.praxis
    completed = [
        {
            "actor": {"mbox": f"mailto:{name}@example.org"},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
            "object": {"id": "https://lms.example/courses/1"},
            "timestamp": "2026-03-02T10:00:00Z",
        }
        for name in ("ann", "bob", "cem", "dee", "eli")
    ]
    answer = await praxis.post("/xapi/statements", completed)
    assert answer.status_code == 200, answer.text
    async with asyncio.timeout(60):
        while True:
            answer = await praxis.get("/kpis/monthly-active-learners", **{"from": "2026-03-02", "to": "2026-03-02"})
            assert answer.status_code == 200, answer.text
            if answer.json()["points"] and answer.json()["points"][0]["value"] == 5:
                break
            await asyncio.sleep(0.2)

    learner = {"mbox": "mailto:ann@example.org"}
    await praxis.send(
        policy("in-practice", "python"), applied(learner, "python", "app#1", "project-result", {"person_id": "client"})
    )
    answer = await praxis.get("/decisions", learner="mailto:ann@example.org")
    assert answer.status_code == 200, answer.text
    [decision] = answer.json()["decisions"]
    assert decision["outcome"] == "pending"

    stored = await praxis.get("/xapi/statements", limit=1)
    [statement] = stored.json()["statements"]
    settings = named(cluster.manifests, "ConfigMap", "praxis-settings")["data"]
    assert statement["authority"]["account"]["homePage"] == settings["PRAXIS_PUBLIC_URL"]


async def test_every_path_that_a_service_answers_is_routed_to_it(cluster: Cluster) -> None:
    """What every service answers, such as signing in, is routed to one of them."""
    gateway, answering = gateway_routes(), defaultdict[str, set[str]](set)
    for service, address in cluster.praxis.addresses.items():
        reference = (await cluster.praxis.client.get(f"{address}/openapi.json")).json()
        for path, operations in reference["paths"].items():
            if not any("operations" in operation.get("tags", []) for operation in operations.values()):
                answering[path].add(service)
    assert {"/xapi/statements", "/kpis", "/decisions"} <= answering.keys()
    for path, services in answering.items():
        assert routed(cluster.manifests, path) in services, path
        assert gateway(path) in services, path


async def test_what_is_scraped_are_the_metrics_of_the_process(cluster: Cluster) -> None:
    projected = set()
    for pod in cluster.pods:
        [workload] = [
            each
            for each in of_kind(cluster.manifests, "Deployment")
            if each["metadata"]["name"] == f"{pod.service}-{pod.part}"
        ]
        annotations = workload["spec"]["template"]["metadata"]["annotations"]
        [port] = pod.container["ports"]
        assert annotations == {"prometheus.io/scrape": "true", "prometheus.io/port": str(port["containerPort"])}
        text = (await cluster.praxis.client.get(f"{pod.address(port['name'])}/metrics")).text
        assert "process_resident_memory_bytes" in text
        if "praxis_projection_lag_seconds{" in text:
            projected.add((pod.service, pod.part))
    assert projected == {(service, "projector") for service in cluster.praxis.addresses}
