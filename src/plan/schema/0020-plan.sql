-- The pack that this database runs on, so that every command finds it again.
-- table: state
CREATE TABLE plan_pack (
    id        TEXT PRIMARY KEY,
    version   TEXT NOT NULL,
    folder    TEXT NOT NULL,
    loaded_at INTEGER NOT NULL
) STRICT;
