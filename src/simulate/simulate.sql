-- demonstration_begin(int seed, instant made_at) exec
INSERT INTO demonstration (seed, made_at) VALUES ($1, $2);

-- demonstration_count() integer
SELECT COUNT(*) FROM demonstration;
