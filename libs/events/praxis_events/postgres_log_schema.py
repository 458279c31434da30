"""The tables of ``PostgresLog``, and its two functions: one round trip an append."""

SCHEMA = """
CREATE SCHEMA IF NOT EXISTS log;

CREATE TABLE IF NOT EXISTS log.topics (
    topic text PRIMARY KEY,
    partitions integer NOT NULL,
    max_record_bytes integer NOT NULL
);

CREATE TABLE IF NOT EXISTS log.heads (
    topic text NOT NULL,
    partition integer NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 50);

CREATE TABLE IF NOT EXISTS log.records (
    topic text NOT NULL,
    partition integer NOT NULL,
    "offset" bigint NOT NULL,
    key bytea NOT NULL,
    value bytea NOT NULL,
    headers bytea NOT NULL,
    appended_ms bigint NOT NULL,
    PRIMARY KEY (topic, partition, "offset")
);

-- Makes the topic when it is missing; returns the partitions that it has.
CREATE OR REPLACE FUNCTION log.ensure_topic(name text, wanted integer, max_bytes integer) RETURNS integer
LANGUAGE sql AS $$
    INSERT INTO log.topics VALUES (name, wanted, max_bytes) ON CONFLICT DO NOTHING;
    INSERT INTO log.heads
        SELECT t.topic, p, 0 FROM log.topics t, generate_series(0, t.partitions - 1) p WHERE t.topic = name
        ON CONFLICT DO NOTHING;
    SELECT partitions FROM log.topics WHERE topic = name;
$$;

-- Appends records to some partitions, given in sorted order; returns each one's first new offset. Record i goes to
-- the partition of index targets[i], ordinals[i] places after its first.
CREATE OR REPLACE FUNCTION log.append(
    topics text[], partitions integer[], counts integer[],
    targets integer[], ordinals integer[], keys bytea[], contents bytea[], headers bytea[]
) RETURNS bigint[]
LANGUAGE plpgsql AS $$
DECLARE
    first bigint;
    firsts bigint[] := '{}';
    now_ms bigint;
BEGIN
    FOR i IN 1 .. cardinality(topics) LOOP
        UPDATE log.heads SET next_offset = next_offset + counts[i]
            WHERE topic = topics[i] AND partition = partitions[i]
            RETURNING next_offset - counts[i] INTO STRICT first;
        firsts := firsts || first;
    END LOOP;
    now_ms := extract(epoch FROM clock_timestamp()) * 1000;
    INSERT INTO log.records
        SELECT topics[target], partitions[target], firsts[target] + ordinal, key, content, header, now_ms
        FROM unnest(targets, ordinals, keys, contents, headers) AS r(target, ordinal, key, content, header);
    PERFORM pg_notify('praxis_log', '');
    RETURN firsts;
END
$$;
"""
