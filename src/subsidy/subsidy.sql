-- claim_insert(subsidy_claim_id id, training_class_id class, organisation_id organisation, text region, int line_count, fen total_fen, account_id made_by, instant made_at) rows
INSERT INTO subsidy_claim (id, class_id, organisation_id, region, state, line_count, total_fen, made_by, made_at, version)
VALUES ($1, $2, $3, $4, 'first_review', $5, $6, $7, $8, 1)
ON CONFLICT DO NOTHING;

-- claim_line_insert(claim_line_id id, subsidy_claim_id claim, enrolment_id enrolment, person_id person, text taught, text level, fen amount_fen, text rule, text uplift) rows
INSERT INTO claim_line (id, claim_id, enrolment_id, person_id, taught, level, amount_fen, rule, uplift, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'claimed')
ON CONFLICT DO NOTHING;

-- Whether this person has a live line for what was taught at this level, or this enrolment has one.
-- line_count_of(person_id person, text taught, text level, enrolment_id enrolment) integer
SELECT COUNT(*) FROM claim_line
 WHERE state <> 'refused' AND ((person_id = $1 AND taught = $2 AND level = $3) OR enrolment_id = $4);

-- claim_by_id(subsidy_claim_id id) one subsidy_claim(subsidy_claim_id id, training_class_id class, organisation_id organisation, text region, enum claim_state state, int line_count, fen total_fen, account_id made_by, instant made_at, account_id first_by, account_id second_by, public_notice_id notice, int version)
SELECT id, class_id, organisation_id, region, state, line_count, total_fen, made_by, made_at, first_by, second_by, notice_id, version
  FROM subsidy_claim WHERE id = $1;

-- claim_of_class(training_class_id class) one subsidy_claim
SELECT id, class_id, organisation_id, region, state, line_count, total_fen, made_by, made_at, first_by, second_by, notice_id, version
  FROM subsidy_claim WHERE class_id = $1 AND state <> 'rejected';

-- claim_entries(text region_prefix, organisation_id organisation, enum claim_state state, text wanted, text sort, int direction, int first, int most) each claim_entry(subsidy_claim_id id, text class_name, text institution, text region, instant made_at, int line_count, fen total_fen, enum claim_state state)
SELECT s.id, c.name, o.name, s.region, s.made_at, s.line_count, s.total_fen, s.state
  FROM subsidy_claim s JOIN training_class c ON c.id = s.class_id JOIN organisation o ON o.id = s.organisation_id
 WHERE s.region BETWEEN $1 AND $1 || '999999' AND ($2 IS NULL OR s.organisation_id = $2) AND ($3 IS NULL OR s.state = $3)
   AND ($4 IS NULL OR replace(c.name, $4, '') <> c.name OR replace(o.name, $4, '') <> o.name)
 ORDER BY $6 * CASE $5 WHEN 'made_on' THEN s.made_at WHEN 'line_count' THEN s.line_count WHEN 'total_fen' THEN s.total_fen
                      ELSE 0 END, s.id DESC
 LIMIT $8 OFFSET $7;

-- claim_entry_count(text region_prefix, organisation_id organisation, enum claim_state state, text wanted, int most) integer
SELECT COUNT(*) FROM (
    SELECT 1 FROM subsidy_claim s JOIN training_class c ON c.id = s.class_id JOIN organisation o ON o.id = s.organisation_id
     WHERE s.region BETWEEN $1 AND $1 || '999999' AND ($2 IS NULL OR s.organisation_id = $2) AND ($3 IS NULL OR s.state = $3)
       AND ($4 IS NULL OR replace(c.name, $4, '') <> c.name OR replace(o.name, $4, '') <> o.name)
     LIMIT $5) AS found;

-- claim_count_in(text region_prefix, enum claim_state state) integer
SELECT COUNT(*) FROM subsidy_claim WHERE region BETWEEN $1 AND $1 || '999999' AND state = $2;

-- claim_lines(subsidy_claim_id claim) many claim_line(claim_line_id id, subsidy_claim_id claim, enrolment_id enrolment, person_id person, fen amount_fen, text rule, text uplift, enum claim_line_state state)
SELECT id, claim_id, enrolment_id, person_id, amount_fen, rule, uplift, state FROM claim_line
 WHERE claim_id = $1 ORDER BY id;

-- claim_line_by_id(claim_line_id id) one claim_line
SELECT id, claim_id, enrolment_id, person_id, amount_fen, rule, uplift, state FROM claim_line WHERE id = $1;

-- First review by one officer …
-- claim_first_step(subsidy_claim_id id, int version, account_id reviewer, enum claim_state next) rows
UPDATE subsidy_claim SET state = $4, first_by = $3, version = version + 1
 WHERE id = $1 AND version = $2 AND state = 'first_review' AND made_by <> $3;

-- … second review by another: whoever made or first reviewed the claim changes no row.
-- claim_second_step(subsidy_claim_id id, int version, account_id reviewer, enum claim_state next) rows
UPDATE subsidy_claim SET state = $4, second_by = $3, version = version + 1
 WHERE id = $1 AND version = $2 AND state = 'second_review' AND made_by <> $3 AND first_by <> $3;

-- claim_notice_set(subsidy_claim_id id, public_notice_id notice) exec
UPDATE subsidy_claim SET notice_id = $2 WHERE id = $1 AND notice_id IS NULL;

-- claim_release_step(subsidy_claim_id id) rows
UPDATE subsidy_claim SET state = 'payable', version = version + 1 WHERE id = $1 AND state = 'publicity';

-- A line that came back is still to be paid.
-- claim_settle_step(subsidy_claim_id id) exec
UPDATE subsidy_claim SET state = 'settled', version = version + 1
 WHERE id = $1 AND state = 'payable'
   AND NOT EXISTS (SELECT 1 FROM claim_line l WHERE l.claim_id = $1 AND l.state IN ('claimed', 'held', 'owed', 'bounced'));

-- line_step(claim_line_id id, enum claim_line_state was, enum claim_line_state next) rows
UPDATE claim_line SET state = $3 WHERE id = $1 AND state = $2;

-- lines_refuse(subsidy_claim_id claim) exec
UPDATE claim_line SET state = 'refused' WHERE claim_id = $1 AND state = 'claimed';

-- What became of one trainee's line, for the trainee's own record.
-- claim_line_of_enrolment(enrolment_id enrolment) one claim_line
SELECT id, claim_id, enrolment_id, person_id, amount_fen, rule, uplift, state FROM claim_line
 WHERE enrolment_id = $1 ORDER BY id DESC LIMIT 1;
