"""What the manifests may count on in an image: the last stage of its Containerfile."""

import json
import re
import shlex
from dataclasses import dataclass
from typing import Self

from tests.deploy.k8s.manifests import ROOT


@dataclass(frozen=True)
class Image:
    environment: dict[str, str]
    entrypoint: list[str]
    arguments: list[str]
    user: str
    ports: set[int]

    @classmethod
    def named(cls, image: str) -> Self:
        """By the manifests' name, whatever the registry and the tag."""
        service = image.rsplit("/", 1)[-1].split(":")[0].removeprefix("praxis-")
        text = (ROOT / "services" / service / "Containerfile").read_text().rpartition("\nFROM ")[2]
        said = dict(re.findall(r"^(ENV|USER|EXPOSE|ENTRYPOINT|CMD) (.*)$", text, re.MULTILINE))
        pairs = (pair.partition("=") for pair in shlex.split(said["ENV"]))
        return cls(
            environment={name: value for name, _, value in pairs},
            entrypoint=json.loads(said["ENTRYPOINT"]),
            arguments=json.loads(said["CMD"]),
            user=said["USER"],
            ports={int(port) for port in said["EXPOSE"].split()},
        )
