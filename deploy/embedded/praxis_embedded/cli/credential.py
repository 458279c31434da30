"""The credential with which commands go through the API."""

import typer

from praxis_embedded.data_folder import DataFolder
from praxis_service.settings import Settings


def admin_credential(settings: Settings) -> tuple[str, str]:
    """Key and secret, from the environment, else from the data folder."""
    found = DataFolder(settings.data_dir).kept_credential(settings)
    if found is None:
        raise typer.BadParameter("set PRAXIS_ADMIN_KEY and PRAXIS_ADMIN_SECRET, or run beside the data folder")
    return found
