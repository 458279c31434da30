"""``/scim/v2``: discovery, users and groups (RFC 7644)."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.routing import APIRoute
from pydantic import ValidationError
from scim2_models import (
    Context,
    Error,
    ForbiddenException,
    Group,
    ListResponse,
    Meta,
    NotFoundException,
    PatchOp,
    ResourceType,
    ResponseParameters,
    Schema,
    SCIMException,
    SearchRequest,
)
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker
from starlette.convertors import PathConvertor, register_url_convertor
from starlette.routing import BaseRoute

from praxis_events.log import LogError
from praxis_ingest.scim import documented, store
from praxis_ingest.scim.dialects import read
from praxis_ingest.scim.documented import MEDIA_TYPE
from praxis_ingest.scim.door import ScimDoor
from praxis_ingest.scim.queries import query
from praxis_ingest.scim.resources import CONFIG, PERSON, PREFIX, PROVIDER, Kind, Resource, Stored
from praxis_ingest.scim.telling import SOURCE
from praxis_ingest.sources.feeds import Feeds
from praxis_service.access.access import Access
from praxis_service.auth import Principal
from praxis_service.body import read_body
from praxis_service.problem import MethodNotAllowed, Problem, allowed_methods, as_problem
from praxis_service.settings import Settings

# Their parameters are classes that the library composes at run time, and no types to a checker.
_Patch: Any = PatchOp
_Search: Any = SearchRequest
_Shown: Any = ResponseParameters
_List: Any = ListResponse

_KINDS = (Kind.USER, Kind.GROUP)
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]


class _Anything(PathConvertor):
    """The rest of a path, line breaks too."""

    regex = r"[\s\S]*"


register_url_convertor("anything", _Anything())


class ScimRoute(APIRoute):
    """A route whose errors are SCIM's (RFC 7644 §3.12), and which reads what identity providers really send."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                with PROVIDER:
                    return await handle(request)
            except SCIMException as error:
                return refused(request, error.to_error())
            except ValidationError as error:
                return refused(request, Error.from_validation_errors(error)[0])
            except (Problem, LogError) as error:
                problem = error if isinstance(error, Problem) else as_problem(error)
                return refused(request, Error(status=int(problem.status), detail=problem.detail), problem.headers)

        def refused(request: Request, error: Error, headers: Mapping[str, str] | None = None) -> Response:
            if (note := getattr(request.state, "note_refusal", None)) is not None:
                note(error)
            return _error(error, headers)

        return answer


class ScimRoutes:
    def __init__(
        self,
        door: ScimDoor,
        sessions: async_sessionmaker[AsyncSession],
        feeds: Feeds,
        access: Access,
        settings: Settings,
    ) -> None:
        self._door, self._sessions, self._feeds = door, sessions, feeds
        self._access, self._settings = access, settings

    def router(self) -> APIRouter:
        router = APIRouter(prefix=PREFIX, tags=["scim"], route_class=ScimRoute)
        about = "/ServiceProviderConfig"
        router.add_api_route(about, self._config, methods=["GET"], summary="What is supported", **documented.CONFIG)
        self._discovery(router, ResourceType, PROVIDER.resource_types)
        self._discovery(router, Schema, PROVIDER.schemas)
        for kind in _KINDS:
            self._resources(router, kind)
        search = self._search(_KINDS)
        router.add_api_route("/.search", search, methods=["POST"], summary="Find resources", **documented.SEARCH)
        nothing = self._nothing(tuple(router.routes))
        router.add_api_route("/{rest:anything}", nothing, methods=_METHODS, include_in_schema=False)
        return router

    def _discovery(self, router: APIRouter, model: Any, objects: Sequence[Any]) -> None:
        name = f"{model.__name__}s"

        def located(each: Any) -> Any:
            key = each.id or each.name
            meta = Meta(resource_type=model.__name__, location=f"{self._settings.base_url}{PREFIX}/{name}/{key}")
            return each.model_copy(update={"id": key, "meta": meta})

        async def every(request: Request) -> Response:
            await self._access.authenticate(request)
            if "filter" in request.query_params:
                raise ForbiddenException(detail="Discovery takes no filter (RFC 7644 §4)")
            found = [located(each) for each in objects]
            total = len(found)
            return _answer(_List[model](total_results=total, start_index=1, items_per_page=total, resources=found))

        async def one(request: Request, id_: str) -> Response:
            await self._access.authenticate(request)
            for each in map(located, objects):
                if each.id == id_:
                    return _answer(each)
            raise NotFoundException(detail=f"There is no {model.__name__} {id_}")

        single, said = f"/{name}/{{id_:anything}}", f"One {model.__name__}"
        router.add_api_route(f"/{name}", every, methods=["GET"], summary=f"All {name}", **documented.DISCOVERED)
        router.add_api_route(single, one, methods=["GET"], summary=said, **documented.ONE_DISCOVERED)

    def _resources(self, router: APIRouter, kind: Kind) -> None:
        async def create(request: Request) -> Response:
            principal = await self._writer(request)
            resource = await self._read(request, kind.model, Context.RESOURCE_CREATION_REQUEST)
            stored = await self._door.create(kind, resource, principal)
            self._feeds.accepted(principal.key, SOURCE, 1)
            return self._one(request, stored, Context.RESOURCE_CREATION_RESPONSE, HTTPStatus.CREATED)

        async def look(request: Request, id_: UUID) -> Response:
            principal = await self._access.authenticate(request)
            await self._note(principal, (kind,), str(id_))
            async with self._sessions() as session:
                stored = await store.find(session, kind, id_)
            if stored is None:
                raise NotFoundException(detail=f"There is no {kind} {id_}")
            if request.headers.get("if-none-match") in (stored.etag, "*"):
                return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": stored.etag})
            return self._one(request, stored, Context.RESOURCE_QUERY_RESPONSE)

        async def find(request: Request) -> Response:
            await self._note(await self._access.authenticate(request), (kind,))
            asked = _Search[kind.model].model_validate(dict(request.query_params))
            return await self._found((kind,), asked, Context.RESOURCE_QUERY_RESPONSE)

        async def replace(request: Request, id_: UUID) -> Response:
            principal = await self._writer(request)
            wanted = await self._read(request, kind.model, Context.RESOURCE_REPLACEMENT_REQUEST)

            def change(resource: Resource) -> Resource:
                wanted.replace(resource)
                return wanted

            return await self._changed(request, kind, id_, change, principal, Context.RESOURCE_REPLACEMENT_RESPONSE)

        async def patch(request: Request, id_: UUID) -> Response:
            principal = await self._writer(request)
            operations = await self._read(request, _Patch[kind.model], Context.RESOURCE_PATCH_REQUEST)

            def change(resource: Resource) -> Resource:
                operations.patch(resource)
                return resource

            return await self._changed(request, kind, id_, change, principal, Context.RESOURCE_PATCH_RESPONSE)

        async def delete(request: Request, id_: UUID) -> Response:
            principal = await self._writer(request)
            await self._door.delete(kind, id_, request.headers.get("if-match"), principal)
            self._feeds.accepted(principal.key, SOURCE, 1)
            return Response(status_code=HTTPStatus.NO_CONTENT)

        many, single, search = f"/{kind}s", f"/{kind}s/{{id_:uuid}}", self._search((kind,))
        for method, path, handle, said, document in (
            ("POST", f"{many}/.search", search, f"Find {kind}s", documented.SEARCH),
            ("POST", many, create, f"Create a {kind}", documented.create(kind)),
            ("GET", many, find, f"Find {kind}s", documented.FIND),
            ("GET", single, look, f"Read a {kind}", documented.LOOK),
            ("PUT", single, replace, f"Replace a {kind}", documented.replace(kind)),
            ("PATCH", single, patch, f"Change a {kind}", documented.PATCH),
            ("DELETE", single, delete, f"Delete a {kind}", documented.DELETE),
        ):
            router.add_api_route(path, handle, methods=[method], summary=said, **document)

    def _search(self, kinds: tuple[Kind, ...]) -> Callable[[Request], Awaitable[Response]]:
        models: Any = PERSON | Group if len(kinds) > 1 else kinds[0].model

        async def search(request: Request) -> Response:
            await self._note(await self._access.authenticate(request), kinds)
            asked = await self._read(request, _Search[models], Context.SEARCH_REQUEST)
            return await self._found(kinds, asked, Context.SEARCH_RESPONSE)

        return search

    async def _config(self, request: Request) -> Response:
        await self._access.authenticate(request)
        location = f"{self._settings.base_url}{PREFIX}/ServiceProviderConfig"
        meta = Meta(resource_type="ServiceProviderConfig", location=location)
        return _answer(CONFIG.model_copy(update={"meta": meta}))

    def _nothing(self, routes: Sequence[BaseRoute]) -> Callable[[Request], Awaitable[Response]]:
        """What ``routes`` do not serve."""

        async def nothing(request: Request) -> Response:
            await self._access.authenticate(request)
            if allowed := allowed_methods(request.scope, routes):
                raise MethodNotAllowed(request.method, allowed)
            raise NotFoundException(detail=f"There is no {request.url.path} here")

        return nothing

    async def _writer(self, request: Request) -> Principal:
        """Whose refusals are noted: by their codes alone, as SCIM's own words repeat what was sent."""
        principal = await self._feeds.entered(self._access, request, SOURCE)

        def note(error: Error) -> None:
            problem = Problem(error.scim_type or HTTPStatus(error.status or 400).phrase)
            problem.status = HTTPStatus(error.status or 400)
            self._feeds.refused(principal.key, SOURCE, problem)

        request.state.note_refusal = note
        return principal

    async def _note(self, principal: Principal, kinds: tuple[Kind, ...], id_: str = "") -> None:
        if Kind.USER in kinds:
            await self._access.audit.note(principal.key, "record-read", f"{PREFIX}/Users/{id_}".rstrip("/"))

    async def _read(self, request: Request, model: Any, context: Context) -> Any:
        body = await read_body(request, self._settings.max_body_bytes)
        return model.model_validate(read(body), scim_ctx=context)

    async def _found(self, kinds: tuple[Kind, ...], asked: Any, context: Context) -> Response:
        async with self._sessions() as session:
            found = await query(session, kinds, asked, self._settings.base_url)
        return _answer(found, context, asked)

    async def _changed(
        self,
        request: Request,
        kind: Kind,
        id_: UUID,
        change: Callable[[Resource], Resource],
        principal: Principal,
        context: Context,
    ) -> Response:
        stored = await self._door.change(kind, id_, change, request.headers.get("if-match"), principal)
        self._feeds.accepted(principal.key, SOURCE, 1)
        return self._one(request, stored, context)

    def _one(self, request: Request, stored: Stored, context: Context, status: HTTPStatus = HTTPStatus.OK) -> Response:
        base_url = self._settings.base_url
        parameters = _Shown[stored.kind.model].model_validate(
            {name: each for name, each in request.query_params.items() if name in ("attributes", "excludedAttributes")}
        )
        headers = {"ETag": stored.etag, "Location": stored.location(base_url)}
        return _answer(stored.shown(base_url), context, parameters, status, headers)


def _answer(
    body: Any,
    context: Context = Context.RESOURCE_QUERY_RESPONSE,
    parameters: Any = None,
    status: HTTPStatus = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> Response:
    text = body.model_dump_json(scim_ctx=context, response_parameters=parameters)
    return Response(text, status, headers, media_type=MEDIA_TYPE)


def _error(error: Error, headers: Mapping[str, str] | None = None) -> Response:
    return Response(error.model_dump_json(), error.status or 400, headers, media_type=MEDIA_TYPE)
