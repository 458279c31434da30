"""The pages of signing in: plain HTML, without scripts."""

from html import escape
from urllib.parse import quote

from starlette.responses import HTMLResponse

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sign in to Praxis</title>
<style>body {{ font: 1rem/1.5 system-ui; max-width: 24rem; margin: 4rem auto; padding: 0 1rem }}
label, input, button {{ display: block; width: 100%; box-sizing: border-box; font: inherit }}
input, button {{ padding: .5rem; margin-bottom: 1rem }} .fault {{ color: #a00 }}</style></head>
<body><main><h1>Praxis</h1>{fault}{provider}
<form method="post" action="/login">
<input type="hidden" name="csrf" value="{csrf}"><input type="hidden" name="return_to" value="{return_to}">
<label for="key">Key</label><input id="key" name="key" autocomplete="username" required>
<label for="secret">Secret</label>
<input id="secret" name="secret" type="password" autocomplete="current-password" required>
<button>Sign in</button></form></main></body></html>
"""
_PROVIDER = (
    '<p><a href="/login/provider?return_to={}">Sign in with your organisation</a></p>\n<p>Or by a credential:</p>'
)
_FAULT = '<p class="fault" role="alert">{}</p>'


def login_page(
    csrf: str, return_to: str, *, provider: bool, fault: str | None = None, status: int = 200
) -> HTMLResponse:
    """``provider``: whether one may sign in there; ``fault``: why the last attempt did not succeed."""
    link = _PROVIDER.format(escape(quote(return_to, safe="/"))) if provider else ""
    shown = "" if fault is None else _FAULT.format(escape(fault))
    page = _PAGE.format(fault=shown, provider=link, csrf=escape(csrf), return_to=escape(return_to))
    return HTMLResponse(page, status, HEADERS)
