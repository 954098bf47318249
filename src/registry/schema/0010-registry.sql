-- People. identity_key is what a person is found by, one for each human being as far as documents tell: a resident's number in
-- its 18 characters, also where the card still shows 15; another document's number behind its kind. Numbers are never edited.
-- What is sealed (vault) the database cannot check: registry_person.c reads it before it comes here.
-- table: state
CREATE TABLE person (
    id            INTEGER PRIMARY KEY,
    identity_key  BLOB NOT NULL, -- sealed
    identity_key_index TEXT NOT NULL UNIQUE, -- blind index of identity_key
    document_kind TEXT NOT NULL CHECK (document_kind IN ('resident_identity', 'resident_identity_15', 'foreign_permit',
                                                         'hong_kong_macao_residence', 'taiwan_residence',
                                                         'hong_kong_macao_permit', 'taiwan_permit', 'passport')),
    identity_no   BLOB NOT NULL, -- sealed
    name          TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    sex           TEXT CHECK (sex IN ('male', 'female')),
    born_on       INTEGER,
    ethnic_group  TEXT CHECK (length(ethnic_group) = 2),
    education     TEXT CHECK (length(education) = 2),
    phone         BLOB, -- sealed
    region        TEXT CHECK (length(region) IN (6, 12)),
    bank_account  BLOB, -- sealed
    bank_account_index TEXT, -- blind index of bank_account
    bank_name     TEXT,
    tags          TEXT NOT NULL CHECK (substr(tags, 1, 1) = '|'),
    created_at    INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    CHECK (document_kind NOT IN ('resident_identity', 'resident_identity_15') OR (sex IS NOT NULL AND born_on IS NOT NULL)),
    CHECK ((bank_account IS NULL) = (bank_account_index IS NULL))
) STRICT;
CREATE INDEX person_of_name ON person (substr(name, 1, 2), id);
CREATE INDEX person_of_region ON person (region, id);
CREATE INDEX person_of_bank_account ON person (bank_account_index) WHERE bank_account_index IS NOT NULL;

-- is_code_doubted: the credit code's check character does not fit, as in some genuine early codes. evaluator_code: the
-- ministry's number of an evaluation organisation, of which certificates are numbered; 0000 where it was first filed in the
-- province.
-- table: state
CREATE TABLE organisation (
    id              INTEGER PRIMARY KEY,
    credit_code     TEXT NOT NULL UNIQUE CHECK (length(credit_code) = 18),
    is_code_doubted INTEGER NOT NULL CHECK (is_code_doubted IN (0, 1)),
    name            TEXT NOT NULL CHECK (length(name) BETWEEN 2 AND 100),
    kind            TEXT NOT NULL CHECK (kind IN ('training_institution', 'technical_school', 'enterprise', 'evaluation_org',
                                                  'hrss_department', 'finance_department', 'responsible_department',
                                                  'mass_organisation', 'other')),
    region          TEXT NOT NULL CHECK (length(region) = 6),
    bank_account    BLOB, -- sealed
    bank_name       TEXT,
    evaluator_code  TEXT CHECK (length(evaluator_code) = 4),
    state           TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
    created_at      INTEGER NOT NULL,
    version         INTEGER NOT NULL,
    CHECK (kind <> 'evaluation_org' OR evaluator_code IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX organisation_evaluates ON organisation (evaluator_code) WHERE evaluator_code <> '0000';
CREATE INDEX organisation_of_region ON organisation (region, id);

-- The programmes of the pack that an institution may teach: the published catalogue of institutions.
-- table: state
CREATE TABLE organisation_scope (
    organisation_id INTEGER NOT NULL REFERENCES organisation (id),
    programme       TEXT NOT NULL,
    PRIMARY KEY (organisation_id, programme)
) STRICT;

-- Who may sign in: under a login, or, where login is NULL, with the identity number of the person. The hash of the password lies
-- sealed: who has the database and not its keys cannot even guess. An initial password is good for the pack's days only.
-- table: state
CREATE TABLE account (
    id                  INTEGER PRIMARY KEY,
    login               TEXT UNIQUE CHECK (length(login) BETWEEN 3 AND 40),
    password_hash       BLOB NOT NULL, -- sealed
    is_password_initial INTEGER NOT NULL CHECK (is_password_initial IN (0, 1)),
    password_since      INTEGER NOT NULL,
    name                TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
    person_id           INTEGER UNIQUE REFERENCES person (id),
    state               TEXT NOT NULL CHECK (state IN ('active', 'suspended')),
    created_at          INTEGER NOT NULL,
    signed_in_at        INTEGER,
    alive_at            INTEGER NOT NULL, -- from when it counts as unused: signed in, or resumed
    CHECK (login IS NOT NULL OR person_id IS NOT NULL)
) STRICT;

-- An account that waits for its holder to set a password, with a code that works once. Only the code's hash is kept.
-- table: state
CREATE TABLE invitation (
    id         INTEGER PRIMARY KEY REFERENCES account (id),
    code_hash  TEXT NOT NULL UNIQUE CHECK (length(code_hash) = 64),
    invited_by INTEGER NOT NULL REFERENCES account (id),
    invited_at INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL
) STRICT;

-- What the holder of an account is told at the next sign-in: what happened to the account's keys. Erased with the logs.
-- table: state
CREATE TABLE account_notice (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES account (id),
    kind       TEXT NOT NULL CHECK (kind IN ('password_changed', 'password_reset', 'factor_taken_up', 'factor_removed',
                                             'factor_taken', 'recovery_renewed', 'phone_changed', 'bank_account_changed',
                                             'single_linked', 'single_unlinked')),
    noted_at   INTEGER NOT NULL,
    noted_by   INTEGER REFERENCES account (id), -- NULL: the holder
    seen_at    INTEGER
) STRICT;
CREATE INDEX account_notice_of_account ON account_notice (account_id, noted_at);
CREATE INDEX account_notice_of_time ON account_notice (noted_at);

-- What an account may act as: a role in an organisation and a region's subtree. Kept when it has ended: who could do what, when.
-- table: state
CREATE TABLE post (
    id              INTEGER PRIMARY KEY,
    account_id      INTEGER NOT NULL REFERENCES account (id),
    role            TEXT NOT NULL CHECK (role IN ('worker', 'institution_clerk', 'institution_head', 'teacher', 'county_officer',
                                                  'county_chief', 'prefecture_officer', 'province_officer', 'finance_clerk',
                                                  'finance_chief', 'evaluator', 'auditor', 'administrator')),
    organisation_id INTEGER REFERENCES organisation (id),
    region          TEXT NOT NULL CHECK (length(region) = 6),
    began_at        INTEGER NOT NULL,
    confirmed_at    INTEGER NOT NULL, -- the yearly review: still needed
    ended_at        INTEGER
) STRICT;
CREATE UNIQUE INDEX post_once ON post (account_id, role, region, COALESCE(organisation_id, 0)) WHERE ended_at IS NULL;
CREATE INDEX post_of_region ON post (region, account_id);
CREATE INDEX post_of_organisation ON post (organisation_id) WHERE ended_at IS NULL;

-- Second factors (RFC 6238), by account. A secret that is offered counts once a code of it was given, in the session to which it
-- was offered. No code of last_step or before it is taken again.
-- table: state
CREATE TABLE second_factor (
    id            INTEGER PRIMARY KEY REFERENCES account (id),
    secret        BLOB, -- sealed
    offered       BLOB, -- sealed
    offered_to    INTEGER,
    last_step     INTEGER NOT NULL,
    recovery_salt TEXT,
    since         INTEGER,
    CHECK ((secret IS NULL) = (recovery_salt IS NULL) AND (secret IS NULL) = (since IS NULL)),
    CHECK ((offered IS NULL) = (offered_to IS NULL))
) STRICT;

-- Recovery codes that are not used yet: only their salted hashes.
-- table: state
CREATE TABLE recovery_code (
    account_id INTEGER NOT NULL REFERENCES account (id),
    code_hash  TEXT NOT NULL CHECK (length(code_hash) = 64),
    PRIMARY KEY (account_id, code_hash)
) STRICT;

-- Whom the province's single sign-on means by a subject, by account: "ISSUER SUBJECT".
-- table: state
CREATE TABLE account_link (
    id            INTEGER PRIMARY KEY REFERENCES account (id),
    subject       BLOB NOT NULL, -- sealed
    subject_index TEXT NOT NULL UNIQUE, -- blind index of subject
    linked_at     INTEGER NOT NULL,
    linked_by     INTEGER NOT NULL REFERENCES account (id)
) STRICT;

-- Sessions. Only the hash of a token is kept: who reads the database cannot act as anyone.
-- table: state
CREATE TABLE sign_in (
    id         INTEGER PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE CHECK (length(token_hash) = 64),
    account_id INTEGER NOT NULL REFERENCES account (id),
    post_id    INTEGER NOT NULL REFERENCES post (id),
    address    TEXT NOT NULL,
    began_at   INTEGER NOT NULL,
    proved_at  INTEGER NOT NULL, -- when the person proved who they are: at the single sign-on, that may have been before
    seen_at    INTEGER NOT NULL,
    is_factor_given INTEGER NOT NULL CHECK (is_factor_given IN (0, 1)),
    provider_session TEXT, -- of one that began at the single sign-on: the digest of its name there, "" without a name
    id_token   BLOB, -- sealed
    CHECK ((provider_session IS NULL) = (id_token IS NULL))
) STRICT;
CREATE INDEX sign_in_of_account ON sign_in (account_id, id);
CREATE INDEX sign_in_of_provider ON sign_in (provider_session) WHERE provider_session IS NOT NULL;
CREATE INDEX sign_in_of_began ON sign_in (began_at);

-- Failed attempts, by login (its hash, whether such an account exists or not) and by address. Forgotten once the window is over.
-- table: state
CREATE TABLE sign_in_failure (
    subject   TEXT PRIMARY KEY,
    failures  INTEGER NOT NULL,
    failed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_failure_of_time ON sign_in_failure (failed_at);
