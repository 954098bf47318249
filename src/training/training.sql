-- class_insert(training_class_id id, organisation_id organisation, text name, int item, text programme, text occupation, enum skill_level level, text region, text place, text place_key, person_id teacher, organisation_id evaluator, day starts_on, day ends_on, int lesson_hours, int capacity, text tags, text clause, bool is_subsidised, account_id created_by, instant created_at, enum exam_kind exam_kind, day exam_on, text exam_place) exec
INSERT INTO training_class (id, organisation_id, name, item, programme, occupation, level, region, place, place_key,
                            teacher_id, evaluator_id, starts_on, ends_on, lesson_hours, capacity, tags, clause,
                            is_subsidised, state, created_by, created_at, version, exam_kind, exam_on, exam_place)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 'draft', $20, $21, 1, $22, $23, $24);

-- Nothing that was submitted can be written anew; the timetable goes with it.
-- class_amend_step(training_class_id id, int version, text name, int item, text programme, text occupation, enum skill_level level, text region, text place, text place_key, person_id teacher, organisation_id evaluator, day starts_on, day ends_on, int lesson_hours, int capacity, text tags, text clause, bool is_subsidised, enum exam_kind exam_kind, day exam_on, text exam_place) rows
UPDATE training_class
   SET name = $3, item = $4, programme = $5, occupation = $6, level = $7, region = $8, place = $9, place_key = $10,
       teacher_id = $11, evaluator_id = $12, starts_on = $13, ends_on = $14, lesson_hours = $15, capacity = $16, tags = $17,
       clause = $18, is_subsidised = $19, exam_kind = $20, exam_on = $21, exam_place = $22, version = version + 1
 WHERE id = $1 AND version = $2 AND state IN ('draft', 'returned');

-- The lessons of a plan may begin earlier or end later than the ones laid out.
-- class_plan_step(training_class_id id, int version, day starts_on, day ends_on) rows
UPDATE training_class SET starts_on = $3, ends_on = $4, version = version + 1
 WHERE id = $1 AND version = $2 AND state IN ('draft', 'returned') AND (exam_on IS NULL OR exam_on >= $4);

-- sessions_forget(training_class_id class) exec
DELETE FROM session
 WHERE class_id = $1 AND EXISTS (SELECT 1 FROM training_class WHERE id = $1 AND state IN ('draft', 'returned'));

-- class_by_id(training_class_id id) one training_class(training_class_id id, organisation_id organisation, text name, int item, text programme, text occupation, enum skill_level level, text region, text place, person_id teacher, organisation_id evaluator, day starts_on, day ends_on, int lesson_hours, int capacity, text tags, text clause, bool is_subsidised, enum exam_kind exam_kind, day exam_on, text exam_place, enum class_state state, account_id submitted_by, account_id reviewed_by, account_id created_by, int version)
SELECT id, organisation_id, name, item, programme, occupation, level, region, place, teacher_id, evaluator_id,
       starts_on, ends_on, lesson_hours, capacity, tags, clause, is_subsidised, exam_kind, exam_on, exam_place, state, submitted_by, reviewed_by, created_by, version
  FROM training_class WHERE id = $1;

-- class_count_to_examine(organisation_id evaluator) integer
SELECT COUNT(*) FROM training_class WHERE evaluator_id = $1 AND state = 'training_done';

-- The lists of classes. What the public sees is approved and not over yet (open_on); an evaluator sees what it is to examine.
-- class_lines(text region_prefix, organisation_id organisation, organisation_id evaluator, day open_on, enum class_state state, text programme, text wanted, text sort, int direction, int first, int most) each class_entry(training_class_id id, text name, text institution, text programme, text region, text place, day starts_on, day ends_on, int lesson_hours, int enrolled, int capacity, enum class_state state)
SELECT c.id, c.name, o.name, c.programme, c.region, c.place, c.starts_on, c.ends_on, c.lesson_hours,
       (SELECT COUNT(*) FROM enrolment e WHERE e.class_id = c.id AND e.state <> 'withdrawn'), c.capacity, c.state
  FROM training_class c JOIN organisation o ON o.id = c.organisation_id
 WHERE c.region BETWEEN $1 AND $1 || '999999' AND ($2 IS NULL OR c.organisation_id = $2)
   AND ($3 IS NULL OR (c.evaluator_id = $3 AND c.state IN ('approved', 'in_progress', 'training_done', 'closed')))
   AND ($4 IS NULL OR (c.ends_on >= $4 AND c.state IN ('approved', 'in_progress')))
   AND ($5 IS NULL OR c.state = $5) AND ($6 IS NULL OR c.programme = $6)
   AND ($7 IS NULL OR replace(c.name, $7, '') <> c.name OR replace(o.name, $7, '') <> o.name)
 ORDER BY $9 * CASE $8 WHEN 'starts_on' THEN c.starts_on WHEN 'ends_on' THEN c.ends_on WHEN 'lesson_hours' THEN c.lesson_hours
                      WHEN 'capacity' THEN c.capacity ELSE 0 END, c.id DESC
 LIMIT $11 OFFSET $10;

-- class_line_count(text region_prefix, organisation_id organisation, organisation_id evaluator, day open_on, enum class_state state, text programme, text wanted, int most) integer
SELECT COUNT(*) FROM (
    SELECT 1 FROM training_class c JOIN organisation o ON o.id = c.organisation_id
     WHERE c.region BETWEEN $1 AND $1 || '999999' AND ($2 IS NULL OR c.organisation_id = $2)
       AND ($3 IS NULL OR (c.evaluator_id = $3 AND c.state IN ('approved', 'in_progress', 'training_done', 'closed')))
       AND ($4 IS NULL OR (c.ends_on >= $4 AND c.state IN ('approved', 'in_progress')))
       AND ($5 IS NULL OR c.state = $5) AND ($6 IS NULL OR c.programme = $6)
       AND ($7 IS NULL OR replace(c.name, $7, '') <> c.name OR replace(o.name, $7, '') <> o.name)
     LIMIT $8) AS found;

-- classes_running(text region_prefix, organisation_id organisation, organisation_id evaluator, int most) many running_class(training_class_id id, text name)
SELECT id, name FROM training_class
 WHERE region BETWEEN $1 AND $1 || '999999' AND state = 'in_progress'
   AND ($2 IS NULL OR organisation_id = $2) AND ($3 IS NULL OR evaluator_id = $3)
 ORDER BY ends_on, id LIMIT $4;

-- class_count_returned(organisation_id organisation) integer
SELECT COUNT(*) FROM training_class WHERE organisation_id = $1 AND state = 'returned';

-- class_count_waiting(text region_prefix) integer
SELECT COUNT(*) FROM training_class WHERE region BETWEEN $1 AND $1 || '999999' AND state = 'submitted';

-- class_submit_step(training_class_id id, int version, account_id submitted_by, instant submitted_at) rows
UPDATE training_class SET state = 'submitted', submitted_by = $3, submitted_at = $4, reviewed_by = NULL, version = version + 1
 WHERE id = $1 AND version = $2 AND state IN ('draft', 'returned');

-- Nobody reviews an own submission: the guard is here, whatever the code above it believes.
-- class_review_step(training_class_id id, int version, account_id reviewer, enum class_state next) rows
UPDATE training_class SET state = $4, reviewed_by = $3, version = version + 1
 WHERE id = $1 AND version = $2 AND state = 'submitted' AND submitted_by <> $3 AND created_by <> $3;

-- class_begin(training_class_id id) rows
UPDATE training_class SET state = 'in_progress', version = version + 1 WHERE id = $1 AND state = 'approved';

-- class_finish_step(training_class_id id, int version) rows
UPDATE training_class SET state = 'training_done', version = version + 1
 WHERE id = $1 AND version = $2 AND state = 'in_progress';

-- class_close_step(training_class_id id) rows
UPDATE training_class SET state = 'closed', version = version + 1 WHERE id = $1 AND state = 'training_done';

-- session_insert(session_id id, training_class_id class, int number, instant starts_at, instant ends_at, int lesson_hours, enum lesson_kind kind, text subject) exec
INSERT INTO session (id, class_id, number, starts_at, ends_at, lesson_hours, kind, subject) VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- sessions_of(training_class_id class) many session(session_id id, training_class_id class, int number, instant starts_at, instant ends_at, int lesson_hours, enum lesson_kind kind, text subject)
SELECT id, class_id, number, starts_at, ends_at, lesson_hours, kind, subject FROM session WHERE class_id = $1 ORDER BY number;

-- session_by_id(session_id id) one session
SELECT id, class_id, number, starts_at, ends_at, lesson_hours, kind, subject FROM session WHERE id = $1;

-- sessions_without_subject(training_class_id class) integer
SELECT COUNT(*) FROM session WHERE class_id = $1 AND (subject IS NULL OR kind IS NULL);

-- site_check_insert(int id, training_class_id class, text region, text place_key, day checked_on, bool is_passed, account_id checked_by, text actor_name, instant checked_at) exec
INSERT INTO site_check (id, class_id, region, place_key, checked_on, is_passed, checked_by, actor_name, checked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- site_finding_insert(int check, text item, enum check_finding finding, text remark) exec
INSERT INTO site_finding (check_id, item, finding, remark) VALUES ($1, $2, $3, $4);

-- site_check_last(text region, text place_key) one site_check_entry(int id, day checked_on, bool is_passed, text actor_name)
SELECT id, checked_on, is_passed, actor_name FROM site_check
 WHERE region = $1 AND place_key = $2 ORDER BY checked_at DESC, id DESC LIMIT 1;

-- site_findings(int check) many site_finding(text item, enum check_finding finding, text remark)
SELECT item, finding, remark FROM site_finding WHERE check_id = $1 ORDER BY item;

-- session_last_end(training_class_id class) integer
SELECT MAX(ends_at) FROM session WHERE class_id = $1;

-- Another class that the teacher of this one teaches, or sits in, at an hour of this one.
-- teacher_clash(training_class_id class) one class_clash(training_class_id class, text name, instant starts_at)
SELECT other.id, other.name, theirs.starts_at
  FROM training_class mine
  JOIN session ours ON ours.class_id = mine.id
  JOIN session theirs ON theirs.starts_at < ours.ends_at AND theirs.ends_at > ours.starts_at AND theirs.class_id <> mine.id
  JOIN training_class other ON other.id = theirs.class_id
 WHERE mine.id = $1
   AND (other.teacher_id = mine.teacher_id
        OR EXISTS (SELECT 1 FROM enrolment e
                    WHERE e.person_id = mine.teacher_id AND e.class_id = other.id AND e.state <> 'withdrawn'))
   AND other.state IN ('submitted', 'approved', 'in_progress', 'training_done', 'closed')
 ORDER BY theirs.starts_at LIMIT 1;

-- Another class in the same room, however its name was typed, at an hour of this one.
-- place_clash(training_class_id class) one class_clash
SELECT other.id, other.name, theirs.starts_at
  FROM training_class mine
  JOIN session ours ON ours.class_id = mine.id
  JOIN session theirs ON theirs.starts_at < ours.ends_at AND theirs.ends_at > ours.starts_at AND theirs.class_id <> mine.id
  JOIN training_class other ON other.id = theirs.class_id
 WHERE mine.id = $1 AND other.place_key = mine.place_key AND other.region = mine.region
   AND other.state IN ('submitted', 'approved', 'in_progress', 'training_done', 'closed')
 ORDER BY theirs.starts_at LIMIT 1;

-- Another class that this person sits in, or teaches, at an hour of this one.
-- person_clash(training_class_id class, person_id person) one class_clash
SELECT other.id, other.name, theirs.starts_at
  FROM session ours
  JOIN session theirs ON theirs.starts_at < ours.ends_at AND theirs.ends_at > ours.starts_at AND theirs.class_id <> ours.class_id
  JOIN training_class other ON other.id = theirs.class_id
 WHERE ours.class_id = $1
   AND other.state IN ('submitted', 'approved', 'in_progress', 'training_done', 'closed')
   AND (other.teacher_id = $2
        OR EXISTS (SELECT 1 FROM enrolment e WHERE e.person_id = $2 AND e.class_id = other.id AND e.state <> 'withdrawn'))
 ORDER BY theirs.starts_at LIMIT 1;

-- enrolment_insert(enrolment_id id, person_id person, training_class_id class, text tags, int import_id, instant enrolled_at) rows
INSERT INTO enrolment (id, person_id, class_id, state, tags, import_id, enrolled_at, version)
VALUES ($1, $2, $3, 'enrolled', $4, $5, $6, 1)
ON CONFLICT DO NOTHING;

-- enrolment_by_id(enrolment_id id) one enrolment(enrolment_id id, person_id person, training_class_id class, enum enrolment_state state, text tags, int import_id)
SELECT id, person_id, class_id, state, tags, import_id FROM enrolment WHERE id = $1;

-- enrolment_of(training_class_id class, person_id person) one enrolment
SELECT id, person_id, class_id, state, tags, import_id FROM enrolment
 WHERE class_id = $1 AND person_id = $2 AND state <> 'withdrawn';

-- enrolments_of_class(training_class_id class) many enrolment
SELECT id, person_id, class_id, state, tags, import_id FROM enrolment
 WHERE class_id = $1 AND state <> 'withdrawn' ORDER BY id;

-- enrolments_of_person(person_id person) many enrolment
SELECT id, person_id, class_id, state, tags, import_id FROM enrolment
 WHERE person_id = $1 AND state <> 'withdrawn' ORDER BY id DESC;

-- enrolments_of_import(int import_id) many enrolment
SELECT id, person_id, class_id, state, tags, import_id FROM enrolment
 WHERE import_id = $1 AND state <> 'withdrawn' ORDER BY id;

-- The roster with names, for those who may see it.
-- roster(training_class_id class) many trainee_line(enrolment_id enrolment, person_id person, text name, sealed:person identity_no, sealed:person phone, sealed:person bank_account, enum enrolment_state state)
SELECT e.id, e.person_id, p.name, p.identity_no, p.phone, p.bank_account, e.state
  FROM enrolment e JOIN person p ON p.id = e.person_id
 WHERE e.class_id = $1 AND e.state <> 'withdrawn' ORDER BY e.id;

-- enrolment_count(training_class_id class) integer
SELECT COUNT(*) FROM enrolment WHERE class_id = $1 AND state <> 'withdrawn';

-- enrolment_step(enrolment_id id, enum enrolment_state next) rows
UPDATE enrolment SET state = $2, version = version + 1 WHERE id = $1 AND state = 'enrolled';

-- Subsidised trainings of this person that start in the given days, failed ones left out.
-- trainings_in_year(person_id person, day first, day last) integer
SELECT COUNT(*) FROM enrolment e JOIN training_class c ON c.id = e.class_id
 WHERE e.person_id = $1 AND e.state IN ('enrolled', 'completed') AND c.is_subsidised = 1 AND c.starts_on BETWEEN $2 AND $3;

-- The same occupation (or, without one, the same programme) at the same level, under way or completed.
-- same_training(person_id person, text taught, enum skill_level level) one class_clash
SELECT c.id, c.name, s.starts_at
  FROM enrolment e JOIN training_class c ON c.id = e.class_id JOIN session s ON s.class_id = c.id AND s.number = 1
 WHERE e.person_id = $1 AND e.state IN ('enrolled', 'completed')
   AND COALESCE(c.occupation, c.programme) = $2 AND COALESCE(c.level, '') = COALESCE($3, '')
 ORDER BY c.id LIMIT 1;

-- punch_insert(attendance_punch_id id, person_id person, enrolment_id enrolment, session_id session, enum punch_kind kind, enum punch_method method, text device, instant punched_at, instant received_at, account_id recorded_by) rows
INSERT INTO attendance_punch (id, person_id, enrolment_id, session_id, kind, method, device, punched_at, received_at, recorded_by)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT DO NOTHING;

-- punch_count(enrolment_id enrolment, session_id session, enum punch_kind kind) integer
SELECT COUNT(*) FROM attendance_punch WHERE enrolment_id = $1 AND session_id = $2 AND kind = $3;

-- The same device in the hands of a trainee of another class whose session overlaps.
-- device_clash(text device, session_id session, person_id person) one class_clash
SELECT other.id, other.name, theirs.starts_at
  FROM session ours
  JOIN session theirs ON theirs.starts_at < ours.ends_at AND theirs.ends_at > ours.starts_at AND theirs.class_id <> ours.class_id
  JOIN attendance_punch p ON p.session_id = theirs.id
  JOIN training_class other ON other.id = theirs.class_id
 WHERE ours.id = $2 AND p.device = $1 AND p.person_id <> $3
 ORDER BY theirs.starts_at LIMIT 1;

-- Each trainee in each session: the raw punches, and, once the class is finished, the roll with its counter-entries.
-- presences_of_class(training_class_id class, session_id session) many presence(enrolment_id enrolment, person_id person, session_id session, instant starts_at, instant ends_at, int lesson_hours, instant checked_in_at, instant checked_out_at, int rolled_hours, int corrected_hours)
SELECT e.id, e.person_id, s.id, s.starts_at, s.ends_at, s.lesson_hours, i.punched_at, o.punched_at, r.lesson_hours,
       CAST((SELECT COALESCE(SUM(c.lesson_hours), 0) FROM attendance_correction c
              WHERE c.enrolment_id = e.id AND c.session_id = s.id) AS INTEGER)
  FROM enrolment e
  JOIN session s ON s.class_id = e.class_id AND ($2 IS NULL OR s.id = $2)
  LEFT JOIN attendance_punch i ON i.enrolment_id = e.id AND i.session_id = s.id AND i.kind = 'check_in'
  LEFT JOIN attendance_punch o ON o.enrolment_id = e.id AND o.session_id = s.id AND o.kind = 'check_out'
  LEFT JOIN attendance_roll r ON r.enrolment_id = e.id AND r.session_id = s.id
 WHERE e.class_id = $1 AND e.state <> 'withdrawn'
 ORDER BY e.id, s.number;

-- roll_insert(person_id person, enrolment_id enrolment, session_id session, int present_minutes, int lesson_hours, account_id made_by, instant made_at) exec
INSERT INTO attendance_roll (person_id, enrolment_id, session_id, present_minutes, lesson_hours, made_by, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- correction_insert(int id, person_id person, enrolment_id enrolment, session_id session, int lesson_hours, text reason, account_id recorded_by, text actor_name, instant recorded_at) exec
INSERT INTO attendance_correction (id, person_id, enrolment_id, session_id, lesson_hours, reason, recorded_by, actor_name,
                                   recorded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- corrections_of_session(session_id session) many attendance_correction(enrolment_id enrolment, person_id person, int lesson_hours, text reason, text actor_name, instant recorded_at)
SELECT enrolment_id, person_id, lesson_hours, reason, actor_name, recorded_at FROM attendance_correction
 WHERE session_id = $1 ORDER BY id;

-- What a worker can check in to now.
-- sessions_of_person_between(person_id person, instant first, instant last) many person_session(session_id session, enrolment_id enrolment, training_class_id class, text name, text place, instant starts_at, instant ends_at, instant checked_in_at, instant checked_out_at)
SELECT s.id, e.id, c.id, c.name, c.place, s.starts_at, s.ends_at, i.punched_at, o.punched_at
  FROM enrolment e
  JOIN training_class c ON c.id = e.class_id AND c.state IN ('approved', 'in_progress')
  JOIN session s ON s.class_id = c.id AND s.ends_at >= $2 AND s.starts_at <= $3
  LEFT JOIN attendance_punch i ON i.enrolment_id = e.id AND i.session_id = s.id AND i.kind = 'check_in'
  LEFT JOIN attendance_punch o ON o.enrolment_id = e.id AND o.session_id = s.id AND o.kind = 'check_out'
 WHERE e.person_id = $1 AND e.state = 'enrolled'
 ORDER BY s.starts_at;
