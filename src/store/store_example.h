/*
 * The table and statements that the store's own tests and benchmarks work on, written by hand as
 * the generator would: they must not depend on what the rooms happen to keep.
 */
#ifndef DIANJI_STORE_STORE_EXAMPLE_H
#define DIANJI_STORE_STORE_EXAMPLE_H

#include <string.h>

#include "base/text.h"
#include "store/store_engine.h"

enum { EXAMPLE_STEP = 9001 };

static const struct schema_step example_step = {
    .number = EXAMPLE_STEP,
    .name = "9001-example",
    .room = "store",
    .sqlite = "CREATE TABLE example (id INTEGER NOT NULL PRIMARY KEY, word TEXT UNIQUE,"
              " amount INTEGER CHECK (amount >= 0), picture BLOB,"
              " parent INTEGER REFERENCES example (id) DEFERRABLE INITIALLY DEFERRED) STRICT;"
              "CREATE INDEX example_by_parent ON example (parent);",
    .postgres = "CREATE TABLE example (id BIGINT NOT NULL PRIMARY KEY, word TEXT UNIQUE,"
                " amount BIGINT CHECK (amount >= 0), picture BYTEA,"
                " parent BIGINT REFERENCES example (id) DEFERRABLE INITIALLY DEFERRED);"
                "CREATE INDEX example_by_parent ON example (parent);",
    .sha256 = "e7a3e7a3e7a3e7a3e7a3e7a3e7a3e7a3e7a3e7a3e7a3e7a3e7a3e7a3e7a3e7a3",
};

/* Numbers from 0, as the house's statements have: the caches must tell the two lists apart. */
static const struct statement example_insert = {
    .name = "example.insert",
    .sqlite = "INSERT INTO example (id, word, amount, picture, parent) VALUES (?1, ?2, ?3, ?4, ?5)",
    .postgres =
        "INSERT INTO example (id, word, amount, picture, parent) VALUES ($1, $2, $3, $4, $5)",
    .number = 0,
    .parameters = 5,
    .writes = true,
};
static const struct statement example_add = {
    .name = "example.add",
    .sqlite = "UPDATE example SET amount = amount + ?2 WHERE id = ?1",
    .postgres = "UPDATE example SET amount = amount + $2 WHERE id = $1",
    .number = 1,
    .parameters = 2,
    .writes = true,
};
static const struct statement example_put_amount = {
    .name = "example.put_amount",
    .sqlite = "UPDATE example SET amount = ?2 WHERE id = ?1",
    .postgres = "UPDATE example SET amount = $2 WHERE id = $1",
    .number = 8,
    .parameters = 2,
    .writes = true,
};
static const struct statement example_get = {
    .name = "example.get",
    .sqlite = "SELECT id, word, amount, picture FROM example WHERE id = ?1",
    .postgres = "SELECT id, word, amount, picture FROM example WHERE id = $1",
    .number = 2,
    .parameters = 1,
    .columns = 4,
};
static const struct statement example_all = {
    .name = "example.all",
    .sqlite = "SELECT id, word, amount, picture FROM example WHERE id >= ?1 ORDER BY id",
    .postgres = "SELECT id, word, amount, picture FROM example WHERE id >= $1 ORDER BY id",
    .number = 3,
    .parameters = 1,
    .columns = 4,
    .streams = true,
};
static const struct statement example_totals = {
    .name = "example.totals",
    .sqlite = "SELECT count(*), COALESCE(SUM(amount), 0) FROM example",
    .postgres = "SELECT count(*), COALESCE(SUM(amount), 0) FROM example",
    .number = 4,
    .columns = 2,
};
static const struct statement example_take = {
    .name = "example.take",
    .sqlite = "UPDATE example SET amount = amount - ?2 WHERE id = ?1 RETURNING amount",
    .postgres = "UPDATE example SET amount = amount - $2 WHERE id = $1 RETURNING amount",
    .number = 5,
    .parameters = 2,
    .columns = 1,
    .writes = true,
};
static const struct statement example_misspelt = {
    .name = "example.misspelt",
    .sqlite = "SELECT colour FROM example",
    .postgres = "SELECT colour FROM example",
    .number = 6,
    .columns = 1,
};
static const struct statement example_endless = {
    .name = "example.endless",
    .sqlite = "WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n)"
              " SELECT count(*) FROM n",
    .postgres = "WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n)"
                " SELECT count(*) FROM n",
    .number = 7,
    .columns = 1,
};

struct example_row {
    int64_t id;
    const char *word; /* NULL: none */
    int64_t amount;
    const char *picture; /* NULL: none */
    int64_t parent;      /* 0: none */
};

static inline void example_values(const struct example_row *row, struct value ret[5])
{
    ret[0] = (struct value){.type = STORE_INTEGER, .integer = row->id};
    ret[1] = (struct value){.type = STORE_TEXT,
                            .is_null = row->word == NULL,
                            .bytes = row->word,
                            .length = row->word == NULL ? 0 : strlen(row->word)};
    ret[2] = (struct value){.type = STORE_INTEGER, .integer = row->amount};
    ret[3] = (struct value){.type = STORE_BYTES,
                            .is_null = row->picture == NULL,
                            .bytes = row->picture,
                            .length = row->picture == NULL ? 0 : strlen(row->picture)};
    ret[4] =
        (struct value){.type = STORE_INTEGER, .is_null = row->parent == 0, .integer = row->parent};
}

static inline void example_put(struct ctx *ctx, const struct example_row *row)
{
    struct value values[5];
    example_values(row, values);
    db_change(ctx, &example_insert, values);
}

static inline void example_put_later(struct ctx *ctx, const struct example_row *row)
{
    struct value values[5];
    example_values(row, values);
    db_change_later(ctx, &example_insert, values);
}

static inline int64_t example_raise(struct ctx *ctx, int64_t id, int64_t by)
{
    struct value values[2] = {{.type = STORE_INTEGER, .integer = id},
                              {.type = STORE_INTEGER, .integer = by}};
    return db_change(ctx, &example_add, values);
}

static inline void example_set(struct ctx *ctx, int64_t id, int64_t amount)
{
    struct value values[2] = {{.type = STORE_INTEGER, .integer = id},
                              {.type = STORE_INTEGER, .integer = amount}};
    db_change(ctx, &example_put_amount, values);
}

/* -1 where there is no such row. */
static inline int64_t example_amount(struct ctx *ctx, int64_t id)
{
    struct value values[1] = {{.type = STORE_INTEGER, .integer = id}};
    struct cursor *cursor = db_query(ctx, &example_get, values);
    int64_t amount = db_next(cursor) ? db_integer(cursor, 2) : -1;
    db_end(cursor);
    return amount;
}

static inline void example_totals_of(struct ctx *ctx, int64_t *ret_count, int64_t *ret_sum)
{
    struct cursor *cursor = db_query(ctx, &example_totals, NULL);
    if (!db_next(cursor))
        store__fail(ctx->db, FAULT_STORE);
    *ret_count = db_integer(cursor, 0);
    *ret_sum = db_integer(cursor, 1);
    db_end(cursor);
}

/* The house's schema, and the example's table on top. */
static inline bool example_migrate(struct store *store, struct arena *arena,
                                   struct message *ret_fault)
{
    int count = store_schema_steps_count + 1;
    struct schema_step *steps = arena_array(arena, (size_t)count, struct schema_step);
    for (int i = 0; i < store_schema_steps_count; i++)
        steps[i] = store_schema_steps[i];
    steps[count - 1] = example_step;
    return store__migrate_to(store, steps, count, arena, ret_fault);
}

#endif
