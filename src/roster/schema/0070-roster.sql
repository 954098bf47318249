-- One upload. The same file for the same class is the same import, however often it is sent.
-- table: state
CREATE TABLE roster_import (
    id          INTEGER PRIMARY KEY,
    class_id    INTEGER NOT NULL REFERENCES training_class (id),
    file_name   TEXT NOT NULL,
    file_hash   TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('reading', 'previewed', 'broken', 'accepted', 'undone')),
    language    INTEGER NOT NULL, -- of what is said about its lines
    read_to     INTEGER NOT NULL, -- the row that was staged last
    line_count  INTEGER NOT NULL,
    fault_count INTEGER NOT NULL, -- lines with a fault of their own
    promised    INTEGER NOT NULL, -- seats that its lines would take
    problem     TEXT, -- of a broken file
    uploaded_by INTEGER NOT NULL,
    uploaded_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX import_once ON roster_import (class_id, file_hash) WHERE state <> 'undone';
CREATE INDEX import_reading ON roster_import (id) WHERE state = 'reading';

-- The upload as it came, to be handed back with its faults marked; goes with a preview that gives way to another.
-- table: state
CREATE TABLE roster_content (
    id      INTEGER PRIMARY KEY REFERENCES roster_import (id),
    content BLOB NOT NULL -- sealed
) STRICT;

-- What the file says, line by line, as it was read; nothing of it is a person until the import is accepted.
-- table: state
CREATE TABLE roster_line (
    id           INTEGER PRIMARY KEY,
    import_id    INTEGER NOT NULL REFERENCES roster_import (id),
    row_number   INTEGER NOT NULL,
    name         TEXT,
    identity_no  BLOB, -- sealed
    phone        BLOB, -- sealed
    bank_account BLOB, -- sealed
    bank_name    TEXT,
    groups       TEXT,
    verdict      TEXT NOT NULL CHECK (verdict IN ('fresh', 'known', 'changed', 'doubtful', 'conflicting', 'already', 'refused',
                                                  'enrolled')),
    UNIQUE (import_id, row_number)
) STRICT;
CREATE INDEX line_verdict ON roster_line (import_id, verdict);

-- What is wrong, doubtful or worth knowing about a line, each at its column.
-- table: state
CREATE TABLE roster_finding (
    import_id  INTEGER NOT NULL,
    row_number INTEGER NOT NULL,
    place      INTEGER NOT NULL, -- among the findings of its line
    field      TEXT, -- NULL: the line as a whole
    code       TEXT NOT NULL,
    message    TEXT NOT NULL,
    PRIMARY KEY (import_id, row_number, place)
) STRICT;
