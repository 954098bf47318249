-- Facts: whatever counts, appended once. A mistake is corrected by a fact that reverses it, as in bookkeeping; nothing here is
-- ever updated or deleted.
-- table: fact
CREATE TABLE fact (
    id               INTEGER PRIMARY KEY,
    kind             TEXT NOT NULL CHECK (length(kind) BETWEEN 3 AND 60),
    person_id        INTEGER,
    organisation_id  INTEGER,
    region           TEXT NOT NULL CHECK (length(region) = 6),
    item             INTEGER,
    programme        TEXT,
    occupation       TEXT,
    level            TEXT,
    tags             TEXT NOT NULL,
    held_on          INTEGER NOT NULL,
    quantity         INTEGER NOT NULL CHECK (quantity <> 0),
    amount_fen       INTEGER NOT NULL,
    clause           TEXT NOT NULL,
    subject_kind     TEXT NOT NULL,
    subject_id       INTEGER NOT NULL,
    recorded_by      INTEGER,
    recorded_at      INTEGER NOT NULL,
    reverses         INTEGER UNIQUE REFERENCES fact (id),
    detail           TEXT NOT NULL
) STRICT;
CREATE INDEX fact_of_person ON fact (person_id, kind, id);
CREATE INDEX fact_of_kind ON fact (kind, item, region, id);
CREATE INDEX fact_of_subject ON fact (subject_kind, subject_id);

-- Facts that the counters have not taken in yet; empty again before anyone is answered.
-- table: state
CREATE TABLE fact_unfolded (
    fact_id INTEGER PRIMARY KEY
) STRICT;

-- What each metric has reached, by county and month.
-- table: derived
CREATE TABLE counter (
    metric     TEXT NOT NULL,
    region     TEXT NOT NULL,
    month      INTEGER NOT NULL,
    n          INTEGER NOT NULL,
    amount_fen INTEGER NOT NULL,
    PRIMARY KEY (metric, region, month)
) STRICT;

-- For metrics that count people: where and when each person is counted, once.
-- table: derived
CREATE TABLE counted_person (
    person_id INTEGER NOT NULL,
    metric    TEXT NOT NULL,
    region    TEXT NOT NULL,
    month     INTEGER NOT NULL,
    PRIMARY KEY (person_id, metric)
) STRICT;

-- Who did what to which thing, when and why: the trace that each step leaves.
-- table: fact
CREATE TABLE trace (
    id           INTEGER PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject_id   INTEGER NOT NULL,
    action       TEXT NOT NULL,
    note         TEXT,
    actor_id     INTEGER,
    actor_name   TEXT NOT NULL,
    done_at      INTEGER NOT NULL
) STRICT;
CREATE INDEX trace_of_subject ON trace (subject_kind, subject_id, id);
