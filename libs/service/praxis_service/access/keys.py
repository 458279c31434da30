"""``/keys``: credentials over HTTP. Nobody gives, replaces or revokes what may do more than they may themselves."""

from datetime import datetime

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.ext.asyncio import AsyncEngine

from praxis_service import credentials
from praxis_service.access.principal import Principal
from praxis_service.access.scopes import grants
from praxis_service.auth import Authenticator
from praxis_service.problem import FieldError, Forbidden, NotFound


class NewKey(BaseModel):
    """``key`` is its name; made up when left out. ``scopes``: docs/access.md."""

    scopes: list[str] = Field(min_length=1, max_length=50)
    key: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._~@-]{1,100}$")

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"scopes": ["statements/write"], "key": "moodle"}]}
    )


class KeyOut(BaseModel):
    key: str
    scopes: list[str]
    created_at: datetime
    revoked_at: datetime | None


class KeyMade(BaseModel):
    """``secret`` is shown this once, and not kept."""

    key: str
    secret: str
    scopes: list[str]


class KeyList(BaseModel):
    keys: list[KeyOut]


def keys_router(engine: AsyncEngine, authenticate: Authenticator) -> APIRouter:
    """``engine`` reaches the schema ``access``."""
    router = APIRouter(prefix="/keys", tags=["access"])

    @router.post("", status_code=201, summary="Make a credential")
    async def make(request: Request, body: NewKey) -> KeyMade:
        """Its secret is in the answer, once. A key that exists is a conflict (409): it is revoked, not replaced."""
        principal = await authenticate(request)
        missing = [
            FieldError("is not the caller's to give", pointer=f"/scopes/{place}")
            for place, scope in enumerate(body.scopes)
            if not grants(principal.scopes, scope)
        ]
        if missing:
            raise Forbidden("Nobody gives a scope that they do not have.", missing)
        key, secret = await credentials.create(engine, body.scopes, body.key, replace=False, by=principal.key)
        return KeyMade(key=key, secret=secret, scopes=sorted(set(body.scopes)))

    @router.get("", summary="Credentials, without their secrets")
    async def every(request: Request) -> KeyList:
        await authenticate(request)
        found = await credentials.listed(engine)
        return KeyList(keys=[KeyOut.model_validate(each, from_attributes=True) for each in found])

    @router.delete("/{key}", status_code=204, summary="Revoke a credential")
    async def revoke(request: Request, key: str) -> Response:
        """It is refused from a minute later at most."""
        principal = await authenticate(request)
        found = None if "\x00" in key else await credentials.find(engine, key)
        if found is None or found.revoked_at is not None:
            raise NotFound(f"There is no valid credential {key!r}.")
        _refuse_greater(principal, found)
        await credentials.revoke(engine, key, by=principal.key)
        return Response(status_code=204)

    return router


def _refuse_greater(principal: Principal, credential: credentials.Credential) -> None:
    if not all(grants(principal.scopes, scope) for scope in credential.scopes):
        raise Forbidden(f"The credential {credential.key!r} may do what the caller may not.")
