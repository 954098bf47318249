-- schema_steps() many schema_step_row(int number, text sha256)
SELECT number, sha256 FROM schema_step ORDER BY number;

-- schema_step_record(int number, text name, text room, text sha256, instant applied_at) rows
INSERT INTO schema_step (number, name, room, sha256, applied_at) VALUES ($1, $2, $3, $4, $5);
