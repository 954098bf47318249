-- result_insert(enrolment_id enrolment, int score, int attended, bool is_passed, account_id recorded_by, instant recorded_at) rows
INSERT INTO exam_result (enrolment_id, score, attended, is_passed, recorded_by, recorded_at)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;

-- result_of(enrolment_id enrolment) one exam_result(enrolment_id enrolment, int score, int attended, bool is_passed)
SELECT enrolment_id, score, attended, is_passed FROM exam_result WHERE enrolment_id = $1;

-- serial_next(text prefix) integer
INSERT INTO certificate_serial (prefix, last) VALUES ($1, 1)
ON CONFLICT (prefix) DO UPDATE SET last = certificate_serial.last + 1
RETURNING last;

-- certificate_insert(certificate_id id, text certificate_no, person_id person, text person_name, enrolment_id enrolment, training_class_id class, text issuer, text occupation, enum skill_level level, day issued_on) exec
INSERT INTO certificate (id, certificate_no, person_id, person_name, enrolment_id, class_id, issuer, occupation, level, issued_on, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'valid');

-- certificate_by_number(text certificate_no) one certificate(certificate_id id, text certificate_no, person_id person, text person_name, enrolment_id enrolment, training_class_id class, text issuer, text occupation, enum skill_level level, day issued_on, enum certificate_state state)
SELECT id, certificate_no, person_id, person_name, enrolment_id, class_id, issuer, occupation, level, issued_on, state
  FROM certificate WHERE certificate_no = $1;

-- certificate_of_enrolment(enrolment_id enrolment) one certificate
SELECT id, certificate_no, person_id, person_name, enrolment_id, class_id, issuer, occupation, level, issued_on, state
  FROM certificate WHERE enrolment_id = $1;

-- certificates_of_person(person_id person) many certificate
SELECT id, certificate_no, person_id, person_name, enrolment_id, class_id, issuer, occupation, level, issued_on, state
  FROM certificate WHERE person_id = $1 ORDER BY id DESC;
