"""Names of systems, tasks and artefacts, which several sources spell in several ways."""

import unicodedata


def folded(name: str) -> str:
    """The form in which names are compared, so that spelling makes no second system and no second artefact."""
    return unicodedata.normalize("NFKC", name).strip().casefold()
