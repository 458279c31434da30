"""Templates into answers."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse

from praxis_service.access.principal import Principal
from praxis_service.pages.headers import HEADERS
from praxis_service.pages.navigation import links
from praxis_service.pages.static_files import static


class Pages:
    """The templates in the folder ``templates`` of ``package``; they extend ``base.html`` of this one.

    All that is filled in is escaped, and a name that is not given is an error.
    """

    def __init__(self, package: str) -> None:
        self._environment = Environment(
            loader=ChoiceLoader([PackageLoader(package), PackageLoader("praxis_service.pages")]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["static"] = static

    def answer(
        self,
        request: Request,
        principal: Principal | None,
        template: str,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **values: Any,
    ) -> HTMLResponse:
        """The page for ``principal``, with links to what they may see; for nobody in particular without any."""
        here = {"principal": principal, "links": links(principal, request.url.path)}
        text = self._environment.get_template(template).render({**here, **values})
        return HTMLResponse(text, status, {**HEADERS, **(headers or {})})
