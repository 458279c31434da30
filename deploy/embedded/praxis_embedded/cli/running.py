"""``praxis run``: everything on one machine."""

import asyncio
import signal
import socket
import urllib.error
import urllib.request
from contextlib import AsyncExitStack, suppress

from rich.console import Console

from praxis_embedded.data_folder import DataFolder
from praxis_embedded.postgres import EmbeddedPostgres
from praxis_embedded.supervision import Child, Part, PartFailed, keep, run_once
from praxis_service import lines
from praxis_service.settings import Settings

READY_SECONDS = 120

console = Console(highlight=False, soft_wrap=True)


def run() -> None:
    """Start PostgreSQL, the API and the projectors; Ctrl-C or SIGTERM stops them all."""
    lines.configure()
    settings = Settings()
    _refuse_busy_port(settings.host, settings.port, "PORT")
    if settings.operations_port is not None:
        _refuse_busy_port(settings.host, settings.operations_port, "PRAXIS_OPERATIONS_PORT")
    folder = DataFolder(settings.data_dir)
    folder.take()
    try:
        asyncio.run(_run(settings, folder))
    except (PartFailed, TimeoutError) as error:
        raise OSError(str(error)) from error


async def _run(settings: Settings, folder: DataFolder) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    async with AsyncExitStack() as stack:
        with console.status("starting PostgreSQL"):
            environment, parts = await _start_parts(settings, folder, stack)
        keepers = [asyncio.create_task(keep(name, part, stopping)) for name, part in parts.items()]
        stack.push_async_callback(_end, keepers, stopping)
        key, secret, made = folder.credential(settings)
        with console.status("bringing the schemas up to date"):
            await run_once(["migrate"], {**environment, "PRAXIS_ADMIN_KEY": key, "PRAXIS_ADMIN_SECRET": secret})
        children = [Child(["serve"], environment), Child(["project"], environment)]
        tasks = [asyncio.create_task(child.run()) for child in children]
        stack.push_async_callback(_stop, children, tasks)
        with console.status("starting the API and the projectors"):
            await _ready(settings, stopping)
        if not stopping.is_set():
            _announce(settings, folder, key, secret if made else None)
        await stopping.wait()


async def _start_parts(
    settings: Settings, folder: DataFolder, stack: AsyncExitStack
) -> tuple[dict[str, str], dict[str, Part]]:
    """Start the database and, if wanted, Kafka; returns what the children must know of them, and the two by name."""
    parts: dict[str, Part] = {}
    postgres = EmbeddedPostgres(folder.postgres)
    stack.push_async_callback(postgres.stop)
    await postgres.start()
    await postgres.ensure_database("praxis")
    parts["PostgreSQL"] = postgres
    environment = {"PRAXIS_DATABASE_URL": postgres.url(), "PRAXIS_LOG": settings.log}
    if settings.log == "kafka":
        from praxis_embedded.kafka import EmbeddedKafka

        kafka = EmbeddedKafka(folder.kafka)
        stack.push_async_callback(kafka.stop)
        await kafka.start()
        parts["Kafka"] = kafka
        environment["PRAXIS_KAFKA_BOOTSTRAP"] = kafka.bootstrap
    folder.note_reached_by(environment)
    return environment, parts


async def _end(keepers: list[asyncio.Task[None]], stopping: asyncio.Event) -> None:
    """Before the servers are stopped: nobody starts them again."""
    stopping.set()
    await asyncio.gather(*keepers)


async def _stop(children: list[Child], tasks: list[asyncio.Task[None]]) -> None:
    """The API first, so that what it accepted last is still projected."""
    for child in children:
        await child.stop()
    await asyncio.gather(*tasks)


async def _ready(settings: Settings, stopping: asyncio.Event) -> None:
    async with asyncio.timeout(READY_SECONDS):
        while not await asyncio.to_thread(_answers, settings):
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), 0.05)
                return


def _answers(settings: Settings) -> bool:
    try:
        with urllib.request.urlopen(f"http://{_reachable(settings)}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _reachable(settings: Settings) -> str:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104 - compared, not bound
    return f"{host}:{settings.port}"


def _announce(settings: Settings, folder: DataFolder, key: str, secret: str | None) -> None:
    url = f"http://{_reachable(settings)}"
    console.print(f"Praxis is ready at {url}   (API: {url}/docs, data: {folder.path})")
    if secret is not None:
        console.print("Its admin credential, shown this once:")
        console.print(f"  export PRAXIS_ADMIN_KEY={key} PRAXIS_ADMIN_SECRET={secret}")
    else:
        console.print(f"Its admin credential is {key!r}, as before.")


def _refuse_busy_port(host: str, port: int, setting: str) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise OSError(f"port {port} on {host} is busy; set {setting} to another") from None
