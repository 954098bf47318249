-- table: state
CREATE TABLE exam_result (
    enrolment_id INTEGER PRIMARY KEY REFERENCES enrolment (id),
    score        INTEGER NOT NULL CHECK (score BETWEEN 0 AND 100),
    attended     INTEGER NOT NULL,
    is_passed    INTEGER NOT NULL CHECK (is_passed IN (0, 1)),
    recorded_by  INTEGER NOT NULL,
    recorded_at  INTEGER NOT NULL
) STRICT;

-- table: state
CREATE TABLE certificate (
    id             INTEGER PRIMARY KEY,
    certificate_no TEXT NOT NULL UNIQUE,
    person_id      INTEGER NOT NULL,
    person_name    TEXT NOT NULL,
    enrolment_id   INTEGER NOT NULL UNIQUE REFERENCES enrolment (id),
    class_id       INTEGER NOT NULL,
    issuer         TEXT NOT NULL,
    occupation     TEXT,
    level          TEXT,
    issued_on      INTEGER NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('valid', 'revoked'))
) STRICT;
CREATE INDEX certificate_of_person ON certificate (person_id);
CREATE INDEX certificate_of_class ON certificate (class_id);

-- The last serial number given under each prefix of certificate numbers.
-- table: state
CREATE TABLE certificate_serial (
    prefix TEXT PRIMARY KEY,
    last   INTEGER NOT NULL
) STRICT;
