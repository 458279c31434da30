"""In which media type to answer (RFC 9110 §12.5.1)."""

import re

_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def prefers(accept: str, media_type: str) -> bool:
    """Whether an Accept header prefers a media type, such as ``text/csv``, to JSON; of equals the first named wins."""
    kind = f"{media_type.partition('/')[0]}/*"
    named: list[tuple[float, str]] = []
    for part in accept.split(","):
        wanted, *parameters = (piece.strip().lower() for piece in part.split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        if wanted in {media_type, kind, "application/json", "application/*", "*/*"}:
            named.append((float(quality) if _QUALITY.fullmatch(quality) else 0.0, wanted))
    best = max(named, key=lambda each: each[0], default=(0.0, ""))
    return best[0] > 0 and best[1] in {media_type, kind}
