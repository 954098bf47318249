-- import_insert(roster_import_id id, training_class_id class, text file_name, text file_hash, int line_count, int fault_count, account_id uploaded_by, instant uploaded_at) rows
INSERT INTO roster_import (id, class_id, file_name, file_hash, state, line_count, fault_count, uploaded_by, uploaded_at)
VALUES ($1, $2, $3, $4, 'previewed', $5, $6, $7, $8)
ON CONFLICT DO NOTHING;

-- import_by_id(roster_import_id id) one roster_import(roster_import_id id, training_class_id class, text file_name, text file_hash, enum import_state state, int line_count, int fault_count)
SELECT id, class_id, file_name, file_hash, state, line_count, fault_count FROM roster_import WHERE id = $1;

-- import_of_file(training_class_id class, text file_hash) one roster_import
SELECT id, class_id, file_name, file_hash, state, line_count, fault_count FROM roster_import
 WHERE class_id = $1 AND file_hash = $2 AND state <> 'undone';

-- imports_of_class(training_class_id class) many roster_import
SELECT id, class_id, file_name, file_hash, state, line_count, fault_count FROM roster_import
 WHERE class_id = $1 ORDER BY id DESC;

-- import_step(roster_import_id id, enum import_state was, enum import_state next) rows
UPDATE roster_import SET state = $3 WHERE id = $1 AND state = $2;

-- A preview that was never accepted gives way to a new look at the same file.
-- import_forget_lines(roster_import_id id) exec
DELETE FROM roster_line
 WHERE import_id = $1 AND EXISTS (SELECT 1 FROM roster_import i WHERE i.id = $1 AND i.state = 'previewed');

-- import_forget(roster_import_id id) exec
DELETE FROM roster_import WHERE id = $1 AND state = 'previewed';

-- line_insert(roster_line_id id, roster_import_id import, int row_number, text name, sealed identity_no, sealed phone, sealed bank_account, text bank_name, text groups, enum line_verdict verdict, text field, text fault, text message) exec
INSERT INTO roster_line (id, import_id, row_number, name, identity_no, phone, bank_account, bank_name, groups, verdict, field,
                         fault, message)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- lines_of(roster_import_id import) many roster_line(roster_line_id id, int row_number, text name, sealed identity_no, sealed phone, sealed bank_account, text bank_name, text groups, enum line_verdict verdict, text field, text fault, text message)
SELECT id, row_number, name, identity_no, phone, bank_account, bank_name, groups, verdict, field, fault, message
  FROM roster_line WHERE import_id = $1 ORDER BY row_number;

-- The first of the file with one of two verdicts.
-- lines_judged(roster_import_id import, enum line_verdict verdict, enum line_verdict other, int most) many roster_line
SELECT id, row_number, name, identity_no, phone, bank_account, bank_name, groups, verdict, field, fault, message
  FROM roster_line WHERE import_id = $1 AND (verdict = $2 OR verdict = $3) ORDER BY row_number LIMIT $4;

-- verdict_counts(roster_import_id import) many verdict_count(enum line_verdict verdict, int n)
SELECT verdict, COUNT(*) FROM roster_line WHERE import_id = $1 GROUP BY verdict;

-- content_insert(roster_import_id id, sealed_bytes content) exec
INSERT INTO roster_content (id, content) VALUES ($1, $2);

-- content_of(roster_import_id id) one roster_content(roster_import_id id, sealed_bytes content)
SELECT id, content FROM roster_content WHERE id = $1;

-- content_forget(roster_import_id id) exec
DELETE FROM roster_content
 WHERE id = $1 AND EXISTS (SELECT 1 FROM roster_import i WHERE i.id = $1 AND i.state = 'previewed');

-- line_set(roster_line_id id, enum line_verdict verdict, text fault, text message) exec
UPDATE roster_line SET verdict = $2, fault = $3, message = $4 WHERE id = $1;

-- Whether anyone of this import has been to a session.
-- import_punches(int import_id) integer
SELECT COUNT(*) FROM attendance_punch p JOIN enrolment e ON e.id = p.enrolment_id WHERE e.import_id = $1;
