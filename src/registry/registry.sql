-- person_insert(person_id id, sealed identity_key, blind identity_key_index, enum document_kind document_kind, sealed identity_no, text name, text sex, day born_on, text ethnic_group, text education, sealed phone, text region, sealed bank_account, blind bank_account_index, text bank_name, text tags, instant created_at) rows
INSERT INTO person (id, identity_key, identity_key_index, document_kind, identity_no, name, sex, born_on, ethnic_group, education,
                    phone, region, bank_account, bank_account_index, bank_name, tags, created_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, 1)
ON CONFLICT DO NOTHING;

-- person_by_id(person_id id) one person(person_id id, enum document_kind document_kind, sealed identity_no, text name, text sex, day born_on, text ethnic_group, text education, sealed phone, text region, sealed bank_account, text bank_name, text tags, int version)
SELECT id, document_kind, identity_no, name, sex, born_on, ethnic_group, education, phone, region, bank_account, bank_name,
       tags, version
  FROM person WHERE id = $1;

-- person_by_key(blind identity_key_index) one person
SELECT id, document_kind, identity_no, name, sex, born_on, ethnic_group, education, phone, region, bank_account, bank_name,
       tags, version
  FROM person WHERE identity_key_index = $1;

-- The registered ones among many keys, whose blind indexes stand in one text, each in a slot of 32 characters: a roster of 100,000 rows
-- is looked up in some thousand round trips.
-- people_by_keys(text slots, int count) many person_in_slot(int slot, person_id id, text name, text sex, day born_on, text tags)
WITH RECURSIVE slot (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM slot WHERE n + 1 < $2)
SELECT slot.n, p.id, p.name, p.sex, p.born_on, p.tags
  FROM slot JOIN person p ON p.identity_key_index = substr($1, slot.n * 32 + 1, 32);

-- By the first two characters, which are indexed, and then by all that were given, in any spelling of the name; the newest first.
-- people_of_name(text head, text beginning, text region_prefix, int most) many person
SELECT id, document_kind, identity_no, name, sex, born_on, ethnic_group, education, phone, region, bank_account, bank_name,
       tags, version
  FROM person
 WHERE id IN (SELECT id FROM person WHERE substr(name, 1, 2) = $1 AND substr(name, 1, length($2)) = $2
               UNION SELECT person_id FROM person_name WHERE substr(name, 1, 2) = $1 AND substr(name, 1, length($2)) = $2)
   AND substr(region, 1, length($3)) = $3
 ORDER BY id DESC LIMIT $4;

-- The list of people: the newest first, each page behind the last one of the page before.
-- people_in_region(text region_prefix, enum document_kind kind, person_id after, int most) each person
SELECT id, document_kind, identity_no, name, sex, born_on, ethnic_group, education, phone, region, bank_account, bank_name,
       tags, version
  FROM person
 WHERE region BETWEEN $1 AND $1 || '999999999999' AND ($2 IS NULL OR document_kind = $2) AND ($3 IS NULL OR id < $3)
 ORDER BY id DESC LIMIT $4;

-- people_in_region_count(text region_prefix, enum document_kind kind, int most) integer
SELECT COUNT(*) FROM (
    SELECT 1 FROM person
     WHERE region BETWEEN $1 AND $1 || '999999999999' AND ($2 IS NULL OR document_kind = $2)
     LIMIT $3) AS found;

-- people_named(text head, text beginning, text region_prefix, enum document_kind kind, person_id after, int most) each person
SELECT id, document_kind, identity_no, name, sex, born_on, ethnic_group, education, phone, region, bank_account, bank_name,
       tags, version
  FROM person
 WHERE id IN (SELECT id FROM person WHERE substr(name, 1, 2) = $1 AND substr(name, 1, length($2)) = $2
               UNION SELECT person_id FROM person_name WHERE substr(name, 1, 2) = $1 AND substr(name, 1, length($2)) = $2)
   AND region BETWEEN $3 AND $3 || '999999999999' AND ($4 IS NULL OR document_kind = $4) AND ($5 IS NULL OR id < $5)
 ORDER BY id DESC LIMIT $6;

-- people_named_count(text head, text beginning, text region_prefix, enum document_kind kind, int most) integer
SELECT COUNT(*) FROM (
    SELECT 1 FROM person
     WHERE id IN (SELECT id FROM person WHERE substr(name, 1, 2) = $1 AND substr(name, 1, length($2)) = $2
                   UNION SELECT person_id FROM person_name WHERE substr(name, 1, 2) = $1 AND substr(name, 1, length($2)) = $2)
       AND region BETWEEN $3 AND $3 || '999999999999' AND ($4 IS NULL OR document_kind = $4)
     LIMIT $5) AS found;

-- What is told anew; what is not told stays.
-- person_refresh(person_id id, text ethnic_group, text education, sealed phone, text region, sealed bank_account, blind bank_account_index, text bank_name, text tags) exec
UPDATE person SET ethnic_group = COALESCE($2, ethnic_group), education = COALESCE($3, education), phone = COALESCE($4, phone),
                  region = COALESCE($5, region), bank_account = COALESCE($6, bank_account),
                  bank_account_index = COALESCE($7, bank_account_index), bank_name = COALESCE($8, bank_name), tags = $9,
                  version = version + 1
 WHERE id = $1;

-- The guard is the version: who looked at an older page changes nothing.
-- person_amend_step(person_id id, int version, text ethnic_group, text education, sealed phone, text region, sealed bank_account, blind bank_account_index, text bank_name) rows
UPDATE person SET ethnic_group = COALESCE($3, ethnic_group), education = COALESCE($4, education), phone = COALESCE($5, phone),
                  region = COALESCE($6, region), bank_account = COALESCE($7, bank_account),
                  bank_account_index = COALESCE($8, bank_account_index), bank_name = COALESCE($9, bank_name),
                  version = version + 1
 WHERE id = $1 AND version = $2;

-- The card of 15 digits was replaced: the person, and the key, stay the same.
-- person_new_card(person_id id, sealed identity_no) exec
UPDATE person SET document_kind = 'resident_identity', identity_no = $2, version = version + 1
 WHERE id = $1 AND document_kind = 'resident_identity_15';

-- Other people who are paid into the same account.
-- people_of_bank_account(blind bank_account_index, person_id person) integer
SELECT COUNT(*) FROM person WHERE bank_account_index = $1 AND id <> $2;

-- organisation_insert(organisation_id id, text credit_code, bool is_code_doubted, text name, enum organisation_kind kind, text region, sealed bank_account, text bank_name, text evaluator_code, instant created_at) rows
INSERT INTO organisation (id, credit_code, is_code_doubted, name, kind, region, bank_account, bank_name, evaluator_code, state,
                          created_at, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'active', $10, 1)
ON CONFLICT DO NOTHING;

-- organisation_by_id(organisation_id id) one organisation(organisation_id id, text credit_code, bool is_code_doubted, text name, enum organisation_kind kind, text region, sealed bank_account, text bank_name, text evaluator_code, enum organisation_state state, int version)
SELECT id, credit_code, is_code_doubted, name, kind, region, bank_account, bank_name, evaluator_code, state, version
  FROM organisation WHERE id = $1;

-- organisation_by_code(text credit_code) one organisation
SELECT id, credit_code, is_code_doubted, name, kind, region, bank_account, bank_name, evaluator_code, state, version
  FROM organisation WHERE credit_code = $1;

-- organisations_in_region(text region_prefix, enum organisation_kind kind, enum organisation_state state, text wanted, int first, int most) each organisation
SELECT id, credit_code, is_code_doubted, name, kind, region, bank_account, bank_name, evaluator_code, state, version
  FROM organisation
 WHERE substr(region, 1, length($1)) = $1 AND ($2 IS NULL OR kind = $2) AND ($3 IS NULL OR state = $3)
   AND ($4 IS NULL OR credit_code = $4 OR replace(name, $4, '') <> name)
 ORDER BY region, id LIMIT $6 OFFSET $5;

-- organisations_in_region_count(text region_prefix, enum organisation_kind kind, enum organisation_state state, text wanted, int most) integer
SELECT COUNT(*) FROM (
    SELECT 1 FROM organisation
     WHERE substr(region, 1, length($1)) = $1 AND ($2 IS NULL OR kind = $2) AND ($3 IS NULL OR state = $3)
       AND ($4 IS NULL OR credit_code = $4 OR replace(name, $4, '') <> name)
     LIMIT $5) AS found;

-- organisation_amend_step(organisation_id id, int version, text name, enum organisation_kind kind, text region, sealed bank_account, text bank_name, text evaluator_code) rows
UPDATE organisation SET name = $3, kind = $4, region = $5, bank_account = COALESCE($6, bank_account),
                        bank_name = COALESCE($7, bank_name), evaluator_code = COALESCE($8, evaluator_code),
                        version = version + 1
 WHERE id = $1 AND version = $2;

-- Other organisations under this number.
-- evaluator_code_count(text evaluator_code, organisation_id except) integer
SELECT COUNT(*) FROM organisation WHERE evaluator_code = $1 AND ($2 IS NULL OR id <> $2);

-- organisation_state_step(organisation_id id, enum organisation_state now, enum organisation_state next) rows
UPDATE organisation SET state = $3, version = version + 1 WHERE id = $1 AND state = $2;

-- organisation_scope_insert(organisation_id organisation, text programme) rows
INSERT INTO organisation_scope (organisation_id, programme) VALUES ($1, $2) ON CONFLICT DO NOTHING;

-- organisation_scope_delete(organisation_id organisation, text programme) rows
DELETE FROM organisation_scope WHERE organisation_id = $1 AND programme = $2;

-- organisation_scope_has(organisation_id organisation, text programme) integer
SELECT COUNT(*) FROM organisation_scope WHERE organisation_id = $1 AND programme = $2;

-- organisation_scope_of(organisation_id organisation) many taught_programme(text programme)
SELECT programme FROM organisation_scope WHERE organisation_id = $1 ORDER BY programme;

-- account_insert(account_id id, text login, sealed password_hash, bool is_password_initial, text name, person_id person, instant created_at) rows
INSERT INTO account (id, login, password_hash, is_password_initial, password_since, name, person_id, state, created_at,
                     alive_at)
VALUES ($1, $2, $3, $4, $7, $5, $6, 'active', $7, $7)
ON CONFLICT DO NOTHING;

-- account_by_id(account_id id) one account(account_id id, text login, sealed password_hash, bool is_password_initial, instant password_since, text name, person_id person, enum account_state state, instant signed_in_at)
SELECT id, login, password_hash, is_password_initial, password_since, name, person_id, state, signed_in_at FROM account WHERE id = $1;

-- account_by_login(text login) one account
SELECT id, login, password_hash, is_password_initial, password_since, name, person_id, state, signed_in_at FROM account WHERE login = $1;

-- account_by_identity(blind identity_key_index) one account
SELECT a.id, a.login, a.password_hash, a.is_password_initial, a.password_since, a.name, a.person_id, a.state, a.signed_in_at
  FROM person p JOIN account a ON a.person_id = p.id
 WHERE p.identity_key_index = $1;

-- account_of_person(person_id person) one account
SELECT id, login, password_hash, is_password_initial, password_since, name, person_id, state, signed_in_at FROM account WHERE person_id = $1;

-- account_count() integer
SELECT COUNT(*) FROM account;

-- Office accounts with a post in the region, also a past one; workers' are nobody's to list.
-- accounts_in_region(text region_prefix, enum account_state state, text wanted, account_id after, int most) each account
SELECT id, login, password_hash, is_password_initial, password_since, name, person_id, state, signed_in_at
  FROM account a
 WHERE login IS NOT NULL
   AND EXISTS (SELECT 1 FROM post p WHERE p.account_id = a.id AND p.role <> 'worker' AND substr(p.region, 1, length($1)) = $1)
   AND ($2 IS NULL OR state = $2)
   AND ($3 IS NULL OR replace(login, $3, '') <> login OR replace(name, $3, '') <> name)
   AND ($4 IS NULL OR id < $4)
 ORDER BY id DESC LIMIT $5;

-- accounts_in_region_count(text region_prefix, enum account_state state, text wanted, int most) integer
SELECT COUNT(*) FROM (
    SELECT 1 FROM account a
     WHERE login IS NOT NULL
       AND EXISTS (SELECT 1 FROM post p WHERE p.account_id = a.id AND p.role <> 'worker' AND substr(p.region, 1, length($1)) = $1)
       AND ($2 IS NULL OR state = $2)
       AND ($3 IS NULL OR replace(login, $3, '') <> login OR replace(name, $3, '') <> name)
     LIMIT $4) AS found;

-- account_state_step(account_id id, enum account_state now, enum account_state next) rows
UPDATE account SET state = $3 WHERE id = $1 AND state = $2;

-- account_password(account_id id, sealed password_hash, bool is_password_initial, instant password_since) exec
UPDATE account SET password_hash = $2, is_password_initial = $3, password_since = $4 WHERE id = $1;

-- account_notice_insert(account_notice_id id, account_id account, enum account_notice_kind kind, instant noted_at, account_id noted_by) exec
INSERT INTO account_notice (id, account_id, kind, noted_at, noted_by) VALUES ($1, $2, $3, $4, $5);

-- account_notices_of(account_id account, instant since, int most) many account_notice(account_notice_id id, enum account_notice_kind kind, instant noted_at, instant seen_at, text by_name)
SELECT n.id, n.kind, n.noted_at, n.seen_at, a.name
  FROM account_notice n LEFT JOIN account a ON a.id = n.noted_by
 WHERE n.account_id = $1 AND n.noted_at >= $2 ORDER BY n.noted_at DESC, n.id DESC LIMIT $3;

-- account_notices_unseen(account_id account) integer
SELECT COUNT(*) FROM account_notice WHERE account_id = $1 AND seen_at IS NULL;

-- account_notices_seen(account_id account, instant seen_at) exec
UPDATE account_notice SET seen_at = $2 WHERE account_id = $1 AND seen_at IS NULL;

-- account_notices_forget_old(instant before) exec
DELETE FROM account_notice WHERE noted_at < $1;

-- account_signed_in(account_id id, instant signed_in_at) exec
UPDATE account SET signed_in_at = $2, alive_at = $2 WHERE id = $1;

-- account_alive(account_id id, instant alive_at) exec
UPDATE account SET alive_at = $2 WHERE id = $1;

-- Workers sign in once in a while; an office's account that nobody uses is a door that nobody watches.
-- account_is_dormant(account_id id, instant alive_before) integer
SELECT COUNT(*) FROM account a
 WHERE id = $1 AND signed_in_at IS NOT NULL AND alive_at < $2
   AND EXISTS (SELECT 1 FROM post p WHERE p.account_id = a.id AND p.ended_at IS NULL AND p.role <> 'worker');

-- A worker's account that signs in with the number gets a login beside it, with its first post in an organisation.
-- account_login_step(account_id id, text login) rows
UPDATE account SET login = $2 WHERE id = $1 AND login IS NULL AND NOT EXISTS (SELECT 1 FROM account o WHERE o.login = $2);

-- A new code takes the place of the one before.
-- invitation_put(account_id id, text code_hash, account_id invited_by, instant invited_at, instant ends_at) exec
INSERT INTO invitation (id, code_hash, invited_by, invited_at, ends_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (id) DO UPDATE SET code_hash = excluded.code_hash, invited_by = excluded.invited_by,
                               invited_at = excluded.invited_at, ends_at = excluded.ends_at;

-- invitation_by_code(text code_hash) one invitation(account_id id, instant ends_at)
SELECT id, ends_at FROM invitation WHERE code_hash = $1;

-- The guard: a code works once, also for two requests at one time.
-- invitation_use(account_id id, text code_hash) rows
DELETE FROM invitation WHERE id = $1 AND code_hash = $2;

-- invitation_forget(account_id id) exec
DELETE FROM invitation WHERE id = $1;

-- staff_of(organisation_id organisation) many staff_post(post_id id, account_id account, text name, text login, enum role role, instant began_at, instant signed_in_at)
SELECT p.id, a.id, a.name, a.login, p.role, p.began_at, a.signed_in_at
  FROM post p JOIN account a ON a.id = p.account_id
 WHERE p.organisation_id = $1 AND p.ended_at IS NULL ORDER BY p.role, p.id;

-- staff_post(post_id id, organisation_id organisation) one staff_post
SELECT p.id, a.id, a.name, a.login, p.role, p.began_at, a.signed_in_at
  FROM post p JOIN account a ON a.id = p.account_id
 WHERE p.id = $1 AND p.organisation_id = $2 AND p.ended_at IS NULL;

-- post_insert(post_id id, account_id account, enum role role, organisation_id organisation, text region, instant began_at) rows
INSERT INTO post (id, account_id, role, organisation_id, region, began_at, confirmed_at) VALUES ($1, $2, $3, $4, $5, $6, $6)
ON CONFLICT DO NOTHING;

-- held_post(post_id id) one held_post(post_id id, account_id account, text name, text login, enum role role, text organisation_name, text region, instant began_at, instant confirmed_at, instant signed_in_at)
SELECT p.id, a.id, a.name, a.login, p.role, o.name, p.region, p.began_at, p.confirmed_at, a.signed_in_at
  FROM post p JOIN account a ON a.id = p.account_id LEFT JOIN organisation o ON o.id = p.organisation_id
 WHERE p.id = $1 AND p.ended_at IS NULL AND p.role <> 'worker';

-- posts_to_review(text region_prefix, enum post_review review, instant overdue_before, text wanted, post_id after, int most) each held_post
SELECT p.id, a.id, a.name, a.login, p.role, o.name, p.region, p.began_at, p.confirmed_at, a.signed_in_at
  FROM post p JOIN account a ON a.id = p.account_id LEFT JOIN organisation o ON o.id = p.organisation_id
 WHERE substr(p.region, 1, length($1)) = $1 AND p.ended_at IS NULL AND p.role <> 'worker'
   AND ($2 IS NULL OR ($2 = 'due' AND p.confirmed_at < $3) OR ($2 = 'confirmed' AND p.confirmed_at >= $3))
   AND ($4 IS NULL OR replace(a.login, $4, '') <> a.login OR replace(a.name, $4, '') <> a.name)
   AND ($5 IS NULL OR p.id < $5)
 ORDER BY p.id DESC LIMIT $6;

-- posts_to_review_count(text region_prefix, enum post_review review, instant overdue_before, text wanted, int most) integer
SELECT COUNT(*) FROM (
    SELECT 1 FROM post p JOIN account a ON a.id = p.account_id
 WHERE substr(p.region, 1, length($1)) = $1 AND p.ended_at IS NULL AND p.role <> 'worker'
   AND ($2 IS NULL OR ($2 = 'due' AND p.confirmed_at < $3) OR ($2 = 'confirmed' AND p.confirmed_at >= $3))
   AND ($4 IS NULL OR replace(a.login, $4, '') <> a.login OR replace(a.name, $4, '') <> a.name)
     LIMIT $5) AS found;

-- post_confirm_step(post_id id, instant confirmed_at) rows
UPDATE post SET confirmed_at = $2 WHERE id = $1 AND ended_at IS NULL;

-- posts_of(account_id account) many post(post_id id, enum role role, organisation_id organisation, text organisation_name, text region, instant began_at)
SELECT p.id, p.role, p.organisation_id, o.name, p.region, p.began_at
  FROM post p LEFT JOIN organisation o ON o.id = p.organisation_id
 WHERE p.account_id = $1 AND p.ended_at IS NULL ORDER BY p.id;

-- posts_inside(account_id account, text region_prefix) integer
SELECT COUNT(*) FROM post WHERE account_id = $1 AND role <> 'worker' AND substr(region, 1, length($2)) = $2;

-- posts_outside(account_id account, text region_prefix) integer
SELECT COUNT(*) FROM post
 WHERE account_id = $1 AND ended_at IS NULL AND substr(region, 1, length($2)) <> $2;

-- post_end_step(post_id id, account_id account, instant ended_at) rows
UPDATE post SET ended_at = $3 WHERE id = $1 AND account_id = $2 AND ended_at IS NULL;

-- sign_in_insert(sign_in_id id, text token_hash, account_id account, post_id post, text address, instant began_at, instant proved_at, bool is_factor_given) exec
INSERT INTO sign_in (id, token_hash, account_id, post_id, address, began_at, proved_at, seen_at, is_factor_given)
VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $8);

-- sign_in_provider(sign_in_id id, text provider_session, sealed id_token) exec
UPDATE sign_in SET provider_session = $2, id_token = $3 WHERE id = $1;

-- provider_session_of(text token_hash) one provider_session(sign_in_id id, text name, sealed id_token)
SELECT id, provider_session, id_token FROM sign_in WHERE token_hash = $1 AND provider_session IS NOT NULL;

-- provider_session_by_id(sign_in_id id) one provider_session
SELECT id, provider_session, id_token FROM sign_in WHERE id = $1 AND provider_session IS NOT NULL;

-- What is NULL is not asked for.
-- provider_sessions_delete(text name, account_id account) rows
DELETE FROM sign_in
 WHERE provider_session IS NOT NULL AND ($1 IS NULL OR provider_session = $1) AND ($2 IS NULL OR account_id = $2);

-- account_link_insert(account_id id, sealed subject, blind subject_index, instant linked_at, account_id linked_by) rows
INSERT INTO account_link (id, subject, subject_index, linked_at, linked_by) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING;

-- account_link_of(account_id id) one single_link(account_id id, instant linked_at, text by_name)
SELECT l.id, l.linked_at, a.name FROM account_link l LEFT JOIN account a ON a.id = l.linked_by AND a.id <> l.id WHERE l.id = $1;

-- account_link_delete(account_id id) rows
DELETE FROM account_link WHERE id = $1;

-- account_by_subject(blind subject_index) one account
SELECT a.id, a.login, a.password_hash, a.is_password_initial, a.password_since, a.name, a.person_id, a.state, a.signed_in_at
  FROM account_link l JOIN account a ON a.id = l.id WHERE l.subject_index = $1;

-- sign_in_delete(sign_in_id id, account_id account) rows
DELETE FROM sign_in WHERE id = $1 AND account_id = $2;

-- All of an account's sessions but one, which may be none.
-- sign_ins_delete(account_id account, sign_in_id but) rows
DELETE FROM sign_in WHERE account_id = $1 AND id <> COALESCE($2, 0);

-- sign_ins_delete_of_post(post_id post) exec
DELETE FROM sign_in WHERE post_id = $1;

-- sign_ins_delete_old(instant began_before) exec
DELETE FROM sign_in WHERE began_at < $1;

-- sign_in_seen(text token_hash, instant seen_at) exec
UPDATE sign_in SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2;

-- sign_in_post(sign_in_id id, post_id post, account_id account) rows
UPDATE sign_in SET post_id = $2
 WHERE id = $1 AND account_id = $3
   AND EXISTS (SELECT 1 FROM post WHERE id = $2 AND account_id = $3 AND ended_at IS NULL);

-- sign_ins_of(account_id account) many own_session(sign_in_id id, enum role role, text organisation_name, text address, instant began_at, instant seen_at)
SELECT s.id, p.role, o.name, s.address, s.began_at, s.seen_at
  FROM sign_in s JOIN post p ON p.id = s.post_id LEFT JOIN organisation o ON o.id = p.organisation_id
 WHERE s.account_id = $1 ORDER BY s.seen_at DESC, s.id DESC;

-- Why the second factor is asked for: posts whose roles need it (slots |role|role|), and a factor of the account's own.
-- actor_by_token(text token_hash, text needing_roles) one actor(account_id account, person_id person, post_id post, enum role role, organisation_id organisation, text organisation_name, text region, text name, bool is_password_initial, sign_in_id sign_in, instant began_at, instant proved_at, instant seen_at, bool is_factor_given, int needing_posts, int factors)
SELECT a.id, a.person_id, p.id, p.role, p.organisation_id, o.name, p.region, a.name,
       CASE WHEN s.provider_session IS NULL THEN a.is_password_initial ELSE 0 END, s.id, s.began_at, s.proved_at, s.seen_at, s.is_factor_given,
       (SELECT COUNT(*) FROM post q
         WHERE q.account_id = a.id AND q.ended_at IS NULL AND replace($2, '|' || q.role || '|', '') <> $2),
       (SELECT COUNT(*) FROM second_factor f WHERE f.id = a.id AND f.since IS NOT NULL)
  FROM sign_in s
  JOIN account a ON a.id = s.account_id
  JOIN post p ON p.id = s.post_id
  LEFT JOIN organisation o ON o.id = p.organisation_id
 WHERE s.token_hash = $1 AND a.state = 'active' AND p.ended_at IS NULL;

-- Without a session: the account's oldest post.
-- actor_of_account(account_id account) one actor
SELECT a.id, a.person_id, p.id, p.role, p.organisation_id, o.name, p.region, a.name, a.is_password_initial,
       CAST(NULL AS INTEGER), CAST(NULL AS INTEGER), CAST(NULL AS INTEGER), CAST(NULL AS INTEGER), 0, 0, 0
  FROM account a
  JOIN post p ON p.account_id = a.id
  LEFT JOIN organisation o ON o.id = p.organisation_id
 WHERE a.id = $1 AND a.state = 'active' AND p.ended_at IS NULL
 ORDER BY p.id LIMIT 1;

-- factor_of(account_id account) one second_factor(account_id id, sealed_bytes secret, sealed_bytes offered, sign_in_id offered_to, int last_step, text recovery_salt, instant since)
SELECT id, secret, offered, offered_to, last_step, recovery_salt, since FROM second_factor WHERE id = $1;

-- factor_offer(account_id id, sealed_bytes offered, sign_in_id offered_to) exec
INSERT INTO second_factor (id, offered, offered_to, last_step) VALUES ($1, $2, $3, 0)
ON CONFLICT (id) DO UPDATE SET offered = excluded.offered, offered_to = excluded.offered_to;

-- factor_take_up(account_id id, sealed_bytes secret, int step, text recovery_salt, instant since) exec
UPDATE second_factor SET secret = $2, offered = NULL, offered_to = NULL, last_step = $3, recovery_salt = $4, since = $5
 WHERE id = $1;

-- The guard: a code is used once, also by two requests at one time.
-- factor_step(account_id id, int step) rows
UPDATE second_factor SET last_step = $2 WHERE id = $1 AND last_step < $2;

-- factor_salt(account_id id, text recovery_salt) exec
UPDATE second_factor SET recovery_salt = $2 WHERE id = $1;

-- factor_delete(account_id id) exec
DELETE FROM second_factor WHERE id = $1;

-- recovery_insert(account_id account, text code_hash) exec
INSERT INTO recovery_code (account_id, code_hash) VALUES ($1, $2);

-- recovery_use(account_id account, text code_hash) rows
DELETE FROM recovery_code WHERE account_id = $1 AND code_hash = $2;

-- recovery_forget(account_id account) exec
DELETE FROM recovery_code WHERE account_id = $1;

-- recovery_left(account_id account) integer
SELECT COUNT(*) FROM recovery_code WHERE account_id = $1;

-- Failures of the window that ends now; older ones do not count.
-- failures_of(text subject, instant since) integer
SELECT COALESCE(MAX(failures), 0) FROM sign_in_failure WHERE subject = $1 AND failed_at >= $2;

-- failure_count(text subject, instant failed_at, instant since) exec
INSERT INTO sign_in_failure (subject, failures, failed_at) VALUES ($1, 1, $2)
ON CONFLICT (subject) DO UPDATE
   SET failures = CASE WHEN sign_in_failure.failed_at < $3 THEN 1 ELSE sign_in_failure.failures + 1 END,
       failed_at = excluded.failed_at;

-- failures_forget(text subject) exec
DELETE FROM sign_in_failure WHERE subject = $1;

-- failures_forget_old(instant before) exec
DELETE FROM sign_in_failure WHERE failed_at < $1;

-- Names that are the person's beside the registered one.
-- person_names(person_id person) many person_other_name(text name, enum person_name_kind kind, instant since)
SELECT name, kind, since FROM person_name WHERE person_id = $1 ORDER BY since, name, kind;

-- person_name_has(person_id person, text name) integer
SELECT COUNT(*) FROM person_name WHERE person_id = $1 AND name = $2;

-- person_name_insert(person_id person, text name, enum person_name_kind kind, instant since, name_correction_id correction) exec
INSERT INTO person_name (person_id, name, kind, since, correction_id) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- What is registered now is no other spelling any more.
-- person_name_forget(person_id person, text name) exec
DELETE FROM person_name WHERE person_id = $1 AND name = $2 AND kind <> 'bank_alias';

-- The guard is the version that the decider saw.
-- person_rename_step(person_id id, int version, text name) rows
UPDATE person SET name = $3, version = version + 1 WHERE id = $1 AND version = $2;

-- account_rename(person_id person, text name) exec
UPDATE account SET name = $2 WHERE person_id = $1 AND login IS NULL;

-- Of two that tell the same name of a person, one opens the case.
-- name_correction_insert(name_correction_id id, person_id person, text told_name, text known_name, enum correction_origin origin, text reason, text region, organisation_id organisation, account_id opened_by, instant opened_at, day due_on) rows
INSERT INTO name_correction (id, person_id, told_name, known_name, origin, reason, region, organisation_id, opened_by, opened_at,
                             due_on, state)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'open')
ON CONFLICT DO NOTHING;

-- name_correction_by_id(name_correction_id id) one name_correction(name_correction_id id, person_id person, text person_name, int person_version, text told_name, text known_name, enum correction_origin origin, text reason, text region, text organisation_name, account_id opened_by, text opened_by_name, instant opened_at, day due_on, enum correction_state state, text answer, text decided_by_name, instant decided_at)
SELECT c.id, c.person_id, p.name, p.version, c.told_name, c.known_name, c.origin, c.reason, COALESCE(p.region, c.region), o.name,
       c.opened_by, a.name, c.opened_at, c.due_on, c.state, c.answer, d.name, c.decided_at
  FROM name_correction c JOIN person p ON p.id = c.person_id JOIN account a ON a.id = c.opened_by
  LEFT JOIN organisation o ON o.id = c.organisation_id LEFT JOIN account d ON d.id = c.decided_by
 WHERE c.id = $1;

-- The latest under a name.
-- name_correction_of(person_id person, text told_name) one name_correction
SELECT c.id, c.person_id, p.name, p.version, c.told_name, c.known_name, c.origin, c.reason, COALESCE(p.region, c.region), o.name,
       c.opened_by, a.name, c.opened_at, c.due_on, c.state, c.answer, d.name, c.decided_at
  FROM name_correction c JOIN person p ON p.id = c.person_id JOIN account a ON a.id = c.opened_by
  LEFT JOIN organisation o ON o.id = c.organisation_id LEFT JOIN account d ON d.id = c.decided_by
 WHERE c.person_id = $1 AND c.told_name = $2
 ORDER BY c.id DESC LIMIT 1;

-- name_corrections_of_person(person_id person, int most) many name_correction
SELECT c.id, c.person_id, p.name, p.version, c.told_name, c.known_name, c.origin, c.reason, COALESCE(p.region, c.region), o.name,
       c.opened_by, a.name, c.opened_at, c.due_on, c.state, c.answer, d.name, c.decided_at
  FROM name_correction c JOIN person p ON p.id = c.person_id JOIN account a ON a.id = c.opened_by
  LEFT JOIN organisation o ON o.id = c.organisation_id LEFT JOIN account d ON d.id = c.decided_by
 WHERE c.person_id = $1
 ORDER BY c.id DESC LIMIT $2;

-- name_correction_count_own(account_id account) integer
SELECT COUNT(*) FROM name_correction WHERE opened_by = $1 AND state = 'open' AND origin = 'worker';

-- What waits, the longest overdue first; behind it what is decided, the newest first.
-- name_correction_lines(text region_prefix, enum correction_state state, enum correction_origin origin, enum correction_clock clock, day today, text wanted, text sort, int direction, int first, int most) each name_correction
SELECT c.id, c.person_id, p.name, p.version, c.told_name, c.known_name, c.origin, c.reason, COALESCE(p.region, c.region), o.name,
       c.opened_by, a.name, c.opened_at, c.due_on, c.state, c.answer, d.name, c.decided_at
  FROM name_correction c JOIN person p ON p.id = c.person_id JOIN account a ON a.id = c.opened_by
  LEFT JOIN organisation o ON o.id = c.organisation_id LEFT JOIN account d ON d.id = c.decided_by
 WHERE substr(COALESCE(p.region, c.region), 1, length($1)) = $1 AND ($2 IS NULL OR c.state = $2)
   AND ($3 IS NULL OR c.origin = $3)
   AND ($4 IS NULL OR (c.state = 'open' AND (($4 = 'overdue' AND c.due_on < $5) OR ($4 = 'running' AND c.due_on >= $5))))
   AND ($6 IS NULL OR replace(c.told_name, $6, '') <> c.told_name OR replace(c.known_name, $6, '') <> c.known_name)
 ORDER BY $8 * CASE $7 WHEN 'opened_on' THEN c.opened_at WHEN 'due_on' THEN c.due_on ELSE 0 END,
          CASE c.state WHEN 'open' THEN 0 ELSE 1 END, CASE c.state WHEN 'open' THEN c.due_on ELSE -c.decided_at END, c.id
 LIMIT $10 OFFSET $9;

-- name_correction_line_count(text region_prefix, enum correction_state state, enum correction_origin origin, enum correction_clock clock, day today, text wanted, int most) integer
SELECT COUNT(*) FROM (
    SELECT 1 FROM name_correction c JOIN person p ON p.id = c.person_id
 WHERE substr(COALESCE(p.region, c.region), 1, length($1)) = $1 AND ($2 IS NULL OR c.state = $2)
   AND ($3 IS NULL OR c.origin = $3)
   AND ($4 IS NULL OR (c.state = 'open' AND (($4 = 'overdue' AND c.due_on < $5) OR ($4 = 'running' AND c.due_on >= $5))))
   AND ($6 IS NULL OR replace(c.told_name, $6, '') <> c.told_name OR replace(c.known_name, $6, '') <> c.known_name)
     LIMIT $7) AS found;

-- name_correction_count_open(person_id person) integer
SELECT COUNT(*) FROM name_correction WHERE person_id = $1 AND state = 'open';

-- What the actor can decide.
-- name_correction_count_waiting(text region_prefix, account_id account, person_id person) integer
SELECT COUNT(*) FROM name_correction c JOIN person p ON p.id = c.person_id
 WHERE c.state = 'open' AND substr(COALESCE(p.region, c.region), 1, length($1)) = $1 AND c.opened_by <> $2
   AND ($3 IS NULL OR c.person_id <> $3);

-- Nobody decides an own case, or one that they opened: the guard is here, whatever the code above it believes.
-- name_correction_decide_step(name_correction_id id, account_id decided_by, person_id decider, enum correction_state next, text known_name, text answer, instant decided_at) rows
UPDATE name_correction SET state = $4, known_name = $5, answer = $6, decided_by = $2, decided_at = $7
 WHERE id = $1 AND state = 'open' AND opened_by <> $2 AND ($3 IS NULL OR person_id <> $3);

-- name_correction_withdraw_step(name_correction_id id, account_id account, instant decided_at) rows
UPDATE name_correction SET state = 'withdrawn', decided_by = $2, decided_at = $3
 WHERE id = $1 AND state = 'open' AND opened_by = $2 AND origin = 'worker';

-- Sessions that are over, and failures that no longer count.
-- sign_ins_past(instant began_before, instant failed_before, instant noted_before) integer
SELECT (SELECT COUNT(*) FROM sign_in WHERE began_at < $1) + (SELECT COUNT(*) FROM sign_in_failure WHERE failed_at < $2)
     + (SELECT COUNT(*) FROM account_notice WHERE noted_at < $3);

-- What a person told of their own accord and may take back.
-- person_contact_erase(person_id id) exec
UPDATE person SET phone = NULL, bank_account = NULL, bank_account_index = NULL, bank_name = NULL, ethnic_group = NULL,
                  education = NULL, version = version + 1
 WHERE id = $1;

-- The row stays for what points at it, under a number and a name that are nobody's.
-- person_erase(person_id id, sealed identity_key, blind identity_key_index, sealed identity_no, text name) exec
UPDATE person SET identity_key = $2, identity_key_index = $3, document_kind = 'passport', identity_no = $4, name = $5, sex = NULL,
                  born_on = NULL, region = NULL, tags = '|', version = version + 1
 WHERE id = $1;

-- person_names_erase(person_id person) exec
DELETE FROM person_name WHERE person_id = $1;

-- name_corrections_erase(person_id person) exec
DELETE FROM name_correction WHERE person_id = $1;

-- account_name(account_id id, text name) exec
UPDATE account SET name = $2 WHERE id = $1;
