/*
 * The schema moves forward only, a numbered step at a time, each in one transaction together with
 * its record. Two processes that migrate at once take turns (SQLite: the writer's lock file;
 * PostgreSQL: an advisory lock that each step's transaction begins with), and the later one finds
 * the step done.
 */
#include "base/text.h"
#include "store/store_engine.h"
#include "store_sql.h"

/* Of the engines' own catalogues, for which there is no common SQL that store.sql could hold. */
static const struct statement has_schema_step = {
    .name = "store.has_schema_step",
    .sqlite = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name = 'schema_step'",
    .postgres = "SELECT relname FROM pg_catalog.pg_class"
                " WHERE relname = 'schema_step' AND pg_catalog.pg_table_is_visible(oid)",
    .number = -1,
    .columns = 1,
};

enum { MIGRATION_ARENA_BYTES = 16 * 1024 * 1024 };

/* What is recorded, beside the steps that the program knows. */
struct comparison {
    const struct schema_step *steps;
    int count;
    enum store_schema schema;
    int64_t at; /* the step in question: the first that is newer, altered or missing */
};

static enum store_schema compare(const struct schema_step_row_list *recorded,
                                 struct comparison *comparison)
{
    const struct schema_step *steps = comparison->steps;
    size_t count = (size_t)comparison->count;
    for (size_t i = 0; i < recorded->count; i++) {
        const struct schema_step_row *row = &recorded->items[i];
        comparison->at = row->number;
        if (i >= count)
            return STORE_SCHEMA_NEWER;
        if (row->number != steps[i].number || !text_equal(row->sha256, steps[i].sha256))
            return row->number > steps[count - 1].number ? STORE_SCHEMA_NEWER
                                                         : STORE_SCHEMA_ALTERED;
    }
    if (recorded->count == count)
        return STORE_SCHEMA_CURRENT;
    comparison->at = steps[recorded->count].number;
    return recorded->count == 0 ? STORE_SCHEMA_EMPTY : STORE_SCHEMA_OLDER;
}

static bool read_schema(struct ctx *ctx, void *argument)
{
    struct comparison *comparison = argument;
    struct schema_step_row_list recorded = {0};
    struct cursor *table = db_query(ctx, &has_schema_step, NULL);
    if (db_next(table))
        recorded = sql_schema_steps(ctx);
    db_end(table);
    comparison->schema = compare(&recorded, comparison);
    return true;
}

static struct ctx migration_ctx(struct arena *arena)
{
    return (struct ctx){.arena = arena, .now = clock_now()};
}

enum store_schema store__schema_of(struct store *store, const struct schema_step *steps, int count)
{
    struct arena *arena = arena_new(MIGRATION_ARENA_BYTES);
    struct ctx ctx = migration_ctx(arena);
    struct comparison comparison = {.steps = steps, .count = count};
    enum store_result result = store_read(store, &ctx, read_schema, &comparison);
    arena_free(arena);
    return result == STORE_DONE ? comparison.schema : STORE_SCHEMA_UNREADABLE;
}

/* One step, and what it is applied to. */
struct step {
    struct comparison comparison;
    struct why why;
};

/* Refuses where another process has brought the database elsewhere since we looked. */
static bool apply_step(struct ctx *ctx, void *argument)
{
    struct step *step = argument;
    struct db *db = ctx->db;
    struct comparison *comparison = &step->comparison;
    read_schema(ctx, comparison);
    if (comparison->schema != STORE_SCHEMA_EMPTY && comparison->schema != STORE_SCHEMA_OLDER)
        return true;
    const struct schema_step *next = comparison->steps;
    while (next->number != comparison->at)
        next++;
    const char *sql = db->store->kind == STORE_SQLITE ? next->sqlite : next->postgres;
    if (!db->store->engine->script(db->connection, sql, &step->why))
        return false;
    sql_schema_step_record(ctx, &(struct sql_schema_step_record){.number = next->number,
                                                                 .name = next->name,
                                                                 .room = next->room,
                                                                 .sha256 = next->sha256,
                                                                 .applied_at = ctx->now});
    return true;
}

/* Applies the oldest step that is missing; false where that fails. */
static bool advance(struct store *store, struct connection *connection, struct step *step)
{
    struct arena *arena = arena_new(MIGRATION_ARENA_BYTES);
    struct ctx ctx = migration_ctx(arena);
    struct db db = {.store = store, .connection = connection, .ctx = &ctx, .writes = true};
    bool agreed = false;
    store__why(&step->why, "the database failed");
    bool applied = store->engine->begin(connection, STORE__MIGRATION) &&
                   store__run(&db, apply_step, step, &agreed) == FAULT_NONE && agreed &&
                   store->engine->commit(connection) == STORE__COMMITTED;
    if (!applied)
        store->engine->rollback(connection);
    arena_free(arena);
    return applied;
}

static const char *fault_key(enum store_schema schema)
{
    switch (schema) {
    case STORE_SCHEMA_CURRENT:
        return NULL;
    case STORE_SCHEMA_NEWER:
        return "store.schema_newer";
    case STORE_SCHEMA_ALTERED:
        return "store.schema_altered";
    case STORE_SCHEMA_EMPTY:
    case STORE_SCHEMA_OLDER:
    case STORE_SCHEMA_UNREADABLE:
        break;
    }
    return "store.schema_step";
}

/* Until a step fails, or the database is current, newer or altered. */
static bool migrate_on(struct store *store, struct connection *connection, struct step *step)
{
    do {
        if (!advance(store, connection, step))
            return false;
    } while (step->comparison.schema == STORE_SCHEMA_EMPTY ||
             step->comparison.schema == STORE_SCHEMA_OLDER);
    return step->comparison.schema == STORE_SCHEMA_CURRENT;
}

bool store__migrate_to(struct store *store, const struct schema_step *steps, int count,
                       struct arena *arena, struct message *ret_fault)
{
    struct step step = {.comparison = {.steps = steps, .count = count}};
    struct slot *slot = NULL;
    struct connection *connection = NULL;
    if (store->kind == STORE_SQLITE) {
        connection = store__writer_take(store, &step.why);
        if (connection == NULL) {
            *ret_fault = (struct message){"store.unwritable",
                                          {{"reason", arena_text(arena, step.why.text)}}};
            return false;
        }
    } else {
        slot = store__pool_take(store, &store->pool);
        if (slot == NULL) {
            *ret_fault =
                (struct message){"store.unreachable", {{"reason", "no connection could be had"}}};
            return false;
        }
        connection = slot->connection;
    }
    bool current = migrate_on(store, connection, &step);
    if (store->kind == STORE_SQLITE)
        store__writer_give(store);
    else
        store__pool_give(&store->pool, slot);
    if (current)
        return true;
    const char *number = arena_printf(arena, "%04d", (int)step.comparison.at);
    *ret_fault =
        (struct message){fault_key(step.comparison.schema),
                         {{"number", number}, {"reason", arena_text(arena, step.why.text)}}};
    return false;
}

enum store_schema store_schema(struct store *store)
{
    return store__schema_of(store, store_schema_steps, store_schema_steps_count);
}

bool store_migrate(struct store *store, struct arena *arena, struct message *ret_fault)
{
    return store__migrate_to(store, store_schema_steps, store_schema_steps_count, arena, ret_fault);
}
