"""SQL of departures: when somebody was no longer at work, and whether they wanted to go.

Days are local. Who leaves and is hired again without a day between has not departed; leave is no departure.
"""


def gone_on(person_id: str, day: str) -> str:
    """The first day after ``day``, on which the person was at work, on which they were not; null while they are."""
    return f"""(
        SELECT min(job.last_day) + 1 FROM employment job
        WHERE job.person_id = {person_id} AND job.last_day >= {day} AND job.last_day < 'infinity'
          AND NOT EXISTS (
              SELECT FROM employment next
              WHERE next.person_id = job.person_id AND next.first_day <= job.last_day + 1
                AND next.last_day > job.last_day
          )
    )"""  # noqa: S608 - columns of our own


def came_on(person_id: str, day: str) -> str:
    """The first of the days at work without a break up to ``day``, on which the person was at work."""
    return f"""(
        SELECT max(job.first_day) FROM employment job
        WHERE job.person_id = {person_id} AND job.first_day <= {day}
          AND NOT EXISTS (
              SELECT FROM employment before
              WHERE before.person_id = job.person_id AND before.last_day >= job.first_day - 1
                AND before.first_day < job.first_day
          )
    )"""  # noqa: S608 - columns of our own


DEPARTURES = """
    moves AS (
        SELECT DISTINCT ON (person_id, effective_at, type) person_id, effective_at, type, data
        FROM directory_events WHERE type IN ('praxis.people.hired.v1', 'praxis.people.left.v1')
        ORDER BY person_id, effective_at, type, place DESC
    ), departures AS MATERIALIZED (
        SELECT person_id, effective_at, (data->>'voluntary')::boolean AS voluntary FROM (
            SELECT m.*, lag(type) OVER (PARTITION BY person_id ORDER BY effective_at, type DESC) AS before FROM moves m
        ) AS ordered
        WHERE type = 'praxis.people.left.v1' AND before = 'praxis.people.hired.v1'
    )
"""
"""The common table ``departures``: each that ended work for a while, of two at one instant the one heard later.

At one instant a departure comes before a hire, as in ``praxis_people.employment``: so by type, downwards.
"""


def was_voluntary(person_id: str, gone: str) -> str:
    """Of whoever was gone on the day ``gone``; null where nobody knows.

    It is the last departure up to noon of that day in UTC, when it has begun in every zone. A further one comes after
    another hire, so on a later day.
    """
    return f"""(
        SELECT d.voluntary FROM departures d
        WHERE d.person_id = {person_id} AND d.effective_at <= ({gone} + time '12:00') AT TIME ZONE 'UTC'
        ORDER BY d.effective_at DESC LIMIT 1
    )"""  # noqa: S608 - columns of our own
