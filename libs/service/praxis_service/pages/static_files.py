"""``/static/…``: style and script, under names that hold a digest of their content, so that browsers may keep them."""

import hashlib
from importlib.resources import files
from pathlib import PurePath
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from praxis_service.problem import NotFound

MEDIA_TYPES = {".css": "text/css", ".js": "text/javascript"}

FOR_EVER = "public, max-age=31536000, immutable"


def _named(name: str, content: bytes) -> str:
    path = PurePath(name)
    return f"{path.stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"


_FILES = {
    each.name: each.read_bytes()
    for each in files("praxis_service.pages").joinpath("static").iterdir()
    if PurePath(each.name).suffix in MEDIA_TYPES
}
_NAMES = {name: _named(name, content) for name, content in _FILES.items()}
_SERVED = {_NAMES[name]: content for name, content in _FILES.items()}


def static(name: str) -> str:
    """The path of a file in ``static``. Raises ``KeyError`` for one that is not there."""
    return f"/static/{_NAMES[name]}"


def static_router() -> APIRouter:
    router = APIRouter(prefix="/static", tags=["pages"])
    content: dict[str, Any] = {media_type: {} for media_type in MEDIA_TYPES.values()}

    @router.get("/{name}", response_class=Response, responses={200: {"content": content}}, summary="Style or script")
    async def served(name: str) -> Response:
        if name not in _SERVED:
            raise NotFound(f"There is no {name!r} here; load the page again.")
        headers = {"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff"}
        return Response(_SERVED[name], media_type=MEDIA_TYPES[PurePath(name).suffix], headers=headers)

    return router
