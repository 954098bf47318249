/* Opening and closing, the runners' common parts, and the way from a typed statement to its engine.
 */
#include "store/store.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "store/store_engine.h"

enum {
    STORE_ARENA_BYTES = 1024 * 1024,
    CONNECTIONS = 16,
};

void store__log(const char *format, ...)
{
    char line[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    fprintf(stderr, "dianji: store: %s\n", line);
}

void store__why(struct why *ret_why, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(ret_why->text, sizeof ret_why->text, format, arguments);
    va_end(arguments);
}

int64_t store__clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- open and close ----------------------------------------------------------------------- */

static bool parse_url(struct store *store, const char *url)
{
    if (text_starts(url, "sqlite:")) {
        const char *path = url + strlen("sqlite:");
        store->kind = STORE_SQLITE;
        store->engine = &store__sqlite;
        store->location = text_equal(path, ":memory:") ? "" : arena_text(store->arena, path);
        return *path != '\0';
    }
    store->kind = STORE_POSTGRES;
    store->engine = &store__postgres;
    store->location = arena_text(store->arena, url);
    return text_starts(url, "postgresql://") || text_starts(url, "postgres://");
}

bool store__in_memory(const struct store *store)
{
    return store->kind == STORE_SQLITE && *store->location == '\0';
}

/* Something to read must be there: a file (made now where that is wished), or a server that
 * answers. */
static bool reach(struct store *store, struct arena *arena, struct message *ret_fault)
{
    if (store->kind == STORE_SQLITE && (store__in_memory(store) || access(store->location, F_OK))) {
        if (store->create || store__in_memory(store))
            return store_claim_writer(store, arena, ret_fault);
        *ret_fault =
            (struct message){"store.missing", {{"path", arena_text(arena, store->location)}}};
        return false;
    }
    struct why why;
    struct connection *connection = store->engine->connect(store, /* writer= */ false, &why);
    if (connection == NULL) {
        *ret_fault =
            (struct message){"store.unreachable", {{"reason", arena_text(arena, why.text)}}};
        return false;
    }
    store->pool.slots[0].connection = connection;
    return true;
}

struct store *store_open(const struct store_options *options, struct arena *arena,
                         struct message *ret_fault)
{
    struct arena *own = arena_new(STORE_ARENA_BYTES);
    struct store *store = arena_one(own, struct store);
    store->arena = own;
    store->read_seconds_max = options->read_seconds_max;
    store->create = options->create;
    store->test_calls = -1;
    if (!parse_url(store, options->url)) {
        *ret_fault = (struct message){"store.url", {{"form", "sqlite:PATH, postgresql://…"}}};
        arena_free(own);
        return NULL;
    }
    store__pool_open(&store->pool, own,
                     options->connections_max > 0 ? options->connections_max : CONNECTIONS);
    store__group_open(&store->group);
    store__postgres_open(store);
    if (!reach(store, arena, ret_fault)) {
        store_close(store);
        return NULL;
    }
    return store;
}

/* The readers go first, so that the writer's close is the last and folds the log into the file. */
void store_close(struct store *store)
{
    if (store == NULL)
        return;
    store__pool_close(store, &store->pool);
    store__group_close(store);
    store__postgres_close(store);
    arena_free(store->arena);
}

enum store_engine store_engine(const struct store *store)
{
    return store->kind;
}

bool store_claim_writer(struct store *store, struct arena *arena, struct message *ret_fault)
{
    if (store->kind == STORE_POSTGRES)
        return true;
    struct why why;
    if (store__writer_take(store, &why) == NULL) {
        *ret_fault =
            (struct message){"store.unwritable", {{"reason", arena_text(arena, why.text)}}};
        return false;
    }
    store__writer_give(store);
    return true;
}

void store_set_afterwork(struct store *store, store_work *work, void *argument)
{
    store->afterwork = work;
    store->afterwork_argument = argument;
}

/* --- running ------------------------------------------------------------------------------ */

void store__end(struct cursor *cursor)
{
    if (cursor->ended)
        return;
    cursor->ended = true;
    struct cursor **at = &cursor->db->open;
    while (*at != cursor)
        at = &(*at)->next;
    *at = cursor->next;
    cursor->db->connection->store->engine->end(cursor);
}

enum fault store__run(struct db *db, store_work *work, void *argument, bool *ret_agreed)
{
    struct ctx *ctx = db->ctx;
    struct guard guard;
    volatile bool agreed = false;
    assert(ctx->db == NULL && "a transaction inside another");
    ctx->db = db;
    if (GUARDED(ctx->arena, &guard) == FAULT_NONE) {
        agreed = work(ctx, argument);
        db->store->engine->flush(db);
        guard_leave(ctx->arena, &guard);
    } else if (db->fault == FAULT_NONE) {
        db->fault = guard.fault;
    }
    while (db->open != NULL)
        store__end(db->open);
    ctx->db = NULL;
    *ret_agreed = agreed;
    return db->fault;
}

enum store_result store__result_of(enum fault fault)
{
    return fault == FAULT_MEMORY ? STORE_MEMORY : STORE_FAILED;
}

struct ctx store__afterwork_ctx(const struct ctx *write, struct arena *arena)
{
    struct ctx ctx = *write;
    ctx.arena = arena;
    ctx.actor = NULL;
    ctx.request = NULL;
    ctx.db = NULL;
    return ctx;
}

static enum store_result read_sqlite(struct store *store, struct ctx *ctx, store_work *work,
                                     void *argument)
{
    if (store__in_memory(store))
        return store__group_run(store, ctx, /* writes= */ false, work, argument);
    struct slot *slot = store__pool_take(store, &store->pool);
    if (slot == NULL)
        return STORE_FAILED;
    struct db db = {.store = store, .connection = slot->connection, .ctx = ctx};
    bool agreed = false;
    enum fault fault = FAULT_STORE;
    if (store->engine->begin(db.connection, STORE__READ)) {
        fault = store__run(&db, work, argument, &agreed);
        store->engine->rollback(db.connection);
    }
    store__pool_give(&store->pool, slot);
    if (fault != FAULT_NONE)
        return store__result_of(fault);
    return agreed ? STORE_DONE : STORE_REFUSED;
}

enum store_result store_read(struct store *store, struct ctx *ctx, store_work *work, void *argument)
{
    return store->kind == STORE_SQLITE ? read_sqlite(store, ctx, work, argument)
                                       : store__postgres_read(store, ctx, work, argument);
}

enum store_result store_write(struct store *store, struct ctx *ctx, store_work *work,
                              void *argument)
{
    return store->kind == STORE_SQLITE
               ? store__group_run(store, ctx, /* writes= */ true, work, argument)
               : store__postgres_write(store, ctx, work, argument);
}

void store__fail(struct db *db, enum fault fault)
{
    db->fault = fault;
    fault_raise(db->ctx->arena, fault);
}

/* --- statements --------------------------------------------------------------------------- */

/* The open transaction, unless it has failed already and the work went on past an inner guard. */
static struct db *open_db(struct ctx *ctx, const struct statement *statement)
{
    struct db *db = ctx->db;
    assert(db != NULL && "a statement outside a transaction");
    assert((db->writes || !statement->writes) && "a writing statement in a read");
    if (db->fault != FAULT_NONE)
        fault_raise(ctx->arena, db->fault);
    return db;
}

int64_t db_change(struct ctx *ctx, const struct statement *statement,
                  const struct value *parameters)
{
    struct db *db = open_db(ctx, statement);
    return db->store->engine->change(db, statement, parameters);
}

void db_change_later(struct ctx *ctx, const struct statement *statement,
                     const struct value *parameters)
{
    struct db *db = open_db(ctx, statement);
    db->store->engine->change_later(db, statement, parameters);
}

struct cursor *db_query(struct ctx *ctx, const struct statement *statement,
                        const struct value *parameters)
{
    struct db *db = open_db(ctx, statement);
    struct cursor *cursor = db->store->engine->query(db, statement, parameters);
    return cursor;
}

bool db_next(struct cursor *cursor)
{
    if (cursor->ended)
        return false;
    if (cursor->db->store->engine->next(cursor))
        return true;
    store__end(cursor);
    return false;
}

void db_end(struct cursor *cursor)
{
    store__end(cursor);
}

struct ctx *db_ctx(const struct cursor *cursor)
{
    return cursor->db->ctx;
}

bool db_is_null(struct cursor *cursor, int column)
{
    return cursor->db->store->engine->is_null(cursor, column);
}

int64_t db_integer(struct cursor *cursor, int column)
{
    return cursor->db->store->engine->integer(cursor, column);
}

const char *db_text(struct cursor *cursor, int column)
{
    size_t length;
    const void *bytes = cursor->db->store->engine->bytes(cursor, column, &length);
    return bytes == NULL ? NULL : arena_text_n(cursor->db->ctx->arena, bytes, length);
}

const void *db_bytes(struct cursor *cursor, int column, size_t *ret_length)
{
    const void *bytes = cursor->db->store->engine->bytes(cursor, column, ret_length);
    return bytes == NULL ? NULL : arena_text_n(cursor->db->ctx->arena, bytes, *ret_length);
}

/* --- for tests --- */

void store_test_fail_after(struct store *store, int64_t calls)
{
    atomic_store(&store->test_calls, calls);
}

bool store__test_fails(struct store *store)
{
    int64_t left = atomic_load_explicit(&store->test_calls, memory_order_relaxed);
    while (left > 0) {
        if (atomic_compare_exchange_weak(&store->test_calls, &left, left - 1))
            return false;
    }
    return left == 0;
}
