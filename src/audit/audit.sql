-- audit_insert(audit_entry_id id, instant noted_at, account_id account, enum role role, organisation_id organisation, text region, bool is_program, text address, text route, enum audit_action action, text subject_kind, int subject, int person_count, int status, text outcome, text reason, text note, int row_count, text filter, text request) exec
INSERT INTO audit_entry (id, noted_at, account_id, role, organisation_id, region, is_program, address, route, action, subject_kind,
                         subject_id, person_count, status, outcome, reason, note, row_count, filter, request)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20);

-- audit_person_insert(person_id person, audit_entry_id entry) exec
INSERT INTO audit_person (person_id, entry_id) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- audit_entry_by_id(audit_entry_id id) one audit_entry(audit_entry_id id, instant noted_at, account_id account, text login, enum role role, organisation_id organisation, text organisation_name, text region, bool is_program, text address, text route, enum audit_action action, text subject_kind, int subject, int person_count, int status, text outcome, text reason, text note, int row_count, text filter, text request)
SELECT e.id, e.noted_at, e.account_id, a.login, e.role, e.organisation_id, o.name, e.region, e.is_program, e.address, e.route,
       e.action, e.subject_kind, e.subject_id, e.person_count, e.status, e.outcome, e.reason, e.note, e.row_count, e.filter,
       e.request
  FROM audit_entry e LEFT JOIN account a ON a.id = e.account_id LEFT JOIN organisation o ON o.id = e.organisation_id
 WHERE e.id = $1;

-- audit_people_of(audit_entry_id entry, int most) many audited_person(person_id person)
SELECT person_id FROM audit_person WHERE entry_id = $1 ORDER BY person_id LIMIT $2;

-- The newest first, below the id `after`. What visitors did has no region; it stands where `nowhere` says.
-- audit_entries(instant since, instant until, enum audit_action action, enum role role, text login, text address, text route, audit_entry_id after, int most, text region_prefix, text nowhere) each audit_entry
SELECT e.id, e.noted_at, e.account_id, a.login, e.role, e.organisation_id, o.name, e.region, e.is_program, e.address, e.route,
       e.action, e.subject_kind, e.subject_id, e.person_count, e.status, e.outcome, e.reason, e.note, e.row_count, e.filter,
       e.request
  FROM audit_entry e LEFT JOIN account a ON a.id = e.account_id LEFT JOIN organisation o ON o.id = e.organisation_id
 WHERE ($1 IS NULL OR e.noted_at >= $1) AND ($2 IS NULL OR e.noted_at < $2) AND ($3 IS NULL OR e.action = $3)
   AND ($4 IS NULL OR e.role = $4) AND ($5 IS NULL OR a.login = $5) AND ($6 IS NULL OR e.address = $6)
   AND ($7 IS NULL OR replace(e.route, $7, '') <> e.route) AND ($8 IS NULL OR e.id < $8)
   AND substr(COALESCE(e.region, $11), 1, length($10)) = $10
 ORDER BY e.id DESC LIMIT $9;

-- audit_entry_count(instant since, instant until, enum audit_action action, enum role role, text login, text address, text route, int most, text region_prefix, text nowhere) integer
SELECT COUNT(*) FROM (
    SELECT 1 FROM audit_entry e LEFT JOIN account a ON a.id = e.account_id
     WHERE ($1 IS NULL OR e.noted_at >= $1) AND ($2 IS NULL OR e.noted_at < $2) AND ($3 IS NULL OR e.action = $3)
       AND ($4 IS NULL OR e.role = $4) AND ($5 IS NULL OR a.login = $5) AND ($6 IS NULL OR e.address = $6)
       AND ($7 IS NULL OR replace(e.route, $7, '') <> e.route)
       AND substr(COALESCE(e.region, $10), 1, length($9)) = $9
     LIMIT $8) AS found;

-- The same about one person, by the index that leads with the person.
-- audit_entries_about(person_id person, instant since, instant until, enum audit_action action, enum role role, text login, text address, text route, audit_entry_id after, int most, text region_prefix, text nowhere) each audit_entry
SELECT e.id, e.noted_at, e.account_id, a.login, e.role, e.organisation_id, o.name, e.region, e.is_program, e.address, e.route,
       e.action, e.subject_kind, e.subject_id, e.person_count, e.status, e.outcome, e.reason, e.note, e.row_count, e.filter,
       e.request
  FROM audit_person s JOIN audit_entry e ON e.id = s.entry_id
  LEFT JOIN account a ON a.id = e.account_id LEFT JOIN organisation o ON o.id = e.organisation_id
 WHERE s.person_id = $1 AND ($2 IS NULL OR e.noted_at >= $2) AND ($3 IS NULL OR e.noted_at < $3)
   AND ($4 IS NULL OR e.action = $4) AND ($5 IS NULL OR e.role = $5) AND ($6 IS NULL OR a.login = $6)
   AND ($7 IS NULL OR e.address = $7) AND ($8 IS NULL OR replace(e.route, $8, '') <> e.route)
   AND ($9 IS NULL OR s.entry_id < $9)
   AND substr(COALESCE(e.region, $12), 1, length($11)) = $11
 ORDER BY s.entry_id DESC LIMIT $10;

-- audit_entry_count_about(person_id person, instant since, instant until, enum audit_action action, enum role role, text login, text address, text route, int most, text region_prefix, text nowhere) integer
SELECT COUNT(*) FROM (
    SELECT 1 FROM audit_person s JOIN audit_entry e ON e.id = s.entry_id LEFT JOIN account a ON a.id = e.account_id
     WHERE s.person_id = $1 AND ($2 IS NULL OR e.noted_at >= $2) AND ($3 IS NULL OR e.noted_at < $3)
       AND ($4 IS NULL OR e.action = $4) AND ($5 IS NULL OR e.role = $5) AND ($6 IS NULL OR a.login = $6)
       AND ($7 IS NULL OR e.address = $7) AND ($8 IS NULL OR replace(e.route, $8, '') <> e.route)
       AND substr(COALESCE(e.region, $11), 1, length($10)) = $10
     LIMIT $9) AS found;

-- What others saw of one person and did with it, together by day, office and reason; the newest day first.
-- disclosures_of(person_id person, instant since, int most) many disclosure(day on, text organisation_name, enum role role, enum audit_action action, text reason, text note, int n)
SELECT CAST((e.noted_at + 28800000) / 86400000 AS INTEGER), o.name, e.role, e.action, e.reason, e.note, COUNT(*)
  FROM audit_person s JOIN audit_entry e ON e.id = s.entry_id LEFT JOIN organisation o ON o.id = e.organisation_id
 WHERE s.person_id = $1 AND ($2 IS NULL OR e.noted_at >= $2)
 GROUP BY 1, 2, 3, 4, 5, 6
 ORDER BY 1 DESC, 2, 3, 4, 5, 6 LIMIT $3;

-- What is past its time, by how long its kind is kept (enum audit_kept of the face).
-- audit_past(int kind, instant before) integer
SELECT COUNT(*) FROM audit_entry
 WHERE noted_at < $2 AND CASE WHEN action IN ('signed_in', 'sign_in_begun', 'sign_in_failed', 'refused') THEN 1 WHEN action = 'changed' THEN 3 ELSE 2 END = $1;

-- audit_newest() integer
SELECT COALESCE(MAX(noted_at), 0) FROM audit_entry;

-- The people first, then their entries: the same ones, by the same order.
-- audit_people_expired(int kind, instant before, int most) rows
DELETE FROM audit_person WHERE entry_id IN (
    SELECT id FROM audit_entry
     WHERE noted_at < $2 AND CASE WHEN action IN ('signed_in', 'sign_in_begun', 'sign_in_failed', 'refused') THEN 1 WHEN action = 'changed' THEN 3 ELSE 2 END = $1
     ORDER BY noted_at, id LIMIT $3);

-- audit_entries_expired(int kind, instant before, int most) rows
DELETE FROM audit_entry WHERE id IN (
    SELECT id FROM audit_entry
     WHERE noted_at < $2 AND CASE WHEN action IN ('signed_in', 'sign_in_begun', 'sign_in_failed', 'refused') THEN 1 WHEN action = 'changed' THEN 3 ELSE 2 END = $1
     ORDER BY noted_at, id LIMIT $3);

-- audit_of_account(account_id account, int most) many own_deed(instant noted_at, enum audit_action action, text address, text route)
SELECT noted_at, action, address, route FROM audit_entry WHERE account_id = $1 ORDER BY id DESC LIMIT $2;
