-- What was done and tried, a line for each: signing in, refusals, what was seen of people, exports, changes. Ids only: no name, no
-- number, nothing that was searched for; the client's address belongs to it. Rows are added, never changed; what is past its time
-- in the pack is erased by `dianji retention`, and by nothing else.
-- table: log
CREATE TABLE audit_entry (
    id              INTEGER PRIMARY KEY,
    noted_at        INTEGER NOT NULL,
    account_id      INTEGER,
    role            TEXT,
    organisation_id INTEGER,
    region          TEXT,
    is_program      INTEGER NOT NULL CHECK (is_program IN (0, 1)),
    address         TEXT NOT NULL,
    route           TEXT NOT NULL,
    action          TEXT NOT NULL CHECK (action IN ('signed_in', 'sign_in_begun', 'sign_in_failed', 'refused', 'saw', 'revealed', 'exported',
                                                    'changed')),
    subject_kind    TEXT,
    subject_id      INTEGER,
    person_count    INTEGER NOT NULL,
    status          INTEGER NOT NULL,
    outcome         TEXT,
    reason          TEXT,
    note            TEXT,
    row_count       INTEGER,
    filter          TEXT,
    request         TEXT NOT NULL
) STRICT;
CREATE INDEX audit_entry_of_time ON audit_entry (noted_at);
CREATE INDEX audit_entry_of_account ON audit_entry (account_id, id);
CREATE INDEX audit_entry_of_action ON audit_entry (action, id);

-- Whom an entry is about, each person once.
-- table: log
CREATE TABLE audit_person (
    person_id INTEGER NOT NULL,
    entry_id  INTEGER NOT NULL REFERENCES audit_entry (id),
    PRIMARY KEY (person_id, entry_id)
) STRICT;
CREATE INDEX audit_person_of_entry ON audit_person (entry_id);
