import asyncio
import signal
import sys
from pathlib import Path

import asyncpg
import psutil  # type: ignore[import-untyped]
import pytest

from praxis_embedded.postgres import EmbeddedPostgres, PostgresFailed

PARENT = """
import asyncio, sys
from pathlib import Path
from praxis_embedded.postgres import EmbeddedPostgres

async def main() -> None:
    server = EmbeddedPostgres(Path(sys.argv[1]), fsync="off")
    await server.start()
    print(server.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def count_rows(server: EmbeddedPostgres) -> int:
    connection = await server.connect("praxis")
    try:
        return int(await connection.fetchval("SELECT count(*) FROM t"))
    finally:
        await connection.close()


async def write_row(server: EmbeddedPostgres) -> None:
    connection = await server.connect("praxis")
    try:
        await connection.execute("CREATE TABLE IF NOT EXISTS t (a int)")
        await connection.execute("INSERT INTO t VALUES (1)")
    finally:
        await connection.close()


async def test_data_survives_a_stop(own_postgres: EmbeddedPostgres) -> None:
    await write_row(own_postgres)
    await own_postgres.stop()
    with pytest.raises(OSError, match=r"No such file|refused"):
        await count_rows(own_postgres)
    await own_postgres.start()
    assert await count_rows(own_postgres) == 1


async def test_data_survives_a_kill(own_postgres: EmbeddedPostgres) -> None:
    await write_row(own_postgres)
    own_postgres.kill()
    assert own_postgres.pid is None
    await own_postgres.start()
    assert await count_rows(own_postgres) == 1


async def test_a_server_that_a_living_process_runs_is_shared_and_left_running(
    own_postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    await write_row(own_postgres)
    other = EmbeddedPostgres(tmp_path / "data")
    await other.start()
    assert other.pid == own_postgres.pid
    await other.stop()
    assert await count_rows(own_postgres) == 1


async def test_stopping_twice_is_stopping_once(own_postgres: EmbeddedPostgres) -> None:
    await own_postgres.stop()
    await own_postgres.stop()
    assert own_postgres.pid is None


async def test_starting_twice_is_starting_once(own_postgres: EmbeddedPostgres) -> None:
    before = own_postgres.pid
    await own_postgres.start()
    assert own_postgres.pid == before


async def test_the_url_is_one_that_asyncpg_takes(own_postgres: EmbeddedPostgres) -> None:
    connection = await asyncpg.connect(own_postgres.url().replace("+asyncpg", ""))
    assert await connection.fetchval("SELECT current_database()") == "praxis"
    await connection.close()


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL])
async def test_the_server_does_not_outlive_its_parent(tmp_path: Path, ending: signal.Signals) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(tmp_path / "data"), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    server = psutil.Process(int(await parent.stdout.readline()))
    parent.send_signal(ending)
    await parent.wait()
    _, alive = await asyncio.to_thread(psutil.wait_procs, [server], 60)
    assert not alive


async def test_a_failed_start_says_what_the_server_said(own_postgres: EmbeddedPostgres, tmp_path: Path) -> None:
    await own_postgres.stop()
    (tmp_path / "data" / "postgresql.conf").write_text("work_mem = none\n")
    with pytest.raises(PostgresFailed, match="work_mem"):
        await own_postgres.start()
