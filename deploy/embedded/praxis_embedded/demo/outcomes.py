"""What evidence tells of its effect: minutes, errors or money, measured or estimated."""

from random import Random

from praxis_embedded.demo.saying import Json

_TOLD = 0.5
"""The share of uses whose effect anybody tells."""


def outcomes(role: str, draws: Random) -> list[Json]:
    """Money only with the share that is attributed to the skill, as nothing else counts as a return."""
    if draws.random() >= _TOLD:
        return []
    amount = round(draws.uniform(300, 1_500), 2)
    if role == "adviser":
        earned = {"measure": "revenue", "amount": amount * 3, "currency": "EUR", "source": "crm", "attribution": 0.3}
        return [earned]
    saved: Json = {
        "measure": "savings",
        "amount": amount,
        "currency": "EUR",
        "source": "controlling",
        "attribution": 0.5,
    }
    before = draws.randint(60, 180)
    after = round(before * draws.uniform(0.6, 0.95))
    faster: Json = {"measure": "minutes", "before": before, "after": after, "source": "lantern-tracker"}
    if draws.random() < 0.3:
        faster |= {"source": "self-estimate", "confidence": 0.7, "attribution": 0.6}
    if role in ("agent", "operator"):
        wrong = draws.randint(3, 9)
        fewer: Json = {"measure": "errors", "before": wrong, "after": draws.randint(0, wrong), "opportunities": 100}
        return [saved, faster, fewer | {"source": "quality-desk"}]
    return [saved, faster]
