"""What all pages share: escaping, the policy, static files, links, and that packages hold what they need."""

from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest
from fastapi import FastAPI, Request
from hatchling.builders.wheel import WheelBuilder
from jinja2 import UndefinedError

from praxis_service import problem
from praxis_service.access.principal import Principal
from praxis_service.access.table import TABLE
from praxis_service.pages import Pages, faults, signed_in
from praxis_service.pages.headers import HEADERS, POLICY
from praxis_service.pages.navigation import PLACES, links
from praxis_service.pages.static_files import FOR_EVER, static, static_router

ROOT = Path(__file__).parents[3]
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
EVIL = "<script>alert('x')</script>"


async def nobody(request: Request) -> Principal:
    raise problem.Unauthorized("Who is it?")


def served() -> FastAPI:
    app = FastAPI()
    problem.install(app, faults.shown)
    app.include_router(static_router())

    @app.get("/evil")
    async def evil() -> None:
        raise problem.BadRequest(EVIL, [problem.FieldError(EVIL, parameter=EVIL)])

    @app.get("/closed")
    async def closed(request: Request) -> None:
        await signed_in(nobody, request)

    return app


def client() -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(served()), base_url="http://test")


async def test_a_fault_is_a_page_for_a_browser_and_a_problem_for_a_program() -> None:
    async with client() as asking:
        page, found = await asking.get("/evil", headers=BROWSER), await asking.get("/evil")
        missing = await asking.get("/nothing", headers=BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert EVIL not in page.text
    assert page.text.count("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;") == 3
    assert {name.lower(): value for name, value in HEADERS.items()}.items() <= dict(page.headers).items()
    assert (found.headers["content-type"], found.json()["detail"]) == ("application/problem+json", EVIL)
    assert (missing.status_code, "<h1>Not Found</h1>" in missing.text) == (404, True)


async def test_whoever_has_not_signed_in_is_sent_there_and_a_program_is_not() -> None:
    async with client() as asking:
        sent = await asking.get("/closed?a=b&c=%2F", headers=BROWSER)
        part = await asking.get("/closed", headers={**BROWSER, "HX-Request": "true"})
        program = await asking.get("/closed")
        wrong = await asking.get("/closed", headers={**BROWSER, "Authorization": "Basic eDp5"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/login?return_to=/closed%3Fa%3Db%26c%3D%252F")
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/login?return_to=/closed")
    assert [(each.status_code, each.headers["www-authenticate"][:5]) for each in (program, wrong)] == [
        (401, "Basic")
    ] * 2


async def test_static_files_are_kept_for_ever_under_names_of_their_content() -> None:
    async with client() as asking:
        for name, media_type in (("pico.css", "text/css"), ("praxis.css", "text/css"), ("htmx.js", "text/javascript")):
            found = await asking.get(static(name))
            assert found.status_code == 200
            assert found.headers["content-type"] == f"{media_type}; charset=utf-8"
            assert found.headers["cache-control"] == FOR_EVER
            assert found.content == (ROOT / "libs/service/praxis_service/pages/static" / name).read_bytes()
        for name in ("pico.css", "README.md", "..%2fheaders.py"):
            assert (await asking.get(f"/static/{name}")).status_code == 404


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    allowed = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert allowed["default-src"] == "'none'"
    assert {name: sources for name, sources in allowed.items() if sources not in ("'self'", "'none'")} == {
        "img-src": "'self' data:"
    }


def test_a_name_that_is_not_given_is_an_error() -> None:
    request = Request({"type": "http", "path": "/", "headers": [], "query_string": b""})
    with pytest.raises(UndefinedError, match="csrf"):
        Pages("praxis_service.pages").answer(request, None, "login.html", fault=None, provider=False)


def test_links_are_to_what_one_may_see() -> None:
    def shown(*scopes: str) -> list[str]:
        return [link.path for link in links(Principal("somebody", frozenset(scopes)), "/")]

    assert links(None, "/") == []
    assert shown("kpis/read")[0] == "/"
    assert "/decisions" not in shown("kpis/read")
    assert {"/decisions", "/cases"} <= set(shown("decisions/read"))
    assert shown("all") == [path for path, _ in PLACES if ("GET", path) in TABLE]
    assert [link.path for link in links(Principal("x", frozenset(["all"])), "/sources") if link.is_here] == ["/sources"]


@pytest.mark.parametrize("distribution", ["libs/service", "services/ingest", "services/metrics"])
def test_a_wheel_holds_templates_and_static_files(distribution: str, tmp_path: Path) -> None:
    [wheel] = WheelBuilder(str(ROOT / distribution)).build(directory=str(tmp_path), versions=["standard"])
    packed = set(ZipFile(wheel).namelist())
    [package] = (ROOT / distribution).glob("praxis_*")
    kept = [each for folder in ("templates", "static") for each in package.glob(f"**/{folder}/*")]
    assert kept
    assert {str(each.relative_to(package.parent)) for each in kept} <= packed
