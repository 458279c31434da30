"""Runs revisions on the connection that ``praxis_service.migrations`` hands over, inside its transaction."""

from alembic import context

connection = context.config.attributes["connection"]
schema = context.config.attributes["schema"]
context.configure(connection=connection, version_table="alembic_version", version_table_schema=schema)
context.run_migrations()
