"""The routes of compose's gateway, read from its Caddyfile."""

import re
from collections.abc import Callable
from fnmatch import fnmatchcase

from tests.deploy.k8s.manifests import ROOT

CADDYFILE = ROOT / "deploy" / "compose" / "Caddyfile"
_MATCHER = re.compile(r"^\t@(\w+) path (.+)$", re.MULTILINE)
_HANDLER = re.compile(r"^\thandle @(\w+) \{\n\t\treverse_proxy (\w+)-api:8000\n\t\}$", re.MULTILINE)


def gateway_routes() -> Callable[[str], str | None]:
    """By path the service that it is sent to. Caddy's ``path`` matches whole paths, with ``*`` for any characters."""
    text = CADDYFILE.read_text()
    services, patterns = dict(_HANDLER.findall(text)), dict(_MATCHER.findall(text))
    assert services.keys() == patterns.keys()

    def service(path: str) -> str | None:
        matching = [name for name, each in patterns.items() if any(fnmatchcase(path, p) for p in each.split())]
        return services[matching[0]] if matching else None

    return service
