-- person_insert(person_id id, enum document_kind document_kind, text identity_no, text name, text sex, day born_on, text phone, text region, text bank_account, text bank_name, text tags, instant created_at) rows
INSERT INTO person (id, document_kind, identity_no, name, sex, born_on, phone, region, bank_account, bank_name, tags,
                    created_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)
ON CONFLICT DO NOTHING;

-- person_by_id(person_id id) one person(person_id id, enum document_kind document_kind, text identity_no, text name, text sex, day born_on, text phone, text region, text bank_account, text bank_name, text tags, int version)
SELECT id, document_kind, identity_no, name, sex, born_on, phone, region, bank_account, bank_name, tags, version
  FROM person WHERE id = $1;

-- person_by_number(text identity_no) one person
SELECT id, document_kind, identity_no, name, sex, born_on, phone, region, bank_account, bank_name, tags, version
  FROM person WHERE identity_no = $1;

-- What a later roster tells anew; what it leaves empty stays.
-- person_refresh(person_id id, text phone, text region, text bank_account, text bank_name, text tags) exec
UPDATE person SET phone = COALESCE($2, phone), region = COALESCE($3, region), bank_account = COALESCE($4, bank_account),
                  bank_name = COALESCE($5, bank_name), tags = $6, version = version + 1
 WHERE id = $1;

-- Other people who are paid into the same account.
-- people_of_bank_account(text bank_account, person_id person) integer
SELECT COUNT(*) FROM person WHERE bank_account = $1 AND id <> $2;

-- person_count() integer
SELECT COUNT(*) FROM person;

-- organisation_insert(organisation_id id, text credit_code, bool is_code_doubted, text name, enum organisation_kind kind, text region, text bank_account, text bank_name, instant created_at) rows
INSERT INTO organisation (id, credit_code, is_code_doubted, name, kind, region, bank_account, bank_name, state, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active', $9)
ON CONFLICT DO NOTHING;

-- organisation_by_id(organisation_id id) one organisation(organisation_id id, text credit_code, bool is_code_doubted, text name, enum organisation_kind kind, text region, text bank_account, text bank_name, enum organisation_state state)
SELECT id, credit_code, is_code_doubted, name, kind, region, bank_account, bank_name, state
  FROM organisation WHERE id = $1;

-- organisation_suspend(organisation_id id) rows
UPDATE organisation SET state = 'suspended' WHERE id = $1 AND state = 'active';

-- organisation_scope_insert(organisation_id organisation, text programme) exec
INSERT INTO organisation_scope (organisation_id, programme) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- organisation_scope_has(organisation_id organisation, text programme) integer
SELECT COUNT(*) FROM organisation_scope WHERE organisation_id = $1 AND programme = $2;

-- account_insert(account_id id, text login, text password_hash, text name, person_id person, instant created_at) rows
INSERT INTO account (id, login, password_hash, name, person_id, failures, created_at)
VALUES ($1, $2, $3, $4, $5, 0, $6)
ON CONFLICT DO NOTHING;

-- account_by_login(text login) one account(account_id id, text login, text password_hash, text name, person_id person, int failures, instant failed_at)
SELECT id, login, password_hash, name, person_id, failures, failed_at FROM account WHERE login = $1;

-- account_fail(account_id id, instant failed_at, instant since) exec
UPDATE account SET failures = CASE WHEN failed_at IS NULL OR failed_at < $3 THEN 1 ELSE failures + 1 END, failed_at = $2
 WHERE id = $1;

-- account_forgive(account_id id) exec
UPDATE account SET failures = 0, failed_at = NULL WHERE id = $1 AND failures > 0;

-- address_fail(text address, instant failed_at, instant since) exec
INSERT INTO sign_in_failure (address, failures, failed_at) VALUES ($1, 1, $2)
ON CONFLICT (address) DO UPDATE
   SET failures = CASE WHEN sign_in_failure.failed_at < $3 THEN 1 ELSE sign_in_failure.failures + 1 END,
       failed_at = excluded.failed_at;

-- address_failures(text address, instant since) integer
SELECT COALESCE(MAX(failures), 0) FROM sign_in_failure WHERE address = $1 AND failed_at >= $2;

-- post_insert(post_id id, account_id account, enum role role, organisation_id organisation, text region) rows
INSERT INTO post (id, account_id, role, organisation_id, region) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING;

-- posts_of(account_id account) many post(post_id id, enum role role, organisation_id organisation, text organisation_name, text region)
SELECT p.id, p.role, p.organisation_id, o.name, p.region
  FROM post p LEFT JOIN organisation o ON o.id = p.organisation_id
 WHERE p.account_id = $1 ORDER BY p.id;

-- sign_in_insert(text token_hash, account_id account, post_id post, instant began_at, instant ends_at) exec
INSERT INTO sign_in (token_hash, account_id, post_id, began_at, ends_at) VALUES ($1, $2, $3, $4, $5);

-- sign_in_delete(text token_hash) exec
DELETE FROM sign_in WHERE token_hash = $1;

-- sign_in_post(text token_hash, post_id post, account_id account) rows
UPDATE sign_in SET post_id = $2
 WHERE token_hash = $1 AND EXISTS (SELECT 1 FROM post WHERE id = $2 AND account_id = $3);

-- actor_by_token(text token_hash, instant now) one actor(account_id account, person_id person, post_id post, enum role role, organisation_id organisation, text organisation_name, text region, text name)
SELECT a.id, a.person_id, p.id, p.role, p.organisation_id, o.name, p.region, a.name
  FROM sign_in s
  JOIN account a ON a.id = s.account_id
  JOIN post p ON p.id = s.post_id
  LEFT JOIN organisation o ON o.id = p.organisation_id
 WHERE s.token_hash = $1 AND s.ends_at > $2;
