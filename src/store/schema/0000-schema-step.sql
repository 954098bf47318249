-- Which steps of the schema this database has been taken through. A step that is recorded is never
-- applied again, and one whose text differs from what was recorded is refused (store_migrate.c).
-- table: fact
CREATE TABLE schema_step (
    number INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    room TEXT NOT NULL,
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
    applied_at INTEGER NOT NULL
) STRICT;
