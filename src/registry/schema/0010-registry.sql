-- People. One row a document number, kept so by the database; a person's number is never edited.
-- table: state
CREATE TABLE person (
    id            INTEGER PRIMARY KEY,
    document_kind TEXT NOT NULL CHECK (document_kind IN ('resident_identity', 'resident_identity_15', 'foreign_permit',
                                                         'hong_kong_macao_residence', 'taiwan_residence',
                                                         'hong_kong_macao_permit', 'taiwan_permit', 'passport')),
    identity_no   TEXT NOT NULL CHECK (length(identity_no) BETWEEN 5 AND 30),
    name          TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    sex           TEXT CHECK (sex IN ('male', 'female')),
    born_on       INTEGER,
    phone         TEXT,
    region        TEXT,
    bank_account  TEXT,
    bank_name     TEXT,
    tags          TEXT NOT NULL,
    created_at    INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    UNIQUE (identity_no, document_kind)
) STRICT;

-- table: state
CREATE TABLE organisation (
    id              INTEGER PRIMARY KEY,
    credit_code     TEXT NOT NULL UNIQUE CHECK (length(credit_code) = 18),
    is_code_doubted INTEGER NOT NULL CHECK (is_code_doubted IN (0, 1)),
    name            TEXT NOT NULL,
    kind            TEXT NOT NULL,
    region          TEXT NOT NULL CHECK (length(region) = 6),
    bank_account    TEXT,
    bank_name       TEXT,
    state           TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
    created_at      INTEGER NOT NULL
) STRICT;

-- The programmes of the pack that an institution may teach.
-- table: state
CREATE TABLE organisation_scope (
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    programme       TEXT NOT NULL,
    PRIMARY KEY (organisation_id, programme)
) STRICT;

-- table: state
CREATE TABLE account (
    id            INTEGER PRIMARY KEY,
    login         TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    name          TEXT NOT NULL,
    person_id     INTEGER REFERENCES person (id),
    failures      INTEGER NOT NULL,
    failed_at     INTEGER,
    created_at    INTEGER NOT NULL
) STRICT;

-- What an account may act as: a role in an organisation and a region's subtree.
-- table: state
CREATE TABLE post (
    id              INTEGER PRIMARY KEY,
    account_id      INTEGER NOT NULL REFERENCES account (id),
    role            TEXT NOT NULL,
    organisation_id INTEGER REFERENCES organisation (id),
    region          TEXT NOT NULL,
    UNIQUE (account_id, role, organisation_id, region)
) STRICT;

-- Only the hash of a session's token is kept: who reads the database cannot act as anyone.
-- table: state
CREATE TABLE sign_in (
    token_hash TEXT PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id),
    post_id    INTEGER NOT NULL REFERENCES post (id),
    began_at   INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_of_account ON sign_in (account_id);

-- Failed attempts by address, to slow down guessing across accounts.
-- table: state
CREATE TABLE sign_in_failure (
    address   TEXT PRIMARY KEY,
    failures  INTEGER NOT NULL,
    failed_at INTEGER NOT NULL
) STRICT;
