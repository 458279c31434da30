"""How a view over what was said is written: one event type, its people as learners, its data as typed columns.

Every view shows only what stands. ``…_id`` of a person is the learner that they are now, null where nobody is named.
"""

from collections.abc import Mapping


def view(name: str, type_: str, people: Mapping[str, str], columns: str, *, where: str = "true") -> str:
    """A row for each event, which is ``s`` in ``columns`` and ``where``. ``people``: the role behind each column."""
    return f"CREATE VIEW {name} AS {_select('SELECT', type_, people, columns, where)}"


def latest(name: str, type_: str, key: str, people: Mapping[str, str], columns: str) -> str:
    """Of events with one ``key`` (SQL) the last on the log."""
    return f"CREATE VIEW {name} AS {_of_each(type_, key, people, columns)} DESC"


def earliest(name: str, type_: str, key: str, people: Mapping[str, str], columns: str) -> str:
    """Of events with one ``key`` (SQL) the first on the log: for what does not change once it is said."""
    return f"CREATE VIEW {name} AS {_of_each(type_, key, people, columns)}"


def _of_each(type_: str, key: str, people: Mapping[str, str], columns: str) -> str:
    return f"{_select(f'SELECT DISTINCT ON ({key})', type_, people, columns, 'true')} ORDER BY {key}, s.place"


def _select(select: str, type_: str, people: Mapping[str, str], columns: str, where: str) -> str:
    named = "".join(f"{role}.learner_id AS {column}, " for column, role in people.items())
    joined = " ".join(
        f"LEFT JOIN said_learners {role} ON {role}.event = s.event AND {role}.role = '{role}'"
        for role in people.values()
    )
    return f"{select} s.event, {named}{columns} FROM said s {joined} WHERE s.type = '{type_}' AND s.stands AND {where}"
