"""The statements resource over HTTP (xAPI 1.0.3, Communication §2.1)."""

from collections.abc import Sequence
from email.utils import format_datetime
from urllib.parse import quote
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request, Response

from praxis_events.statement_records import SOURCE
from praxis_events.times import format_time
from praxis_ingest.sources.feeds import Feeds
from praxis_ingest.statements import cursor, documented
from praxis_ingest.statements.consistency import StoreConsistency
from praxis_ingest.statements.cursor import Place
from praxis_ingest.statements.decode import Decoded, decode_batch
from praxis_ingest.statements.documented import CONSISTENT_THROUGH
from praxis_ingest.statements.door import StatementDoor, Stored
from praxis_ingest.statements.filters import Presentation, StatementById, StatementFilter, parse_query
from praxis_ingest.statements.formats import accepted_languages, present
from praxis_ingest.statements.reading import FoundStatement, StatementReader
from praxis_ingest.versions import VERSION_HEADER, VERSIONS, PlainXapiRoute, XapiRoute, require_version
from praxis_service.access.access import Access
from praxis_service.auth import Principal
from praxis_service.body import read_body
from praxis_service.problem import BadRequest, FieldError, NotFound, Unavailable
from praxis_service.settings import Settings
from praxis_service.telemetry import trace_of

PATH = "/xapi/statements"
MORE = "/xapi/more"
_BOUNDARY = "praxis-statements"
_JSON_TYPES = ("application/json", "")


class StatementRoutes:
    """The resource's handlers; ``router`` mounts them."""

    def __init__(
        self,
        door: StatementDoor,
        reader: StatementReader,
        consistency: StoreConsistency,
        feeds: Feeds,
        access: Access,
        settings: Settings,
    ) -> None:
        self._door, self._reader, self._consistency, self._feeds = door, reader, consistency, feeds
        self._access, self._settings = access, settings

    def router(self) -> APIRouter:
        router = APIRouter(tags=["xapi"], route_class=PlainXapiRoute)
        router.add_api_route(PATH, self.post, methods=["POST"], summary="Store statements", **documented.POST)
        router.add_api_route(
            PATH, self.put, methods=["PUT"], summary="Store one statement", status_code=204, **documented.PUT
        )
        for method, said in (("GET", ""), ("HEAD", ": the headers alone")):
            router.add_api_route(PATH, self.get, methods=[method], summary=f"Find statements{said}", **documented.GET)
            router.add_api_route(
                MORE + "/{word}",
                self.more,
                methods=[method],
                summary=f"The next page{said}",
                route_class_override=XapiRoute,
                **documented.MORE,
            )
        return router

    async def post(self, request: Request) -> Response:
        """Store one statement or a list; all or nothing. Answers their ids in order, durable on the log."""
        principal = await self._sender(request)
        with self._feeds.watching(principal.key, SOURCE):
            if request.query_params:
                _refuse_parameters(request)
            statements = decode_batch(await self._body(request), max_batch=self._settings.max_batch)
            stored = await self._accept(statements, principal, request)
        return self._json(msgspec.json.encode(stored.ids))

    async def put(self, request: Request) -> Response:
        """Store one statement under ``statementId``."""
        principal = await self._sender(request)
        with self._feeds.watching(principal.key, SOURCE):
            wanted = _put_id(request)
            statement = _only(await self._body(request), wanted)
            await self._accept([statement.with_id(wanted)], principal, request)
        return Response(status_code=204, headers=self._headers())

    async def get(self, request: Request) -> Response:
        """One statement by id, or a page of those that the filters match, newest first."""
        principal = await self._enter(request)
        wanted = parse_query(request.query_params)
        if isinstance(wanted, StatementById):
            found = await self._consistency.in_one_generation(lambda: self._one(request, wanted))
            await self._access.audit.note(principal.key, "record-read", str(wanted.id))
            return found
        return await self._listed(request, principal, dict(request.query_params), wanted, None)

    async def more(self, request: Request, word: str) -> Response:
        """The page after a ``more`` link."""
        principal = await self._enter(request)
        parameters, wanted, after = cursor.decode(word)
        return await self._listed(request, principal, parameters, wanted, after)

    async def _enter(self, request: Request) -> Principal:
        require_version(request, self._settings.xapi_default_version)
        return await self._access.authenticate(request)

    async def _sender(self, request: Request) -> Principal:
        require_version(request, self._settings.xapi_default_version)
        return await self._feeds.entered(self._access, request, SOURCE)

    async def _accept(self, statements: Sequence[Decoded], principal: Principal, request: Request) -> Stored:
        stored = await self._door.accept(statements, principal.key, trace_of(request))
        fresh = len(stored.ids) - stored.duplicates
        self._feeds.accepted(principal.key, SOURCE, fresh, stored.duplicates)
        return stored

    async def _body(self, request: Request) -> bytes:
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in _JSON_TYPES:
            raise BadRequest(f"Statements come as application/json, not {media_type}.")
        return await read_body(request, self._settings.max_body_bytes)

    async def _one(self, request: Request, wanted: StatementById) -> Response:
        through = await self._consistency.through()
        caught_up = await self._consistency.wait()
        found = await self._reader.by_id(wanted.id, voided=wanted.voided)
        if found is None and not caught_up:
            raise Unavailable("The store has not caught up with the log yet; ask again.")
        if found is None:
            raise NotFound(f"There is no {'voided ' if wanted.voided else ''}statement {wanted.id}.")
        body = present(found.body, wanted.presentation.format, _languages(request))
        headers = {
            CONSISTENT_THROUGH: format_time(through),
            "Last-Modified": format_datetime(found.stored, usegmt=True),
        }
        return self._json(body, headers, wanted.presentation)

    async def _listed(
        self,
        request: Request,
        principal: Principal,
        parameters: dict[str, str],
        wanted: StatementFilter,
        after: Place | None,
    ) -> Response:
        found, any_ = await self._consistency.in_one_generation(lambda: self._page(request, parameters, wanted, after))
        if any_:  # else nobody's record was read, whoever was asked for
            persons = [] if wanted.agent is None else [wanted.agent]
            await self._access.audit.note(principal.key, "record-read", PATH, persons)
        return found

    async def _page(
        self, request: Request, parameters: dict[str, str], wanted: StatementFilter, after: Place | None
    ) -> tuple[Response, bool]:
        """The answer, and whether there is any statement in it."""
        through = await self._consistency.through()
        if not await self._consistency.wait():
            through = min(through, await self._consistency.through())
        page = await self._reader.page(parameters, wanted, after, through)
        body = _result(page.statements, page.more, wanted.presentation, _languages(request))
        headers = {CONSISTENT_THROUGH: format_time(through)}
        if page.statements:
            newest = max(each.stored for each in page.statements)
            headers["Last-Modified"] = format_datetime(newest, usegmt=True)
        return self._json(body, headers, wanted.presentation), bool(page.statements)

    def _json(
        self, body: bytes, headers: dict[str, str] | None = None, presentation: Presentation | None = None
    ) -> Response:
        every = {**self._headers(), **(headers or {})}
        if presentation is None or not presentation.attachments:
            return Response(body, media_type="application/json", headers=every)
        return Response(_multipart(body), headers={**every, "Content-Type": f"multipart/mixed; boundary={_BOUNDARY}"})

    def _headers(self) -> dict[str, str]:
        return {VERSION_HEADER: VERSIONS[-1]}


def _result(
    statements: list[FoundStatement], more: str | None, presentation: Presentation, languages: list[str]
) -> bytes:
    """A StatementResult (xAPI 1.0.3, Data §2.5); ``more`` is relative to the server, empty on the last page."""
    shown = b",".join(present(each.body, presentation.format, languages) for each in statements)
    link = f"{MORE}/{quote(more)}" if more else ""
    return b'{"statements":[' + shown + b'],"more":' + msgspec.json.encode(link) + b"}"


def _multipart(body: bytes) -> bytes:
    return b"\r\n".join(
        [
            b"--" + _BOUNDARY.encode(),
            b"Content-Type: application/json",
            b"",
            body,
            b"--" + _BOUNDARY.encode() + b"--",
            b"",
        ]
    )


def _languages(request: Request) -> list[str]:
    return accepted_languages(request.headers.get("accept-language", ""))


def _refuse_parameters(request: Request) -> None:
    unknown = next(iter(request.query_params))
    raise BadRequest("POST takes no query parameters.", [FieldError("is not taken here", parameter=unknown)])


def _only(body: bytes, wanted: UUID) -> Decoded:
    if not body.lstrip().startswith(b"{"):
        raise BadRequest("PUT takes one statement.", [FieldError("must be a statement object", pointer="")])
    statement = decode_batch(body, max_batch=1)[0]
    if statement.id not in (None, wanted):
        fault = FieldError("must equal statementId", pointer="/id")
        raise BadRequest("The statement has another id than statementId.", [fault])
    return statement


def _put_id(request: Request) -> UUID:
    for name in request.query_params:
        if name != "statementId":
            raise BadRequest(f"Unknown query parameter {name!r}.", [FieldError("is not taken here", parameter=name)])
    wanted = parse_query(dict(request.query_params))
    if not isinstance(wanted, StatementById):
        raise BadRequest("PUT needs statementId.", [FieldError("is required", parameter="statementId")])
    return wanted.id
