-- table: state
CREATE TABLE training_class (
    id              INTEGER PRIMARY KEY,
    organisation_id INTEGER NOT NULL,
    name            TEXT NOT NULL,
    item            INTEGER NOT NULL,
    programme       TEXT NOT NULL,
    occupation      TEXT,
    level           TEXT,
    region          TEXT NOT NULL CHECK (length(region) = 6),
    place           TEXT NOT NULL,
    place_key       TEXT NOT NULL,
    teacher_id      INTEGER NOT NULL,
    evaluator_id    INTEGER,
    starts_on       INTEGER NOT NULL,
    ends_on         INTEGER NOT NULL,
    lesson_hours    INTEGER NOT NULL CHECK (lesson_hours > 0),
    capacity        INTEGER NOT NULL CHECK (capacity > 0),
    tags            TEXT NOT NULL,
    clause          TEXT NOT NULL,
    is_subsidised   INTEGER NOT NULL CHECK (is_subsidised IN (0, 1)),
    exam_kind       TEXT CHECK (exam_kind IN ('theory', 'practice', 'both')),
    exam_on         INTEGER,
    exam_place      TEXT,
    state           TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'returned', 'rejected', 'approved',
                                                   'in_progress', 'training_done', 'closed', 'cancelled')),
    submitted_by    INTEGER,
    submitted_at    INTEGER,
    reviewed_by     INTEGER,
    created_by      INTEGER NOT NULL,
    created_at      INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    CHECK (ends_on >= starts_on),
    CHECK (evaluator_id IS NULL OR evaluator_id <> organisation_id),
    CHECK (reviewed_by IS NULL OR reviewed_by <> submitted_by)
) STRICT;
CREATE INDEX class_of_organisation ON training_class (organisation_id, state, id);
CREATE INDEX class_of_evaluator ON training_class (evaluator_id, state, id) WHERE evaluator_id IS NOT NULL;
CREATE INDEX class_of_region ON training_class (region, state, id);
CREATE INDEX class_of_state ON training_class (state, id);

-- table: state
CREATE TABLE session (
    id              INTEGER PRIMARY KEY,
    class_id        INTEGER NOT NULL REFERENCES training_class (id),
    number          INTEGER NOT NULL,
    starts_at       INTEGER NOT NULL,
    ends_at         INTEGER NOT NULL,
    lesson_hours    INTEGER NOT NULL CHECK (lesson_hours > 0),
    kind            TEXT CHECK (kind IN ('theory', 'practice')),
    subject         TEXT,
    CHECK (ends_at > starts_at),
    UNIQUE (class_id, number)
) STRICT;
CREATE INDEX session_by_time ON session (starts_at, ends_at);

-- What the county saw at a place. A later check of the place counts in the earlier one's stead.
-- table: fact
CREATE TABLE site_check (
    id         INTEGER PRIMARY KEY,
    class_id   INTEGER NOT NULL REFERENCES training_class (id),
    region     TEXT NOT NULL,
    place_key  TEXT NOT NULL,
    checked_on INTEGER NOT NULL,
    is_passed  INTEGER NOT NULL CHECK (is_passed IN (0, 1)),
    checked_by INTEGER NOT NULL,
    actor_name TEXT NOT NULL,
    checked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX site_check_of_place ON site_check (region, place_key, checked_at);

-- table: fact
CREATE TABLE site_finding (
    check_id INTEGER NOT NULL REFERENCES site_check (id),
    item     TEXT NOT NULL,
    finding  TEXT NOT NULL CHECK (finding IN ('passed', 'failed', 'not_applicable')),
    remark   TEXT,
    PRIMARY KEY (check_id, item)
) STRICT;

-- table: state
CREATE TABLE enrolment (
    id          INTEGER PRIMARY KEY,
    person_id   INTEGER NOT NULL,
    class_id    INTEGER NOT NULL REFERENCES training_class (id),
    state       TEXT NOT NULL CHECK (state IN ('enrolled', 'withdrawn', 'completed', 'failed')),
    tags        TEXT NOT NULL,
    import_id   INTEGER,
    enrolled_at INTEGER NOT NULL,
    version     INTEGER NOT NULL
) STRICT;
-- One live place a person a class, kept by the database.
CREATE UNIQUE INDEX enrolment_once ON enrolment (class_id, person_id) WHERE state <> 'withdrawn';
CREATE INDEX enrolment_of_person ON enrolment (person_id, state);
CREATE INDEX enrolment_of_import ON enrolment (import_id);

-- Raw evidence, never edited: what counts as attendance is worked out from it.
-- table: fact
CREATE TABLE attendance_punch (
    id            INTEGER PRIMARY KEY,
    person_id     INTEGER NOT NULL,
    enrolment_id  INTEGER NOT NULL REFERENCES enrolment (id),
    session_id    INTEGER NOT NULL REFERENCES session (id),
    kind          TEXT NOT NULL CHECK (kind IN ('check_in', 'check_out')),
    method        TEXT NOT NULL CHECK (method IN ('own_phone', 'teacher_list', 'paper_sheet')),
    device        TEXT,
    punched_at    INTEGER NOT NULL,
    received_at   INTEGER NOT NULL,
    recorded_by   INTEGER NOT NULL,
    UNIQUE (enrolment_id, session_id, kind)
) STRICT;
CREATE INDEX punch_of_session ON attendance_punch (session_id);
CREATE INDEX punch_of_device ON attendance_punch (device, punched_at);

-- The roll: what counts of the punches, a line a trainee and session, made once when the class is finished. From then on
-- attendance is closed, and a mistake is put right by a counter-entry with its reason.
-- table: fact
CREATE TABLE attendance_roll (
    person_id       INTEGER NOT NULL,
    enrolment_id    INTEGER NOT NULL REFERENCES enrolment (id),
    session_id      INTEGER NOT NULL REFERENCES session (id),
    present_minutes INTEGER NOT NULL CHECK (present_minutes >= 0),
    lesson_hours    INTEGER NOT NULL CHECK (lesson_hours >= 0),
    made_by         INTEGER NOT NULL,
    made_at         INTEGER NOT NULL,
    PRIMARY KEY (enrolment_id, session_id)
) STRICT;

-- table: fact
CREATE TABLE attendance_correction (
    id           INTEGER PRIMARY KEY,
    person_id    INTEGER NOT NULL,
    enrolment_id INTEGER NOT NULL,
    session_id   INTEGER NOT NULL,
    lesson_hours INTEGER NOT NULL CHECK (lesson_hours <> 0),
    reason       TEXT NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    recorded_by  INTEGER NOT NULL,
    actor_name   TEXT NOT NULL,
    recorded_at  INTEGER NOT NULL,
    FOREIGN KEY (enrolment_id, session_id) REFERENCES attendance_roll (enrolment_id, session_id)
) STRICT;
CREATE INDEX correction_of_roll ON attendance_correction (enrolment_id, session_id);
