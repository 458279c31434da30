"""The manifests of ``deploy/k8s``, rendered without a tool: the few things of kustomize that they use, and no more."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
BASE = ROOT / "deploy" / "k8s" / "base"
PRODUCTION = ROOT / "deploy" / "k8s" / "overlays" / "production"

Document = dict[str, Any]


def documents(path: Path) -> list[Document]:
    return list(yaml.safe_load_all(path.read_text()))


def rendered(folder: Path) -> list[Document]:
    """What ``kubectl kustomize`` makes of ``folder``, in another order."""
    [plan] = documents(folder / "kustomization.yaml")
    assert plan.keys() <= {"apiVersion", "kind", "resources", "patches", "images", "namespace"}, "not rendered here"
    paths = [folder / name for name in plan["resources"]]
    found = [each for path in paths for each in (rendered(path) if path.is_dir() else documents(path))]
    for patch in plan.get("patches", []):
        for change in documents(folder / patch["path"]):
            _merge_settings(named(found, change["kind"], change["metadata"]["name"]), change)
    names = {image["name"]: f"{image['newName']}:{image['newTag']}" for image in plan.get("images", [])}
    for container in containers(found):
        container["image"] = names.get(container["image"].split(":")[0], container["image"])
    if "namespace" in plan:
        for each in found:
            if each["kind"] != "Namespace":
                each["metadata"]["namespace"] = plan["namespace"]
    return found


def _merge_settings(target: Document, change: Document) -> None:
    assert change.keys() == {"apiVersion", "kind", "metadata", "data"}, "only a ConfigMap's data are merged here"
    target["data"] |= change["data"]


def of_kind(found: Iterable[Document], *kinds: str) -> list[Document]:
    return [each for each in found if each["kind"] in kinds]


def named(found: Iterable[Document], kind: str, name: str) -> Document:
    [one] = [each for each in found if (each["kind"], each["metadata"]["name"]) == (kind, name)]
    return one


def workloads(found: Iterable[Document]) -> list[Document]:
    return of_kind(found, "Job", "Deployment")


def pod_of(workload: Document) -> Document:
    spec: Document = workload["spec"]["template"]["spec"]
    return spec


def containers(found: Iterable[Document]) -> list[Document]:
    return [container for each in workloads(found) for container in pod_of(each)["containers"]]


def service_of(workload: Document) -> str:
    return str(workload["metadata"]["labels"]["app.kubernetes.io/name"])


def part_of(workload: Document) -> str:
    return str(workload["metadata"]["labels"]["app.kubernetes.io/component"])


def routed(found: Iterable[Document], path: str) -> str | None:
    """The Service that the Ingress sends ``path`` to."""
    [ingress] = of_kind(found, "Ingress")
    [rule] = ingress["spec"]["rules"]
    for route in rule["http"]["paths"]:
        assert route["pathType"] in ("Prefix", "Exact")
        is_prefix = route["pathType"] == "Prefix" and f"{path}/".startswith(f"{route['path']}/")
        if is_prefix or path == route["path"]:
            return str(route["backend"]["service"]["name"])
    return None
