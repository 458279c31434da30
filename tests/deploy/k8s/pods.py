"""Containers as their manifests say, each as a process of this machine: command, environment, ports and probes.

Three things are otherwise than in a cluster: pods have no addresses of their own, so they listen on loopback, on ports
that are free; and the cluster's names of other parts are exchanged for where these are here.
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import httpx

from praxis_embedded.ports import free_port
from tests.deploy.k8s.images import Image
from tests.deploy.k8s.manifests import Document, named, part_of, pod_of, service_of
from tests.fixtures.processes import Process

Secrets = Mapping[str, Mapping[str, str]]


@dataclass
class Pod:
    service: str
    part: str
    container: Document
    ports: Mapping[str, int]
    process: Process

    @classmethod
    def of(
        cls, workload: Document, found: Sequence[Document], secrets: Secrets, here: Mapping[str, str], folder: Path
    ) -> Self:
        """``here``: by a setting's value in the cluster, what it is on this machine."""
        [container] = pod_of(workload)["containers"]
        image = Image.named(container["image"])
        environment = image.environment | environment_of(container, found, secrets)
        del environment["PATH"]
        ports, free = {}, dict(here)
        for port in container.get("ports", []):
            ports[port["name"]] = free_port()
            assert str(port["containerPort"]) in environment.values(), "the process is not told the port"
            free[str(port["containerPort"])] = str(ports[port["name"]])
        environment = {name: free.get(value, value) for name, value in environment.items()}
        program, *arguments = container.get("command", image.entrypoint)
        arguments += container.get("args", image.arguments)
        process = Process(
            [str(Path(sys.executable).with_name(program)), *arguments],
            environment,
            folder / f"{workload['metadata']['name']}.log",
        )
        return cls(service_of(workload), part_of(workload), container, ports, process)

    async def probed(self) -> None:
        """Up, alive and ready, by the manifest's probes."""
        async with httpx.AsyncClient(trust_env=False) as client:
            for name in ("startupProbe", "livenessProbe", "readinessProbe"):
                await self._pass(client, self.container[name])

    async def _pass(self, client: httpx.AsyncClient, probe: Document) -> None:
        where = probe["httpGet"]
        url = f"{self.address(where['port'])}{where['path']}"
        async with asyncio.timeout(120):
            while True:
                try:
                    if (await client.get(url, timeout=probe.get("timeoutSeconds", 1))).status_code == 200:
                        return
                except httpx.TransportError:
                    await asyncio.sleep(0.1)

    def address(self, port: str) -> str:
        return f"http://127.0.0.1:{self.ports[port]}"


def environment_of(container: Document, found: Sequence[Document], secrets: Secrets) -> dict[str, str]:
    """As a kubelet puts it together."""
    values: dict[str, str] = {}
    for source in container.get("envFrom", []):
        values |= named(found, "ConfigMap", source["configMapRef"]["name"])["data"]
    for each in container.get("env", []):
        if "value" in each:
            values[each["name"]] = each["value"]
            continue
        wanted = each["valueFrom"]["secretKeyRef"]
        if wanted["name"] in secrets or not wanted.get("optional"):
            values[each["name"]] = secrets[wanted["name"]][wanted["key"]]
    return values
