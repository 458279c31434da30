"""Real parts for every test: PostgreSQL and Apache Kafka, started once a session from pip-installable parts."""

pytest_plugins = [
    "tests.fixtures.no_skips",
    "tests.fixtures.postgres",
    "tests.fixtures.kafka",
    "tests.fixtures.oidc",
    "tests.fixtures.real_statements",
    "tests.fixtures.side_by_side",
]
