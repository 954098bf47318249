-- A correction 更正申请: somebody told another name under a known number, or the person says that the registered name is wrong. It
-- belongs to the county where the person lives, or, while that is not known, to the region where it came up.
-- known_name: as registered when it was opened, and, once it is decided, right before the decision.
-- table: state
CREATE TABLE name_correction (
    id              INTEGER PRIMARY KEY,
    person_id       INTEGER NOT NULL REFERENCES person (id),
    told_name       TEXT NOT NULL CHECK (length(told_name) BETWEEN 1 AND 100),
    known_name      TEXT NOT NULL,
    origin          TEXT NOT NULL CHECK (origin IN ('roster', 'form', 'worker')),
    reason          TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    region          TEXT NOT NULL CHECK (length(region) = 6),
    organisation_id INTEGER REFERENCES organisation (id), -- for which it was opened
    opened_by       INTEGER NOT NULL REFERENCES account (id),
    opened_at       INTEGER NOT NULL,
    due_on          INTEGER NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('open', 'new_name', 'variant', 'bank_alias', 'refused', 'withdrawn')),
    answer          TEXT,
    decided_by      INTEGER REFERENCES account (id),
    decided_at      INTEGER,
    CHECK ((state = 'open') = (decided_at IS NULL)),
    CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
    CHECK (state <> 'refused' OR answer IS NOT NULL),
    CHECK (decided_by <> opened_by OR state = 'withdrawn')
) STRICT;
CREATE UNIQUE INDEX name_correction_once ON name_correction (person_id, told_name) WHERE state = 'open';
CREATE INDEX name_correction_of_person ON name_correction (person_id, id);
CREATE INDEX name_correction_of_state ON name_correction (state, due_on, id);

-- The other spellings of a person's name, each declared by a correction; what is told under one of them is the person's.
-- table: state
CREATE TABLE person_name (
    person_id     INTEGER NOT NULL REFERENCES person (id),
    name          TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    kind          TEXT NOT NULL CHECK (kind IN ('former', 'variant', 'bank_alias')),
    since         INTEGER NOT NULL,
    correction_id INTEGER NOT NULL REFERENCES name_correction (id),
    PRIMARY KEY (person_id, name, kind)
) STRICT;
CREATE INDEX person_name_of_name ON person_name (substr(name, 1, 2), person_id);
