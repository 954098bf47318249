-- table: state
CREATE TABLE payment_batch (
    id            INTEGER PRIMARY KEY,
    region        TEXT NOT NULL,
    state         TEXT NOT NULL CHECK (state IN ('made', 'approved', 'closed')),
    payment_count INTEGER NOT NULL CHECK (payment_count > 0),
    total_fen     INTEGER NOT NULL CHECK (total_fen > 0),
    made_by       INTEGER NOT NULL,
    made_at       INTEGER NOT NULL,
    approved_by   INTEGER,
    approved_at   INTEGER,
    CHECK (approved_by IS NULL OR approved_by <> made_by)
) STRICT;
CREATE INDEX batch_of_region ON payment_batch (region, id);

-- One live payment a thing that is owed, kept so by the database: nothing is paid twice. What the bank returned stays as it
-- is and makes room for another.
-- table: state
CREATE TABLE payment (
    id            INTEGER PRIMARY KEY,
    subject_kind  TEXT NOT NULL,
    subject_id    INTEGER NOT NULL,
    region        TEXT NOT NULL,
    payee         TEXT NOT NULL,
    account       BLOB NOT NULL, -- sealed
    bank_name     TEXT,
    purpose       TEXT NOT NULL,
    amount_fen    INTEGER NOT NULL CHECK (amount_fen > 0),
    state         TEXT NOT NULL CHECK (state IN ('payable', 'batched', 'paid', 'returned')),
    batch_id      INTEGER REFERENCES payment_batch (id),
    bank_note     TEXT,
    settled_at    INTEGER,
    CHECK ((state = 'payable') = (batch_id IS NULL))
) STRICT;
CREATE UNIQUE INDEX payment_once ON payment (subject_kind, subject_id) WHERE state <> 'returned';
CREATE INDEX payment_of_subject ON payment (subject_kind, subject_id, id);
CREATE INDEX payment_of_batch ON payment (batch_id);
CREATE INDEX payment_to_make ON payment (state, region);
