"""SQL of micro-habits: on which of their own working days people were to do one, and on which they did."""

from sqlalchemy import text

DAY_ENDS = "17:00"
"""No event says when somebody's working day ends: the customary end (ISO 8601 local time)."""

CAPTURE_HOURS = 2
SPRINT_MINUTES = (10, 20)

SCOPES = """
    scopes AS MATERIALIZED (
        SELECT kind AS habit, unit, min(since) AS since FROM habit_designs WHERE kind <> 'other' GROUP BY 1, 2
    )
"""
"""Each kind of habit that is designed, for whom and since when."""


def due(of: str = "true") -> str:
    """``due``: each time that somebody was to do a habit: on the day ``since``, or for sharing in the week that begins
    with it; ``day`` is when it counts. Working days are the person's own, without those wholly on leave. ``of``: a
    condition (SQL) on whose employment ``e``."""
    # A week's sharing is due on its last working day, and only once the whole week is over; so one day either side of
    # the periods does not do.
    return f"""
    reach AS (
        SELECT min(p.first) - 6 AS since, least(max(p.last) + 6, :through) AS until FROM periods p
    ), working AS MATERIALIZED (
        SELECT DISTINCT e.person_id, CAST(d.day AS date) AS day
        FROM reach r JOIN employment e ON e.first_day <= r.until AND e.last_day >= r.since
        JOIN schedule s ON s.person_id = e.person_id AND s.first_day <= e.last_day AND s.last_day >= e.first_day
        CROSS JOIN LATERAL generate_series(
            greatest(e.first_day, s.first_day, r.since, (SELECT min(since) FROM scopes)),
            least(e.last_day, s.last_day, r.until), interval '1 day'
        ) AS d(day)
        WHERE e.employee AND NOT e.on_leave AND {of} AND strpos(s.working_days, extract(isodow FROM d.day)::text) > 0
    ), asked_of AS (
        SELECT DISTINCT w.person_id, w.day, s.habit
        FROM working w JOIN scopes s ON w.day >= s.since
        WHERE s.unit IS NULL OR EXISTS (
            SELECT FROM membership m WHERE m.kind = 'unit' AND m.slice = s.unit AND m.person_id = w.person_id
            AND w.day BETWEEN m.first_day AND m.last_day
        )
    ), due AS (
        SELECT person_id, habit, day, day AS since FROM asked_of WHERE habit <> 'share'
        UNION ALL
        SELECT person_id, habit, max(day), CAST(date_trunc('week', day) AS date) AS monday
        FROM asked_of WHERE habit = 'share' GROUP BY person_id, habit, monday
        HAVING CAST(date_trunc('week', max(day)) AS date) + 6 <= :through
    )
    """  # noqa: S608 - of our own


DUE = due()
"""Of everybody."""

_ACTS = f"""
    SELECT h.learner_id, d.kind AS habit, h.at
    FROM reach r JOIN habits_done h ON h.day BETWEEN r.since - 1 AND r.until + 1 JOIN habit_designs d USING (habit)
    WHERE {{of}} AND (d.kind <> 'sprint' OR h.minutes IS NULL
       OR h.minutes BETWEEN {SPRINT_MINUTES[0]} AND {SPRINT_MINUTES[1]})
    UNION ALL
    SELECT s.learner_id, 'sprint', s.started_at
    FROM reach r JOIN sessions s ON s.started_at >= r.since - 1 AND s.started_at < r.until + 2
    WHERE {{of}} AND s.ended_at - s.started_at
        BETWEEN interval '{SPRINT_MINUTES[0]} minutes' AND interval '{SPRINT_MINUTES[1]} minutes'
      AND EXISTS (SELECT FROM scopes WHERE habit = 'sprint')
"""  # noqa: S608 - of our own

ZONES = text("SELECT name FROM pg_timezone_names WHERE name IN (SELECT time_zone FROM schedule)")
"""People's time zones that this PostgreSQL knows; for others it takes the reporting one. It reads files: ask once."""


def done(of: str = "true") -> str:
    """``done``: the days, in people's own time zones, on which they did each habit. ``of``: a condition (SQL) on whose,
    by ``learner_id``."""
    return f"""
    zones AS MATERIALIZED (SELECT * FROM unnest(CAST(:zones AS text[])) AS z(name)), acts AS MATERIALIZED (
        SELECT a.learner_id, l.person_id, a.habit, a.at AT TIME ZONE coalesce(z.name, :zone) AS at
        FROM ({_ACTS.format(of=of)}) a JOIN learners l USING (learner_id)
        LEFT JOIN schedule s ON s.person_id = l.person_id
            AND CAST(a.at AT TIME ZONE :zone AS date) BETWEEN s.first_day AND s.last_day
        LEFT JOIN zones z ON z.name = s.time_zone
    ), done AS MATERIALIZED (
        SELECT DISTINCT learner_id, person_id, habit, CAST(at AS date) AS day FROM acts
        WHERE habit <> 'capture'
           OR CAST(at AS time) BETWEEN time '{DAY_ENDS}' - interval '{CAPTURE_HOURS} hours' AND time '{DAY_ENDS}'
    )
    """  # noqa: S608 - of our own


DONE = done()
"""Of everybody."""

KEPT = """
    kept_since AS MATERIALIZED (
        SELECT DISTINCT person_id, habit,
               CASE WHEN habit = 'share' THEN CAST(date_trunc('week', day) AS date) ELSE day END AS since
        FROM done WHERE person_id IS NOT NULL
    ), kept AS MATERIALIZED (
        SELECT p.first, p.last, u.person_id, u.habit, u.day, true AS employed, k.since IS NOT NULL AS is_done
        FROM periods p JOIN due u ON u.day BETWEEN p.first AND p.last
        LEFT JOIN kept_since k USING (person_id, habit, since)
    )
"""
"""``kept``: each due time of the periods, and whether it was done."""
