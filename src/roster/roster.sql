-- import_insert(roster_import_id id, training_class_id class, text file_name, text file_hash, int language, account_id uploaded_by, instant uploaded_at) exec
INSERT INTO roster_import (id, class_id, file_name, file_hash, state, language, read_to, line_count, fault_count, promised,
                           uploaded_by, uploaded_at)
VALUES ($1, $2, $3, $4, 'reading', $5, 0, 0, 0, 0, $6, $7);

-- import_by_id(roster_import_id id) one roster_import(roster_import_id id, training_class_id class, text file_name, text file_hash, enum import_state state, int language, int read_to, int line_count, int fault_count, int promised, text problem)
SELECT id, class_id, file_name, file_hash, state, language, read_to, line_count, fault_count, promised, problem
  FROM roster_import WHERE id = $1;

-- import_of_file(training_class_id class, text file_hash) one roster_import
SELECT id, class_id, file_name, file_hash, state, language, read_to, line_count, fault_count, promised, problem
  FROM roster_import
 WHERE class_id = $1 AND file_hash = $2 AND state <> 'undone';

-- imports_of_class(training_class_id class) many roster_import
SELECT id, class_id, file_name, file_hash, state, language, read_to, line_count, fault_count, promised, problem
  FROM roster_import
 WHERE class_id = $1 ORDER BY id DESC;

-- The oldest that is still to be read, behind one that has to wait.
-- import_waiting(int after) one roster_import
SELECT id, class_id, file_name, file_hash, state, language, read_to, line_count, fault_count, promised, problem
  FROM roster_import WHERE state = 'reading' AND id > $1 ORDER BY id LIMIT 1;

-- Of two that read the same portion, one stages it.
-- import_advance(roster_import_id id, int was, int read_to, int lines, int faults, int promised, enum import_state next, text problem) rows
UPDATE roster_import
   SET read_to = $3, line_count = line_count + $4, fault_count = fault_count + $5, promised = promised + $6, state = $7, problem = $8
 WHERE id = $1 AND read_to = $2 AND state = 'reading';

-- import_step(roster_import_id id, enum import_state was, enum import_state next) rows
UPDATE roster_import SET state = $3 WHERE id = $1 AND state = $2;

-- A preview that was never accepted gives way to a new look at the same file.
-- import_forget_findings(roster_import_id id) exec
DELETE FROM roster_finding
 WHERE import_id = $1 AND EXISTS (SELECT 1 FROM roster_import i WHERE i.id = $1 AND i.state IN ('previewed', 'broken'));

-- import_forget_lines(roster_import_id id) exec
DELETE FROM roster_line
 WHERE import_id = $1 AND EXISTS (SELECT 1 FROM roster_import i WHERE i.id = $1 AND i.state IN ('previewed', 'broken'));

-- content_forget(roster_import_id id) exec
DELETE FROM roster_content
 WHERE id = $1 AND EXISTS (SELECT 1 FROM roster_import i WHERE i.id = $1 AND i.state IN ('previewed', 'broken'));

-- import_forget(roster_import_id id) exec
DELETE FROM roster_import WHERE id = $1 AND state IN ('previewed', 'broken');

-- content_insert(roster_import_id id, sealed_bytes content) exec
INSERT INTO roster_content (id, content) VALUES ($1, $2);

-- content_of(roster_import_id id) one roster_content(roster_import_id id, sealed_bytes content)
SELECT id, content FROM roster_content WHERE id = $1;

-- line_insert(roster_line_id id, roster_import_id import, int row_number, text name, sealed identity_no, sealed phone, sealed bank_account, text bank_name, text groups, enum line_verdict verdict) exec
INSERT INTO roster_line (id, import_id, row_number, name, identity_no, phone, bank_account, bank_name, groups, verdict)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- finding_insert(roster_import_id import, int row_number, int place, text field, text code, text message) exec
INSERT INTO roster_finding (import_id, row_number, place, field, code, message) VALUES ($1, $2, $3, $4, $5, $6);

-- findings_forget(roster_import_id import, int row_number) exec
DELETE FROM roster_finding WHERE import_id = $1 AND row_number = $2;

-- What would come in, or what waits for a second look.
-- lines_good(roster_import_id import) many roster_line(roster_line_id id, int row_number, text name, sealed identity_no, sealed phone, sealed bank_account, text bank_name, text groups, enum line_verdict verdict)
SELECT id, row_number, name, identity_no, phone, bank_account, bank_name, groups, verdict
  FROM roster_line WHERE import_id = $1 AND verdict IN ('fresh', 'known', 'changed') ORDER BY row_number;

-- lines_doubtful(roster_import_id import) many roster_line
SELECT id, row_number, name, identity_no, phone, bank_account, bank_name, groups, verdict
  FROM roster_line WHERE import_id = $1 AND verdict = 'doubtful' ORDER BY row_number;

-- Whose number is known under another name.
-- lines_conflicting(roster_import_id import) many roster_line
SELECT id, row_number, name, identity_no, phone, bank_account, bank_name, groups, verdict
  FROM roster_line WHERE import_id = $1 AND verdict = 'conflicting' ORDER BY row_number;

-- What there is to say about the name, as it stands now.
-- conflict_say(roster_import_id import, int row_number, text message) rows
UPDATE roster_finding SET message = $3 WHERE import_id = $1 AND row_number = $2 AND code = 'name-conflict';

-- conflict_forget(roster_import_id import, int row_number) exec
DELETE FROM roster_finding WHERE import_id = $1 AND row_number = $2 AND code = 'name-conflict';

-- What else there is to look at.
-- conflict_doubts(roster_import_id import, int row_number) integer
SELECT COUNT(*) FROM roster_finding WHERE import_id = $1 AND row_number = $2 AND code <> 'name-conflict';

-- What has no fault, for the preview and after it.
-- lines_sound(roster_import_id import, enum line_verdict verdict, int first, int most) many roster_line
SELECT id, row_number, name, identity_no, phone, bank_account, bank_name, groups, verdict
  FROM roster_line WHERE import_id = $1 AND verdict IN ('fresh', 'known', 'changed', 'already', 'enrolled')
   AND ($2 IS NULL OR verdict = $2)
 ORDER BY row_number LIMIT $4 OFFSET $3;

-- verdict_counts(roster_import_id import) many verdict_count(enum line_verdict verdict, int n)
SELECT verdict, COUNT(*) FROM roster_line WHERE import_id = $1 GROUP BY verdict;

-- line_set(roster_line_id id, enum line_verdict verdict) exec
UPDATE roster_line SET verdict = $2 WHERE id = $1;

-- One page of what there is to say.
-- findings_of(roster_import_id import, enum line_verdict verdict, int first, int most) many roster_note(int row_number, text name, text field, text code, text message, enum line_verdict verdict)
SELECT f.row_number, l.name, f.field, f.code, f.message, l.verdict
  FROM roster_finding f JOIN roster_line l ON l.import_id = f.import_id AND l.row_number = f.row_number
 WHERE f.import_id = $1 AND l.verdict IN ('changed', 'doubtful', 'conflicting', 'refused')
   AND ($2 IS NULL OR l.verdict = $2)
 ORDER BY f.row_number, f.place LIMIT $4 OFFSET $3;

-- finding_count(roster_import_id import, enum line_verdict verdict) integer
SELECT COUNT(*)
  FROM roster_finding f JOIN roster_line l ON l.import_id = f.import_id AND l.row_number = f.row_number
 WHERE f.import_id = $1 AND l.verdict IN ('changed', 'doubtful', 'conflicting', 'refused')
   AND ($2 IS NULL OR l.verdict = $2);

-- What is marked in the file that goes back: all that keeps a line out.
-- marks_of(roster_import_id import) many roster_mark(int row_number, text field, text message)
SELECT f.row_number, f.field, f.message
  FROM roster_finding f JOIN roster_line l ON l.import_id = f.import_id AND l.row_number = f.row_number
 WHERE f.import_id = $1 AND l.verdict IN ('doubtful', 'conflicting', 'refused')
 ORDER BY f.row_number, f.place;

-- Whether anyone of this import has been to a session.
-- import_punches(int import_id) integer
SELECT COUNT(*) FROM attendance_punch p JOIN enrolment e ON e.id = p.enrolment_id WHERE e.import_id = $1;

-- Uploads from before the instant whose content or lines are still held; not one that is being read.
-- uploads_past(instant before) integer
SELECT COUNT(*) FROM roster_import i
 WHERE i.uploaded_at < $1 AND i.state <> 'reading'
   AND (EXISTS (SELECT 1 FROM roster_content c WHERE c.id = i.id) OR EXISTS (SELECT 1 FROM roster_line l WHERE l.import_id = i.id));

-- upload_past(instant before) integer
SELECT COALESCE(MIN(i.id), 0) FROM roster_import i
 WHERE i.uploaded_at < $1 AND i.state <> 'reading'
   AND (EXISTS (SELECT 1 FROM roster_content c WHERE c.id = i.id) OR EXISTS (SELECT 1 FROM roster_line l WHERE l.import_id = i.id));

-- upload_findings_erase(roster_import_id import) exec
DELETE FROM roster_finding WHERE import_id = $1;

-- upload_lines_erase(roster_import_id import) exec
DELETE FROM roster_line WHERE import_id = $1;

-- upload_content_erase(roster_import_id import) exec
DELETE FROM roster_content WHERE id = $1;
