"""Pages for people: Jinja2 templates on one base, with Pico CSS and htmx, under one strict content security policy."""

from praxis_service.pages.rendering import Pages
from praxis_service.pages.signing_in import signed_in, wants_page

__all__ = ["Pages", "signed_in", "wants_page"]
