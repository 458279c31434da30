"""What went wrong, for people: as a page where a browser asks, else as ``problem.respond`` has it."""

from fastapi import Request
from starlette.responses import Response

from praxis_service import problem
from praxis_service.pages.rendering import Pages
from praxis_service.pages.signing_in import SignInFirst, wants_page

_PAGES = Pages("praxis_service.pages")


def shown(request: Request, fault: problem.Problem) -> Response:
    if isinstance(fault, SignInFirst) or not wants_page(request):
        return problem.respond(fault)
    return _PAGES.answer(request, None, "fault.html", fault.status, fault.headers, fault=fault)
