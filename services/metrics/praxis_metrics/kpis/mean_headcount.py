"""SQL of mean headcount: for rates over people who come and go within a period."""

MEAN_HEADCOUNT = """
    elapsed AS (
        SELECT first, last, least(last, CAST(:through AS date)) AS until FROM periods WHERE first <= :through
    ), at_work AS MATERIALIZED (
        SELECT p.first, p.last, p.until, e.person_id,
               range_agg(daterange(greatest(p.first, e.first_day), least(p.until, e.last_day), '[]')) AS days
        FROM elapsed p JOIN employment e ON e.first_day <= p.until AND e.last_day >= p.first
        WHERE e.employee AND NOT e.on_leave GROUP BY 1, 2, 3, 4
    ), present AS MATERIALIZED (
        SELECT first, last, until, 'all' AS kind, '' AS slice, person_id, days FROM at_work
        UNION ALL
        SELECT w.first, w.last, w.until, m.kind, m.slice, w.person_id,
               w.days * datemultirange(daterange(m.first_day, least(m.last_day, w.until), '[]'))
        FROM at_work w JOIN membership m USING (person_id)
        WHERE m.kind = ANY(:cuts) AND m.first_day <= w.until AND m.last_day >= w.first
    ), counted_in AS MATERIALIZED (
        SELECT DISTINCT first, kind, slice, person_id FROM present WHERE NOT isempty(days)
    ), heads AS MATERIALIZED (
        SELECT first, last, kind, slice, count(DISTINCT person_id) AS people,
               sum(upper(run) - lower(run))::float8 / (until - first + 1) AS mean
        FROM present CROSS JOIN LATERAL unnest(days) AS run GROUP BY first, last, until, kind, slice
    )
"""
"""The common table ``heads``, of each period and slice: the mean, over its days so far, of the employees not on leave
on a day; and how many ``people`` these were, whom ``counted_in`` has."""
