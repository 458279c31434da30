"""Query parameters: a misspelt one is an error and not silence."""

from typing import Annotated

from fastapi import Query, Request

from praxis_service.problem import BadRequest, FieldError

Text = Annotated[str, Query(min_length=1, max_length=2_000, pattern=r"^[^\x00]+$")]
"""PostgreSQL cannot compare with a NUL."""


def refuse_unknown(request: Request, *known: str) -> None:
    """Raises ``BadRequest`` naming each query parameter that is not among ``known``, or is given twice."""
    given = [name for name, _ in request.query_params.multi_items()]
    unknown = sorted(set(given) - set(known))
    twice = sorted(name for name in set(given) & set(known) if given.count(name) > 1)
    if unknown or twice:
        raise BadRequest(
            f"Known query parameters are: {', '.join(known) or 'none'}; each once.",
            [FieldError("is not known", parameter=name) for name in unknown]
            + [FieldError("is given twice", parameter=name) for name in twice],
        )
