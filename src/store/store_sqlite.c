/*
 * SQLite. One connection writes and checkpoints, all others are opened read-only and never
 * checkpoint: Debian's 3.40.1 can lose committed pages when one connection resets the log while
 * another commits. Which process may have the writing one is settled by a lock file (store_lock.c).
 */
#include <sqlite3.h>

#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "store/store_engine.h"

enum {
    CONNECTION_ARENA_BYTES = 16 * 1024 * 1024,
    BUSY_MS = 10000,
    CHECKPOINT_BUSY_MS = 1000,
    CHECKPOINT_PAGES = 16000, /* 64 MB of log */
    LOG_PAGES_MAX = 64000,    /* from here on the writer waits for readers, to begin the log anew */
    PROGRESS_STEPS = 20000,   /* of SQLite's machine between two looks at the clock */
    READER_CACHE_KIB = 8 * 1024,
    WRITER_CACHE_KIB = 64 * 1024,
    SUBSTITUTE = -1, /* a statement that is not in the cache */
};

enum control {
    CONTROL_BEGIN,
    CONTROL_BEGIN_WRITE,
    CONTROL_COMMIT,
    CONTROL_ROLLBACK,
    CONTROL_SAVEPOINT,
    CONTROL_RELEASE,
    CONTROL_ROLLBACK_TO,
    CONTROL_COUNT,
};
static const char *const CONTROLS[CONTROL_COUNT] = {
    [CONTROL_BEGIN] = "BEGIN",
    [CONTROL_BEGIN_WRITE] = "BEGIN IMMEDIATE",
    [CONTROL_COMMIT] = "COMMIT",
    [CONTROL_ROLLBACK] = "ROLLBACK",
    [CONTROL_SAVEPOINT] = "SAVEPOINT work",
    [CONTROL_RELEASE] = "RELEASE work",
    [CONTROL_ROLLBACK_TO] = "ROLLBACK TO work",
};

struct cached {
    sqlite3_stmt *handle;
    const struct statement *statement; /* whose it is: tests have lists of their own */
    bool is_running;
};

struct sqlite_connection {
    struct connection base;
    sqlite3 *handle;
    bool is_writer;
    int patient_from; /* pages in the log, from which on a checkpoint waits for readers */
    int64_t until_ms; /* the running read is stopped then; 0: never */
    sqlite3_stmt *controls[CONTROL_COUNT];
    struct cached *cache; /* by the statement's number */
    size_t cached;
};

/* A prepared statement, the connection's own or one for this use alone. */
struct taken {
    sqlite3_stmt *handle;
    int number; /* in the cache, or SUBSTITUTE */
};

struct sqlite_cursor {
    struct cursor base;
    struct taken taken;
    bool is_at_first; /* stepped already, as a writing statement is at once */
    bool has_first;
};

static struct sqlite_connection *own(struct connection *connection)
{
    return (struct sqlite_connection *)connection;
}

/* --- connections -------------------------------------------------------------------------- */

static int stop_late_read(void *argument)
{
    const struct sqlite_connection *connection = argument;
    return connection->until_ms != 0 && store__clock_ms() > connection->until_ms;
}

/*
 * After each commit. SQLite's own checkpoint never waits, and so never finishes where readers
 * overlap without a gap; past LOG_PAGES_MAX this one waits a little, and where that is not enough,
 * tries again when the log has grown by as much as is due each time.
 */
static int checkpoint_when_due(void *argument, sqlite3 *handle, const char *schema, int pages)
{
    struct sqlite_connection *connection = argument;
    if (pages < LOG_PAGES_MAX)
        connection->patient_from = LOG_PAGES_MAX;
    if (pages < CHECKPOINT_PAGES)
        return SQLITE_OK;
    int mode = SQLITE_CHECKPOINT_PASSIVE;
    if (pages >= connection->patient_from) {
        mode = SQLITE_CHECKPOINT_RESTART;
        connection->patient_from = pages + CHECKPOINT_PAGES;
    }
    sqlite3_busy_timeout(handle, CHECKPOINT_BUSY_MS);
    sqlite3_wal_checkpoint_v2(handle, schema, mode, NULL, NULL);
    sqlite3_busy_timeout(handle, BUSY_MS);
    return SQLITE_OK;
}

static bool pragma(struct sqlite_connection *connection, const char *text, struct why *ret_why)
{
    if (sqlite3_exec(connection->handle, text, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    store__why(ret_why, "%s: %s", text, sqlite3_errmsg(connection->handle));
    return false;
}

static bool set_up(struct sqlite_connection *connection, struct why *ret_why)
{
    sqlite3 *handle = connection->handle;
    sqlite3_extended_result_codes(handle, 1);
    sqlite3_busy_timeout(handle, BUSY_MS);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_progress_handler(handle, PROGRESS_STEPS, stop_late_read, connection);
    if (!connection->is_writer) {
        sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    }
    const char *cache = arena_printf(connection->base.arena, "PRAGMA cache_size = -%d",
                                     connection->is_writer ? WRITER_CACHE_KIB : READER_CACHE_KIB);
    if (!pragma(connection, cache, ret_why) ||
        !pragma(connection, "PRAGMA temp_store = MEMORY", ret_why) ||
        !pragma(connection, "PRAGMA cell_size_check = ON", ret_why))
        return false;
    if (!connection->is_writer)
        return pragma(connection, "PRAGMA query_only = ON", ret_why);
    if (!pragma(connection, "PRAGMA journal_mode = WAL", ret_why) ||
        !pragma(connection, "PRAGMA synchronous = FULL", ret_why))
        return false;
    /* Not earlier: a defensive connection may not change the journal's mode. */
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_wal_hook(handle, checkpoint_when_due, connection);
    return true;
}

static bool prepare_controls(struct sqlite_connection *connection, struct why *ret_why)
{
    for (int i = 0; i < CONTROL_COUNT; i++) {
        if (sqlite3_prepare_v3(connection->handle, CONTROLS[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &connection->controls[i], NULL) != SQLITE_OK) {
            store__why(ret_why, "%s: %s", CONTROLS[i], sqlite3_errmsg(connection->handle));
            return false;
        }
    }
    return true;
}

static void sqlite_disconnect(struct connection *base)
{
    struct sqlite_connection *connection = own(base);
    for (int i = 0; i < CONTROL_COUNT; i++)
        sqlite3_finalize(connection->controls[i]);
    for (size_t i = 0; i < connection->cached; i++)
        sqlite3_finalize(connection->cache[i].handle);
    if (connection->is_writer)
        sqlite3_wal_checkpoint_v2(connection->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    int code = sqlite3_close(connection->handle);
    assert(code == SQLITE_OK && "a statement was left open");
    arena_free(base->arena);
}

static struct connection *sqlite_connect(struct store *store, bool writer, struct why *ret_why)
{
    struct arena *arena = arena_new(CONNECTION_ARENA_BYTES);
    struct sqlite_connection *connection = arena_one(arena, struct sqlite_connection);
    connection->base = (struct connection){.store = store, .arena = arena};
    connection->is_writer = writer;
    connection->patient_from = LOG_PAGES_MAX;
    int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= !writer ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (writer && (store->create || store__in_memory(store)))
        flags |= SQLITE_OPEN_CREATE;
    const char *path = store__in_memory(store) ? ":memory:" : store->location;
    int code = sqlite3_open_v2(path, &connection->handle, flags, NULL);
    if (code != SQLITE_OK)
        store__why(ret_why, "%s: %s", path, sqlite3_errstr(code));
    if (code == SQLITE_OK && set_up(connection, ret_why) && prepare_controls(connection, ret_why))
        return &connection->base;
    sqlite_disconnect(&connection->base);
    return NULL;
}

static bool sqlite_usable(struct connection *connection)
{
    (void)connection;
    return true;
}

/* --- transactions ------------------------------------------------------------------------- */

static bool control(struct sqlite_connection *connection, enum control which)
{
    sqlite3_stmt *handle = connection->controls[which];
    sqlite3_step(handle);
    int code = sqlite3_reset(handle);
    if (code == SQLITE_OK)
        return true;
    store__log("%s: %s (SQLite %d)", CONTROLS[which], sqlite3_errmsg(connection->handle), code);
    return false;
}

static void limit_time(struct sqlite_connection *connection, enum store__mode mode)
{
    int seconds = mode == STORE__READ ? connection->base.store->read_seconds_max : 0;
    connection->until_ms = seconds > 0 ? store__clock_ms() + seconds * 1000 : 0;
}

static bool sqlite_begin(struct connection *base, enum store__mode mode)
{
    struct sqlite_connection *connection = own(base);
    limit_time(connection, mode);
    return control(connection, mode == STORE__READ ? CONTROL_BEGIN : CONTROL_BEGIN_WRITE);
}

bool store__sqlite_intact(struct connection *connection)
{
    return sqlite3_get_autocommit(own(connection)->handle) == 0;
}

/* A read has nothing to undo, and COMMIT keeps more of what the connection has cached. */
static void sqlite_rollback(struct connection *connection)
{
    if (store__sqlite_intact(connection))
        control(own(connection), own(connection)->is_writer ? CONTROL_ROLLBACK : CONTROL_COMMIT);
}

static enum store__commit sqlite_commit(struct connection *connection)
{
    bool fails = store__test_fails(connection->store);
    if (fails)
        store__log("COMMIT: fails for a test");
    if (!fails && control(own(connection), CONTROL_COMMIT))
        return STORE__COMMITTED;
    sqlite_rollback(connection);
    return STORE__ROLLED_BACK;
}

bool store__sqlite_savepoint(struct connection *connection, enum store__mode mode)
{
    limit_time(own(connection), mode);
    return control(own(connection), CONTROL_SAVEPOINT);
}

/* A deferred constraint would otherwise fail the commit, and with it the whole group. */
bool store__sqlite_release(struct connection *connection)
{
    int violated = 0;
    int highest = 0;
    sqlite3_db_status(own(connection)->handle, SQLITE_DBSTATUS_DEFERRED_FKS, &violated, &highest,
                      /* reset= */ 0);
    if (violated != 0) {
        store__log("a deferred FOREIGN KEY is violated");
        return false;
    }
    return control(own(connection), CONTROL_RELEASE);
}

/* The savepoint stays on the stack after ROLLBACK TO. */
bool store__sqlite_rollback_to(struct connection *connection)
{
    return control(own(connection), CONTROL_ROLLBACK_TO) &&
           control(own(connection), CONTROL_RELEASE);
}

static bool sqlite_script(struct connection *connection, const char *sql, struct why *ret_why)
{
    bool fails = store__test_fails(connection->store);
    if (!fails && sqlite3_exec(own(connection)->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
        return true;
    store__why(ret_why, "%s", fails ? "fails for a test" : sqlite3_errmsg(own(connection)->handle));
    return false;
}

/* --- statements --------------------------------------------------------------------------- */

static void give(struct db *db, struct taken taken)
{
    if (taken.number == SUBSTITUTE) {
        sqlite3_finalize(taken.handle);
    } else {
        sqlite3_reset(taken.handle);
        own(db->connection)->cache[taken.number].is_running = false;
    }
}

static _Noreturn void fail(struct db *db, const struct statement *statement)
{
    sqlite3 *connection = own(db->connection)->handle;
    int code = sqlite3_extended_errcode(connection);
    if (code == SQLITE_INTERRUPT)
        store__log("%s: stopped: it ran longer than %d s", statement->name,
                   db->store->read_seconds_max);
    else
        store__log("%s: %s (SQLite %d)", statement->name, sqlite3_errmsg(connection), code);
    store__fail(db, FAULT_STORE);
}

static sqlite3_stmt *prepare(struct db *db, const struct statement *statement, unsigned flags)
{
    sqlite3_stmt *handle = NULL;
    if (sqlite3_prepare_v3(own(db->connection)->handle, statement->sqlite, -1, flags, &handle,
                           NULL) != SQLITE_OK)
        fail(db, statement);
    assert(sqlite3_bind_parameter_count(handle) == statement->parameters);
    return handle;
}

static struct cached *cache_entry(struct sqlite_connection *connection, int number)
{
    size_t at = (size_t)number;
    if (at >= connection->cached) {
        size_t more = (at + 1) * 2;
        connection->cache = arena_grow(connection->base.arena, connection->cache,
                                       connection->cached * sizeof *connection->cache,
                                       more * sizeof *connection->cache);
        connection->cached = more;
    }
    return &connection->cache[at];
}

static struct taken take(struct db *db, const struct statement *statement)
{
    if (store__test_fails(db->store)) {
        store__log("%s: fails for a test", statement->name);
        store__fail(db, FAULT_STORE);
    }
    if (statement->number < 0)
        return (struct taken){prepare(db, statement, 0), SUBSTITUTE};
    struct cached *entry = cache_entry(own(db->connection), statement->number);
    if (entry->is_running)
        return (struct taken){prepare(db, statement, 0), SUBSTITUTE};
    if (entry->statement != statement) {
        sqlite3_finalize(entry->handle);
        *entry = (struct cached){0};
        entry->handle = prepare(db, statement, SQLITE_PREPARE_PERSISTENT);
        entry->statement = statement;
    }
    entry->is_running = true;
    return (struct taken){entry->handle, statement->number};
}

static bool bind(sqlite3_stmt *handle, int count, const struct value *parameters,
                 sqlite3_destructor_type lifetime)
{
    int code = SQLITE_OK;
    for (int i = 0; i < count && code == SQLITE_OK; i++) {
        const struct value *value = &parameters[i];
        const char *bytes = value->bytes == NULL ? "" : value->bytes;
        if (value->is_null)
            code = sqlite3_bind_null(handle, i + 1);
        else if (value->type == STORE_INTEGER)
            code = sqlite3_bind_int64(handle, i + 1, value->integer);
        else if (value->type == STORE_TEXT)
            code = sqlite3_bind_text64(handle, i + 1, bytes, value->length, lifetime, SQLITE_UTF8);
        else
            code = sqlite3_bind_blob64(handle, i + 1, bytes, value->length, lifetime);
    }
    return code == SQLITE_OK;
}

static int64_t sqlite_change(struct db *db, const struct statement *statement,
                             const struct value *parameters)
{
    struct taken taken = take(db, statement);
    bool done = bind(taken.handle, statement->parameters, parameters, SQLITE_STATIC);
    if (done) {
        int code = sqlite3_step(taken.handle);
        while (code == SQLITE_ROW)
            code = sqlite3_step(taken.handle);
        done = code == SQLITE_DONE;
    }
    int64_t changed = sqlite3_changes64(own(db->connection)->handle);
    give(db, taken);
    if (!done)
        fail(db, statement);
    return changed;
}

static void sqlite_change_later(struct db *db, const struct statement *statement,
                                const struct value *parameters)
{
    sqlite_change(db, statement, parameters);
}

static void sqlite_flush(struct db *db)
{
    (void)db;
}

static bool step(struct sqlite_cursor *cursor)
{
    int code = sqlite3_step(cursor->taken.handle);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        fail(cursor->base.db, cursor->base.statement);
    return code == SQLITE_ROW;
}

static struct cursor *sqlite_query(struct db *db, const struct statement *statement,
                                   const struct value *parameters)
{
    struct sqlite_cursor *cursor = arena_one(db->ctx->arena, struct sqlite_cursor);
    cursor->base = (struct cursor){.db = db, .statement = statement};
    cursor->taken = take(db, statement);
    cursor->base.next = db->open;
    db->open = &cursor->base;
    if (!bind(cursor->taken.handle, statement->parameters, parameters, SQLITE_TRANSIENT))
        fail(db, statement);
    if (statement->writes) {
        cursor->has_first = step(cursor);
        cursor->is_at_first = true;
    }
    return &cursor->base;
}

static bool sqlite_next(struct cursor *base)
{
    struct sqlite_cursor *cursor = (struct sqlite_cursor *)base;
    if (cursor->is_at_first) {
        cursor->is_at_first = false;
        return cursor->has_first;
    }
    return step(cursor);
}

static void sqlite_end(struct cursor *base)
{
    give(base->db, ((struct sqlite_cursor *)base)->taken);
}

static sqlite3_stmt *handle_of(struct cursor *cursor)
{
    assert(!cursor->ended && "a column of a result that was ended");
    return ((struct sqlite_cursor *)cursor)->taken.handle;
}

static bool sqlite_is_null(struct cursor *cursor, int column)
{
    return sqlite3_column_type(handle_of(cursor), column) == SQLITE_NULL;
}

static int64_t sqlite_integer(struct cursor *cursor, int column)
{
    return sqlite3_column_int64(handle_of(cursor), column);
}

static const void *sqlite_bytes(struct cursor *cursor, int column, size_t *ret_length)
{
    sqlite3_stmt *handle = handle_of(cursor);
    const void *bytes = sqlite3_column_blob(handle, column);
    *ret_length = (size_t)sqlite3_column_bytes(handle, column);
    bool is_null = bytes == NULL && sqlite3_column_type(handle, column) == SQLITE_NULL;
    return bytes == NULL && !is_null ? "" : bytes;
}

const struct engine store__sqlite = {
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .usable = sqlite_usable,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .script = sqlite_script,
    .change = sqlite_change,
    .change_later = sqlite_change_later,
    .flush = sqlite_flush,
    .query = sqlite_query,
    .next = sqlite_next,
    .end = sqlite_end,
    .is_null = sqlite_is_null,
    .integer = sqlite_integer,
    .bytes = sqlite_bytes,
};
