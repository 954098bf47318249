-- plan_pack_set(text id, text version, text folder, instant loaded_at) exec
INSERT INTO plan_pack (id, version, folder, loaded_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (id) DO UPDATE SET version = excluded.version, folder = excluded.folder, loaded_at = excluded.loaded_at;

-- plan_pack_last() one plan_pack(text id, text version, text folder, instant loaded_at)
SELECT id, version, folder, loaded_at FROM plan_pack ORDER BY loaded_at DESC LIMIT 1;
