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

-- The newest first. An organisation sees those of the classes that it taught or examined.
-- certificate_entries(text region_prefix, organisation_id organisation, text taught, enum skill_level level, enum certificate_state state, day since, day until, text wanted, certificate_id after, int most) each certificate_entry(certificate_id id, text certificate_no, person_id person, text person_name, text taught, enum skill_level level, text class_name, text issuer, day issued_on, enum certificate_state state)
SELECT t.id, t.certificate_no, t.person_id, t.person_name, COALESCE(t.occupation, c.programme), t.level, c.name, t.issuer,
       t.issued_on, t.state
  FROM certificate t JOIN training_class c ON c.id = t.class_id
 WHERE c.region BETWEEN $1 AND $1 || '999999' AND ($2 IS NULL OR c.organisation_id = $2 OR c.evaluator_id = $2)
   AND ($3 IS NULL OR COALESCE(t.occupation, c.programme) = $3) AND ($4 IS NULL OR t.level = $4) AND ($5 IS NULL OR t.state = $5)
   AND ($6 IS NULL OR t.issued_on >= $6) AND ($7 IS NULL OR t.issued_on <= $7)
   AND ($8 IS NULL OR t.certificate_no = $8 OR replace(t.person_name, $8, '') <> t.person_name OR replace(c.name, $8, '') <> c.name)
   AND ($9 IS NULL OR t.id < $9)
 ORDER BY t.id DESC LIMIT $10;

-- certificate_entry_count(text region_prefix, organisation_id organisation, text taught, enum skill_level level, enum certificate_state state, day since, day until, text wanted, int most) integer
SELECT COUNT(*) FROM (
    SELECT 1 FROM certificate t JOIN training_class c ON c.id = t.class_id
     WHERE c.region BETWEEN $1 AND $1 || '999999' AND ($2 IS NULL OR c.organisation_id = $2 OR c.evaluator_id = $2)
       AND ($3 IS NULL OR COALESCE(t.occupation, c.programme) = $3) AND ($4 IS NULL OR t.level = $4) AND ($5 IS NULL OR t.state = $5)
       AND ($6 IS NULL OR t.issued_on >= $6) AND ($7 IS NULL OR t.issued_on <= $7)
       AND ($8 IS NULL OR t.certificate_no = $8 OR replace(t.person_name, $8, '') <> t.person_name
            OR replace(c.name, $8, '') <> c.name)
     LIMIT $9) AS found;
