"""SQL of one learner's record: each query finds their own rows by index, however many there are of others."""

from sqlalchemy import text

from praxis_metrics.kpis.validations import validations

MOST = 500
"""Of each list, the newest: what nobody reads through by eye is exported (``praxis export-person``)."""

LEARNER = text("SELECT learner_id FROM learners WHERE person_id = :person")
EXISTS = text(
    "SELECT EXISTS (SELECT FROM learners WHERE person_id = :person) "
    "OR EXISTS (SELECT FROM directory_events WHERE person_id = :person)"
)

# Those that name the learner, by index: the views over what was said are of everybody.
_OWN = """
    event = ANY(ARRAY(
        SELECT event FROM said_people WHERE learner_id = :learner
        UNION ALL SELECT p.event FROM said_people p JOIN actors a USING (actor_id) WHERE a.learner_id = :learner
    ))
"""

PLACE = text(
    "SELECT kind, slice FROM membership WHERE person_id = :person AND kind IN ('unit', 'role') "
    "AND :today BETWEEN first_day AND last_day ORDER BY kind, slice"
)

HELD = text(
    f"""
    WITH {validations(f"e.{_OWN.strip()} AND e.learner_id = :learner")}
    SELECT h.skill, k.name, h.day AS held_on, array_agg(v.event ORDER BY v.at) AS evidence
    FROM held h JOIN validations v USING (learner_id, skill) LEFT JOIN skills k USING (skill)
    GROUP BY h.skill, k.name, h.day ORDER BY h.skill
    """  # noqa: S608 - of our own
)

REQUIRED = text(
    """
    SELECT r.role, r.skill, k.name, r.level, array(
        SELECT DISTINCT s.activity FROM activity_skills s
        WHERE s.skill = r.skill AND now() >= s.from_at AND now() < s.until_at ORDER BY 1
    ) AS taught_by
    FROM role_profiles r LEFT JOIN skills k USING (skill) WHERE r.role = ANY(:roles) ORDER BY r.skill
    """
)

EVIDENCE = text(
    f"""
    SELECT e.event AS evidence, e.skill, e.level, e.kind, e.at, e.artefact_system, e.artefact_id, e.task_system,
           e.task_id, EXISTS (SELECT FROM accepted_evidence a WHERE a.event = e.event) AS accepted
    FROM evidence e WHERE e.{_OWN.strip()} AND e.learner_id = :learner ORDER BY e.at DESC, e.event LIMIT {MOST}
    """  # noqa: S608 - of our own
)

TASKS = text(
    f"""
    SELECT t.task_system, t.task_id, min(t.at) AS accepted_at FROM tasks_accepted t
    WHERE t.{_OWN.strip()} AND t.learner_id = :learner AND t.accepter_id IS DISTINCT FROM t.learner_id
    GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT {MOST}
    """  # noqa: S608 - of our own
)

ELIGIBLE = text(
    f"""
    SELECT t.task_system, t.task_id, t.skill, min(t.at) AS eligible_from, min(t.due_at) AS due_at, EXISTS (
        SELECT FROM accepted_evidence e
        WHERE e.{_OWN.strip()} AND e.learner_id = :learner
          AND (e.task_system, e.task_id, e.skill) = (t.task_system, t.task_id, t.skill)
    ) AS shown
    FROM tasks_eligible t WHERE t.{_OWN.strip()} AND t.learner_id = :learner
    GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT {MOST}
    """  # noqa: S608 - of our own
)

COMPLETIONS = text(
    f"""
    SELECT a.iri AS activity, n.name, c.at FROM completed c JOIN activities a ON a.id = c.activity_id
    LEFT JOIN activity_names n ON n.activity_id = a.id
    WHERE c.learner_id = :learner ORDER BY c.at DESC, 1 LIMIT {MOST}
    """  # noqa: S608 - of our own
)

HOURS = text(
    """
    SELECT CAST(date_trunc('month', day) AS date) AS month, (sum(measured) / 3.6e9)::float8 AS measured,
           (sum(estimated) / 3.6e9)::float8 AS estimated
    FROM person_day WHERE learner_id = :learner AND day >= :since GROUP BY 1 ORDER BY 1
    """
)

# Of a pathway's versions the highest counts, as in time-to-competency.
ENROLMENTS = text(
    f"""
    SELECT e.pathway, p.name, p.version, e.cohort, min(e.at) AS enrolled_at,
           nullif(max(e.until_at), 'infinity') AS withdrawn_at, p.activities, ARRAY(
               SELECT DISTINCT a.iri FROM activities a JOIN completed c ON c.activity_id = a.id
               WHERE c.learner_id = :learner AND a.iri IN (SELECT jsonb_array_elements_text(p.activities))
           ) AS done
    FROM enrolments e LEFT JOIN LATERAL (
        SELECT * FROM pathways p WHERE p.pathway = e.pathway ORDER BY p.version DESC LIMIT 1
    ) p ON true
    WHERE e.{_OWN.strip()} AND e.learner_id = :learner
    GROUP BY e.pathway, p.name, p.version, e.cohort, p.activities ORDER BY 5 DESC, 1 LIMIT {MOST}
    """  # noqa: S608 - of our own
)

GOALS = text(
    f"SELECT g.goal, g.due_on FROM manager_goals g WHERE g.{_OWN.strip()} AND g.learner_id = :learner "  # noqa: S608
    f"ORDER BY g.due_on, g.goal LIMIT {MOST}"
)
