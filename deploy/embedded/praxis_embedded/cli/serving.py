"""``praxis serve``, ``project`` and ``migrate``: one process each, configured by the environment."""

from typing import Annotated

import typer
import uvloop

from praxis_embedded import parentage
from praxis_embedded.data_folder import DataFolder
from praxis_embedded.hosted import services
from praxis_service import hosting, lines
from praxis_service.settings import Settings

Names = Annotated[
    list[str] | None, typer.Argument(metavar="[SERVICE]...", help="ingest, metrics, incentives; all by default.")
]


def serve(names: Names = None) -> None:
    """Serve the services' API on one port."""
    uvloop.run(hosting.serve(_settings(), services(names or [])))


def project(names: Names = None) -> None:
    """Run the services' projections and other workers."""
    uvloop.run(hosting.project(_settings(), services(names or [])))


def migrate(names: Names = None) -> None:
    """Bring the database's schemas up to date."""
    uvloop.run(hosting.migrate(_settings(), services(names or [])))


def _settings() -> Settings:
    parentage.follow_parent()
    lines.configure()
    return settings_here()


def settings_here() -> Settings:
    """From the environment; beside a running ``praxis run``, its database and its log."""
    settings = Settings()
    return settings.model_copy(update=DataFolder(settings.data_dir).reached_by())
