-- notice_insert(public_notice_id id, text title, text organisation, text region, text subject_kind, int subject_id, day from_day, day until_day, int line_count, fen total_fen) rows
INSERT INTO public_notice (id, title, organisation, region, subject_kind, subject_id, from_day, until_day, line_count, total_fen)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT DO NOTHING;

-- notice_line_insert(notice_line_id id, public_notice_id notice, int number, text shown_name, text shown_number, fen amount_fen, int subject_id) exec
INSERT INTO notice_line (id, notice_id, number, shown_name, shown_number, amount_fen, subject_id, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, 'shown');

-- notice_by_id(public_notice_id id) one public_notice(public_notice_id id, text title, text organisation, text region, text subject_kind, int subject_id, day from_day, day until_day, int line_count, fen total_fen)
SELECT id, title, organisation, region, subject_kind, subject_id, from_day, until_day, line_count, total_fen
  FROM public_notice WHERE id = $1;

-- Those that are on view, and those whose days are over and whose names are still shown.
-- notice_entries(day since, text region_prefix, enum notice_phase phase, day today, text wanted, text sort, int direction, int first, int most) each public_notice
SELECT id, title, organisation, region, subject_kind, subject_id, from_day, until_day, line_count, total_fen
  FROM public_notice
 WHERE until_day >= $1 AND region BETWEEN $2 AND $2 || '999999'
   AND ($3 IS NULL OR ($3 = 'running' AND until_day >= $4) OR ($3 = 'over' AND until_day < $4))
   AND ($5 IS NULL OR replace(title, $5, '') <> title OR replace(organisation, $5, '') <> organisation)
 ORDER BY $7 * CASE $6 WHEN 'from_day' THEN from_day WHEN 'until_day' THEN until_day WHEN 'line_count' THEN line_count
                      WHEN 'total_fen' THEN total_fen ELSE 0 END, until_day DESC, id DESC
 LIMIT $9 OFFSET $8;

-- notice_entry_count(day since, text region_prefix, enum notice_phase phase, day today, text wanted, int most) integer
SELECT COUNT(*) FROM (
    SELECT 1 FROM public_notice
     WHERE until_day >= $1 AND region BETWEEN $2 AND $2 || '999999'
       AND ($3 IS NULL OR ($3 = 'running' AND until_day >= $4) OR ($3 = 'over' AND until_day < $4))
       AND ($5 IS NULL OR replace(title, $5, '') <> title OR replace(organisation, $5, '') <> organisation)
     LIMIT $6) AS found;

-- notice_lines(public_notice_id notice) many notice_line(notice_line_id id, public_notice_id notice, int number, text shown_name, text shown_number, fen amount_fen, int subject_id, enum line_state state)
SELECT id, notice_id, number, shown_name, shown_number, amount_fen, subject_id, state
  FROM notice_line WHERE notice_id = $1 ORDER BY number;

-- notice_line_by_id(notice_line_id id) one notice_line
SELECT id, notice_id, number, shown_name, shown_number, amount_fen, subject_id, state FROM notice_line WHERE id = $1;

-- notice_line_object(notice_line_id id) exec
UPDATE notice_line SET state = 'objected' WHERE id = $1 AND state IN ('shown', 'cleared');

-- A line stays held until its last objection is settled.
-- notice_line_settle(notice_line_id id, enum line_state next) exec
UPDATE notice_line SET state = $2
 WHERE id = $1 AND state = 'objected'
   AND ($2 = 'upheld' OR NOT EXISTS (SELECT 1 FROM objection o WHERE o.line_id = $1 AND o.settled_at IS NULL));

-- objection_insert(objection_id id, notice_line_id line, text reason, sealed contact, instant filed_at) exec
INSERT INTO objection (id, line_id, reason, contact, filed_at) VALUES ($1, $2, $3, $4, $5);

-- objection_settle_step(objection_id id, text answer, account_id settled_by, instant settled_at) rows
UPDATE objection SET answer = $2, settled_by = $3, settled_at = $4 WHERE id = $1 AND settled_at IS NULL;

-- objection_by_id(objection_id id) one objection(objection_id id, notice_line_id line, text reason, sealed contact, instant filed_at, text answer, instant settled_at)
SELECT id, line_id, reason, contact, filed_at, answer, settled_at FROM objection WHERE id = $1;

-- objection_of_line(notice_line_id line) integer
SELECT MAX(id) FROM objection WHERE line_id = $1;

-- objections_open(text region_prefix, int most) many open_objection(objection_id id, text reason, sealed contact, instant filed_at, text title, int number, text shown_name, public_notice_id notice)
SELECT o.id, o.reason, o.contact, o.filed_at, n.title, l.number, l.shown_name, n.id
  FROM objection o JOIN notice_line l ON l.id = o.line_id JOIN public_notice n ON n.id = l.notice_id
 WHERE o.settled_at IS NULL AND substr(n.region, 1, length($1)) = $1
 ORDER BY o.id LIMIT $2;

-- objection_count_open(text region_prefix) integer
SELECT COUNT(*) FROM objection o JOIN notice_line l ON l.id = o.line_id JOIN public_notice n ON n.id = l.notice_id
 WHERE o.settled_at IS NULL AND substr(n.region, 1, length($1)) = $1;
