-- payment_insert(payment_id id, text subject_kind, int subject_id, text region, text payee, sealed account, text bank_name, text purpose, fen amount_fen) rows
INSERT INTO payment (id, subject_kind, subject_id, region, payee, account, bank_name, purpose, amount_fen, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'payable')
ON CONFLICT DO NOTHING;

-- payable_sum(text region_prefix) one payable_sum(int n, fen amount_fen)
SELECT COUNT(*), CAST(COALESCE(SUM(amount_fen), 0) AS INTEGER) FROM payment
 WHERE state = 'payable' AND substr(region, 1, length($1)) = $1;

-- batch_insert(payment_batch_id id, text region, int payment_count, fen total_fen, account_id made_by, instant made_at) exec
INSERT INTO payment_batch (id, region, state, payment_count, total_fen, made_by, made_at)
VALUES ($1, $2, 'made', $3, $4, $5, $6);

-- batch_count_waiting(text region_prefix, account_id approver) integer
SELECT COUNT(*) FROM payment_batch
 WHERE region BETWEEN $1 AND $1 || '999999' AND state = 'made' AND made_by <> $2;

-- payments_take(payment_batch_id batch, text region_prefix) rows
UPDATE payment SET state = 'batched', batch_id = $1
 WHERE state = 'payable' AND substr(region, 1, length($2)) = $2;

-- Money needs two people: the maker cannot approve.
-- batch_approve_step(payment_batch_id id, account_id approver, instant at) rows
UPDATE payment_batch SET state = 'approved', approved_by = $2, approved_at = $3
 WHERE id = $1 AND state = 'made' AND made_by <> $2;

-- batch_close_step(payment_batch_id id) exec
UPDATE payment_batch SET state = 'closed'
 WHERE id = $1 AND state = 'approved'
   AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.batch_id = $1 AND p.state = 'batched');

-- batch_by_id(payment_batch_id id) one payment_batch(payment_batch_id id, text region, enum batch_state state, int payment_count, fen total_fen, account_id made_by, instant made_at, account_id approved_by, instant approved_at)
SELECT id, region, state, payment_count, total_fen, made_by, made_at, approved_by, approved_at
  FROM payment_batch WHERE id = $1;

-- batches_in_region(text region_prefix, int most) many payment_batch
SELECT id, region, state, payment_count, total_fen, made_by, made_at, approved_by, approved_at
  FROM payment_batch WHERE substr(region, 1, length($1)) = $1 ORDER BY id DESC LIMIT $2;

-- payments_of(payment_batch_id batch) many payment(payment_id id, text subject_kind, int subject_id, text region, text payee, sealed account, text bank_name, text purpose, fen amount_fen, enum payment_state state, payment_batch_id batch, text bank_note, instant settled_at)
SELECT id, subject_kind, subject_id, region, payee, account, bank_name, purpose, amount_fen, state, batch_id, bank_note, settled_at
  FROM payment WHERE batch_id = $1 ORDER BY id;

-- The same as a list that is narrowed, put in order and paged.
-- payment_lines(payment_batch_id batch, enum payment_state state, text wanted, text sort, int direction, int first, int most) each payment
SELECT id, subject_kind, subject_id, region, payee, account, bank_name, purpose, amount_fen, state, batch_id, bank_note, settled_at
  FROM payment
 WHERE batch_id = $1 AND ($2 IS NULL OR state = $2)
   AND ($3 IS NULL OR replace(payee, $3, '') <> payee OR replace(purpose, $3, '') <> purpose)
 ORDER BY $5 * CASE $4 WHEN 'amount_fen' THEN amount_fen WHEN 'settled_on' THEN COALESCE(settled_at, 0) ELSE 0 END, id
 LIMIT $7 OFFSET $6;

-- payment_line_count(payment_batch_id batch, enum payment_state state, text wanted, int most) integer
SELECT COUNT(*) FROM (
    SELECT 1 FROM payment
     WHERE batch_id = $1 AND ($2 IS NULL OR state = $2)
       AND ($3 IS NULL OR replace(payee, $3, '') <> payee OR replace(purpose, $3, '') <> purpose)
     LIMIT $4) AS found;

-- payment_by_id(payment_id id) one payment
SELECT id, subject_kind, subject_id, region, payee, account, bank_name, purpose, amount_fen, state, batch_id, bank_note, settled_at
  FROM payment WHERE id = $1;

-- The last one: those before it came back from the bank.
-- payment_of_subject(text subject_kind, int subject_id) one payment
SELECT id, subject_kind, subject_id, region, payee, account, bank_name, purpose, amount_fen, state, batch_id, bank_note, settled_at
  FROM payment WHERE subject_kind = $1 AND subject_id = $2 ORDER BY id DESC LIMIT 1;

-- Reading the bank's file twice changes nothing the second time.
-- payment_settle(payment_id id, enum payment_state next, text bank_note, instant settled_at) rows
UPDATE payment SET state = $2, bank_note = $3, settled_at = $4 WHERE id = $1 AND state = 'batched';
