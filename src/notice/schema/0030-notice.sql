-- table: state
CREATE TABLE public_notice (
    id           INTEGER PRIMARY KEY,
    title        TEXT NOT NULL,
    organisation TEXT NOT NULL,
    region       TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id   INTEGER NOT NULL,
    from_day     INTEGER NOT NULL,
    until_day    INTEGER NOT NULL CHECK (until_day >= from_day),
    line_count   INTEGER NOT NULL,
    total_fen    INTEGER NOT NULL,
    UNIQUE (subject_kind, subject_id)
) STRICT;
CREATE INDEX notice_by_day ON public_notice (until_day, id);

-- What the public sees of a person: masked when the notice is made; the page never holds more.
-- table: state
CREATE TABLE notice_line (
    id           INTEGER PRIMARY KEY,
    notice_id    INTEGER NOT NULL REFERENCES public_notice (id),
    number       INTEGER NOT NULL,
    shown_name   TEXT NOT NULL,
    shown_number TEXT NOT NULL,
    amount_fen   INTEGER NOT NULL,
    subject_id   INTEGER NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('shown', 'objected', 'cleared', 'upheld')),
    UNIQUE (notice_id, number)
) STRICT;

-- table: state
CREATE TABLE objection (
    id         INTEGER PRIMARY KEY,
    line_id    INTEGER NOT NULL REFERENCES notice_line (id),
    reason     TEXT NOT NULL,
    contact    BLOB, -- sealed
    filed_at   INTEGER NOT NULL,
    answer     TEXT,
    settled_by INTEGER,
    settled_at INTEGER
) STRICT;
CREATE INDEX objection_of_line ON objection (line_id);
