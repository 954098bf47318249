-- Data keys, each wrapped under the master key, which is never in the database. Numbers are given in order; the highest seals, all open.
-- table: state
CREATE TABLE data_key (
    number     INTEGER PRIMARY KEY CHECK (number > 0),
    purpose    TEXT NOT NULL CHECK (purpose IN ('seal', 'blind')),
    suite      TEXT NOT NULL CHECK (suite IN ('intl', 'guomi')),
    wrapped    BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
