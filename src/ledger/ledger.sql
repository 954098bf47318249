-- fact_insert(fact_id id, text kind, person_id person, organisation_id organisation, text region, int item, text programme, text occupation, enum skill_level level, text tags, day held_on, int quantity, fen amount_fen, text clause, text subject_kind, int subject_id, account_id recorded_by, instant recorded_at, fact_id reverses, text detail) exec
INSERT INTO fact (id, kind, person_id, organisation_id, region, item, programme, occupation, level, tags, held_on, quantity,
                  amount_fen, clause, subject_kind, subject_id, recorded_by, recorded_at, reverses, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20);

-- fact_unfolded_insert(fact_id fact) exec
INSERT INTO fact_unfolded (fact_id) VALUES ($1);

-- fact_by_id(fact_id id) one fact(fact_id id, text kind, person_id person, organisation_id organisation, text region, int item, text programme, text occupation, enum skill_level level, text tags, day held_on, int quantity, fen amount_fen, text clause, text subject_kind, int subject_id, account_id recorded_by, instant recorded_at, fact_id reverses, text detail)
SELECT id, kind, person_id, organisation_id, region, item, programme, occupation, level, tags, held_on, quantity,
       amount_fen, clause, subject_kind, subject_id, recorded_by, recorded_at, reverses, detail
  FROM fact WHERE id = $1;

-- fact_is_reversed(fact_id id) integer
SELECT COUNT(*) FROM fact WHERE reverses = $1;

-- facts_of_person(person_id person, int most) many fact
SELECT id, kind, person_id, organisation_id, region, item, programme, occupation, level, tags, held_on, quantity,
       amount_fen, clause, subject_kind, subject_id, recorded_by, recorded_at, reverses, detail
  FROM fact WHERE person_id = $1 ORDER BY id DESC LIMIT $2;

-- Of one kind and not reversed: what a metric that counts people looks at.
-- facts_standing(person_id person, text kind) many fact
SELECT id, kind, person_id, organisation_id, region, item, programme, occupation, level, tags, held_on, quantity,
       amount_fen, clause, subject_kind, subject_id, recorded_by, recorded_at, reverses, detail
  FROM fact f
 WHERE person_id = $1 AND kind = $2 AND reverses IS NULL
   AND NOT EXISTS (SELECT 1 FROM fact r WHERE r.reverses = f.id)
 ORDER BY id;

-- facts_unfolded(int most) many fact
SELECT f.id, f.kind, f.person_id, f.organisation_id, f.region, f.item, f.programme, f.occupation, f.level, f.tags,
       f.held_on, f.quantity, f.amount_fen, f.clause, f.subject_kind, f.subject_id, f.recorded_by, f.recorded_at,
       f.reverses, f.detail
  FROM fact_unfolded u JOIN fact f ON f.id = u.fact_id
 ORDER BY f.id LIMIT $1;

-- fact_unfolded_delete(fact_id fact) exec
DELETE FROM fact_unfolded WHERE fact_id = $1;

-- counter_add(text metric, text region, int month, int n, fen amount_fen) exec
INSERT INTO counter (metric, region, month, n, amount_fen) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (metric, region, month)
DO UPDATE SET n = counter.n + excluded.n, amount_fen = counter.amount_fen + excluded.amount_fen;

-- counted_person(person_id person, text metric) one counted_row(text region, int month)
SELECT region, month FROM counted_person WHERE person_id = $1 AND metric = $2;

-- counted_person_set(person_id person, text metric, text region, int month) exec
INSERT INTO counted_person (person_id, metric, region, month) VALUES ($1, $2, $3, $4)
ON CONFLICT (person_id, metric) DO UPDATE SET region = excluded.region, month = excluded.month;

-- counted_person_delete(person_id person, text metric) exec
DELETE FROM counted_person WHERE person_id = $1 AND metric = $2;

-- What a metric has reached within a region's subtree, up to a month.
-- counter_sum(text metric, text region_prefix, int first_month, int last_month) one ledger_count(int n, fen amount_fen)
SELECT CAST(COALESCE(SUM(n), 0) AS INTEGER), CAST(COALESCE(SUM(amount_fen), 0) AS INTEGER) FROM counter
 WHERE metric = $1 AND substr(region, 1, length($2)) = $2 AND month BETWEEN $3 AND $4;

-- By prefecture (4 digits) or county (6). SMALLINT, because PostgreSQL's substr takes no 64-bit length.
-- counter_by_region(text metric, text region_prefix, int digits) many region_count(text region, int n)
SELECT substr(region, 1, CAST($3 AS SMALLINT)), CAST(SUM(n) AS INTEGER) FROM counter
 WHERE metric = $1 AND substr(region, 1, length($2)) = $2
 GROUP BY substr(region, 1, CAST($3 AS SMALLINT)) ORDER BY 1;

-- counter_by_month(text metric, text region_prefix) many month_count(int month, int n)
SELECT month, CAST(SUM(n) AS INTEGER) FROM counter
 WHERE metric = $1 AND substr(region, 1, length($2)) = $2
 GROUP BY month ORDER BY month;

-- counters() each counter_row(text metric, text region, int month, int n, fen amount_fen)
SELECT metric, region, month, n, amount_fen FROM counter WHERE n <> 0 OR amount_fen <> 0
 ORDER BY metric, region, month;

-- The facts behind a number, newest first, from before the fact `before` on. The three tags must all be there.
-- facts_behind(text kind, text region_prefix, int item, text programme, text occupation, text tag1, text tag2, text tag3, day first, day last, fact_id before, int most) each fact
SELECT id, kind, person_id, organisation_id, region, item, programme, occupation, level, tags, held_on, quantity,
       amount_fen, clause, subject_kind, subject_id, recorded_by, recorded_at, reverses, detail
  FROM fact
 WHERE kind = $1 AND substr(region, 1, length($2)) = $2
   AND ($3 IS NULL OR item = $3) AND ($4 IS NULL OR programme = $4) AND ($5 IS NULL OR occupation = $5)
   AND ($6 IS NULL OR tags LIKE '%|' || $6 || '|%')
   AND ($7 IS NULL OR tags LIKE '%|' || $7 || '|%')
   AND ($8 IS NULL OR tags LIKE '%|' || $8 || '|%')
   AND held_on BETWEEN $9 AND $10
   AND ($11 IS NULL OR id < $11)
 ORDER BY id DESC LIMIT $12;

-- trace_insert(trace_id id, text subject_kind, int subject_id, text action, text note, account_id actor, text actor_name, instant done_at) exec
INSERT INTO trace (id, subject_kind, subject_id, action, note, actor_id, actor_name, done_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8);

-- traces_of(text subject_kind, int subject_id) many trace_entry(trace_id id, text action, text note, account_id actor, text actor_name, instant done_at)
SELECT id, action, note, actor_id, actor_name, done_at FROM trace
 WHERE subject_kind = $1 AND subject_id = $2 ORDER BY id;

-- Recounting, from the facts alone and by set arithmetic: it shares nothing with the folding above.
-- recount_quantities(text kind, int item, text programme, text occupation, text tag1, text tag2, text tag3, int level_least, day first, day last) each recount_row(text region, day held_on, int n, fen amount_fen)
SELECT region, held_on, CAST(SUM(quantity) AS INTEGER), CAST(SUM(amount_fen) AS INTEGER)
  FROM fact
 WHERE kind = $1 AND held_on BETWEEN $9 AND $10
   AND COALESCE($2, item, -1) = COALESCE(item, -1) AND COALESCE($3, COALESCE(programme, '')) = COALESCE(programme, '')
   AND COALESCE($4, COALESCE(occupation, '')) = COALESCE(occupation, '')
   AND tags LIKE '%' || COALESCE('|' || $5 || '|', '') || '%'
   AND tags LIKE '%' || COALESCE('|' || $6 || '|', '') || '%'
   AND tags LIKE '%' || COALESCE('|' || $7 || '|', '') || '%'
   AND CASE level WHEN 'apprentice' THEN 1 WHEN 'junior' THEN 2 WHEN 'intermediate' THEN 3 WHEN 'senior' THEN 4
                  WHEN 'technician' THEN 5 WHEN 'senior_technician' THEN 6 WHEN 'special_technician' THEN 7
                  WHEN 'chief_technician' THEN 8 ELSE 0 END >= $8
 GROUP BY region, held_on;

-- recount_people(text kind, int item, text programme, text occupation, text tag1, text tag2, text tag3, int level_least, day first, day last) each recount_row
SELECT region, held_on, COUNT(*), 0
  FROM (SELECT region, held_on, ROW_NUMBER() OVER (PARTITION BY person_id ORDER BY id) AS place
          FROM fact f
         WHERE kind = $1 AND held_on BETWEEN $9 AND $10 AND person_id IS NOT NULL
           AND reverses IS NULL AND NOT EXISTS (SELECT 1 FROM fact r WHERE r.reverses = f.id)
           AND COALESCE($2, item, -1) = COALESCE(item, -1) AND COALESCE($3, COALESCE(programme, '')) = COALESCE(programme, '')
           AND COALESCE($4, COALESCE(occupation, '')) = COALESCE(occupation, '')
           AND tags LIKE '%' || COALESCE('|' || $5 || '|', '') || '%'
           AND tags LIKE '%' || COALESCE('|' || $6 || '|', '') || '%'
           AND tags LIKE '%' || COALESCE('|' || $7 || '|', '') || '%'
           AND CASE level WHEN 'apprentice' THEN 1 WHEN 'junior' THEN 2 WHEN 'intermediate' THEN 3 WHEN 'senior' THEN 4
                          WHEN 'technician' THEN 5 WHEN 'senior_technician' THEN 6 WHEN 'special_technician' THEN 7
                          WHEN 'chief_technician' THEN 8 ELSE 0 END >= $8) AS standing
 WHERE place = 1
 GROUP BY region, held_on;
