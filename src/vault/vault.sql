-- data_key_insert(int number, enum key_purpose purpose, enum cipher_suite suite, bytes wrapped, instant created_at) rows
INSERT INTO data_key (number, purpose, suite, wrapped, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING;

-- data_keys(int after) many data_key(int number, enum key_purpose purpose, enum cipher_suite suite, bytes wrapped, instant created_at)
SELECT number, purpose, suite, wrapped, created_at FROM data_key WHERE number > $1 ORDER BY number;

-- data_key_last() integer
SELECT MAX(number) FROM data_key;
