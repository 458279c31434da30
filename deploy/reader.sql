-- The role praxis_reader, for BI tools: it reads the published figures and nothing else (docs/bi.md).
-- By psql 15 or later, as the database's owner, after `praxis migrate`; again, it sets the password again:
--   PRAXIS_READER_PASSWORD=… psql --file=deploy/reader.sql postgresql://…
\set ON_ERROR_STOP on
\getenv password PRAXIS_READER_PASSWORD
SELECT 'CREATE ROLE praxis_reader' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'praxis_reader')
\gexec
ALTER ROLE praxis_reader LOGIN PASSWORD :'password';
ALTER ROLE praxis_reader SET default_transaction_read_only = on;
-- A rebuild waits for a query under way before it shows the new figures.
ALTER ROLE praxis_reader SET statement_timeout = '30s';
ALTER ROLE praxis_reader SET search_path = reporting;
GRANT USAGE ON SCHEMA reporting TO praxis_reader;
GRANT SELECT ON reporting.published TO praxis_reader;
