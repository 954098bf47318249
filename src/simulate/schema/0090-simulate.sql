-- That this database holds a simulated province: its passwords are known to everyone.
-- table: state
CREATE TABLE demonstration (
    seed    INTEGER PRIMARY KEY,
    made_at INTEGER NOT NULL
) STRICT;
