-- table: state
CREATE TABLE subsidy_claim (
    id              INTEGER PRIMARY KEY,
    class_id        INTEGER NOT NULL REFERENCES training_class (id),
    organisation_id INTEGER NOT NULL,
    region          TEXT NOT NULL,
    state           TEXT NOT NULL CHECK (state IN ('first_review', 'second_review', 'publicity', 'payable', 'settled',
                                                   'returned', 'rejected')),
    line_count      INTEGER NOT NULL CHECK (line_count > 0),
    total_fen       INTEGER NOT NULL CHECK (total_fen > 0),
    made_by         INTEGER NOT NULL,
    made_at         INTEGER NOT NULL,
    first_by        INTEGER,
    second_by       INTEGER,
    notice_id       INTEGER,
    version         INTEGER NOT NULL,
    CHECK (first_by IS NULL OR first_by <> made_by),
    CHECK (second_by IS NULL OR (second_by <> made_by AND second_by <> first_by))
) STRICT;
-- One live claim a class, kept by the database.
CREATE UNIQUE INDEX claim_once ON subsidy_claim (class_id) WHERE state <> 'rejected';
CREATE INDEX claim_of_region ON subsidy_claim (region, state, id);
CREATE INDEX claim_of_organisation ON subsidy_claim (organisation_id, id);

-- A line a person: what the rule gave on the day of the claim, kept as it was.
-- table: state
CREATE TABLE claim_line (
    id           INTEGER PRIMARY KEY,
    claim_id     INTEGER NOT NULL REFERENCES subsidy_claim (id),
    enrolment_id INTEGER NOT NULL REFERENCES enrolment (id),
    person_id    INTEGER NOT NULL,
    taught       TEXT NOT NULL,
    level        TEXT NOT NULL,
    amount_fen   INTEGER NOT NULL CHECK (amount_fen > 0),
    rule         TEXT NOT NULL,
    uplift       TEXT,
    state        TEXT NOT NULL CHECK (state IN ('claimed', 'held', 'owed', 'paid', 'bounced', 'refused'))
) STRICT;
-- The same person is never paid twice for one occupation (or, without one, programme) and level, nor one enrolment twice.
CREATE UNIQUE INDEX line_once ON claim_line (person_id, taught, level) WHERE state <> 'refused';
CREATE UNIQUE INDEX line_of_enrolment ON claim_line (enrolment_id) WHERE state <> 'refused';
CREATE INDEX line_of_claim ON claim_line (claim_id);
