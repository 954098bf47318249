/*
 * Inside the store: what the two engines do, what the runners need of them, and the structures that
 * both know. Nothing outside this room includes it.
 *
 * An engine's functions come in two kinds. Those on a connection (begin, commit …) report success,
 * as they are called where there is nothing to unwind to; each has logged its failure. Those on a
 * db run inside a room's work, and unwind with store__fail().
 */
#ifndef DIANJI_STORE_ENGINE_H
#define DIANJI_STORE_ENGINE_H

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

#include "store/store.h"

enum store__mode {
    STORE__READ,
    STORE__WRITE,
    STORE__AFTERWORK, /* PostgreSQL: a write that is alone among all processes */
    STORE__MIGRATION, /* PostgreSQL: sees what others committed while it waited for its turn */
};

/* The head of each engine's own connection; used by one thread at a time. */
struct connection {
    struct store *store;
    struct arena *arena; /* the connection and its statement cache */
};

struct db {
    struct store *store;
    struct connection *connection;
    struct ctx *ctx;
    bool writes;
    enum fault fault;    /* sticky: a database that failed once commits nothing more of this work */
    struct cursor *open; /* results that are not ended */
};

/* The head of each engine's own cursor. */
struct cursor {
    struct db *db;
    struct cursor *next;
    const struct statement *statement;
    bool ended;
};

/* Why something could not be had, for the operator; needs no arena. */
struct why {
    char text[256];
};

enum store__commit {
    STORE__COMMITTED,
    STORE__ROLLED_BACK,
    STORE__CONFLICT, /* rolled back; worth running again */
    STORE__UNKNOWN,  /* the connection was lost on the way: nobody can tell */
};

struct engine {
    /* NULL with a reason where it cannot be had. */
    struct connection *(*connect)(struct store *store, bool writer, struct why *ret_why);
    void (*disconnect)(struct connection *connection);
    /* Still there? Without a round trip. */
    bool (*usable)(struct connection *connection);
    bool (*begin)(struct connection *connection, enum store__mode mode);
    enum store__commit (*commit)(struct connection *connection);
    void (*rollback)(struct connection *connection);
    /* Several statements of a schema step, inside a transaction; the reason where they fail. */
    bool (*script)(struct connection *connection, const char *sql, struct why *ret_why);

    int64_t (*change)(struct db *db, const struct statement *statement,
                      const struct value *parameters);
    void (*change_later)(struct db *db, const struct statement *statement,
                         const struct value *parameters);
    void (*flush)(struct db *db); /* what change_later left */
    struct cursor *(*query)(struct db *db, const struct statement *statement,
                            const struct value *parameters);
    bool (*next)(struct cursor *cursor);
    void (*end)(struct cursor *cursor);
    bool (*is_null)(struct cursor *cursor, int column);
    int64_t (*integer)(struct cursor *cursor, int column);
    /* Valid until the next row. */
    const void *(*bytes)(struct cursor *cursor, int column, size_t *ret_length);
};
extern const struct engine store__sqlite;
extern const struct engine store__postgres;

/* --- the pool (store_pool.c) -------------------------------------------------------------- */

struct slot {
    _Alignas(64) atomic_flag taken;
    struct connection *connection; /* NULL until it is first needed */
};
struct pool {
    int count;
    struct slot *slots;
    _Atomic int waiting; /* threads that found all slots taken */
    pthread_mutex_t lock;
    pthread_cond_t given;
};
void store__pool_open(struct pool *pool, struct arena *arena, int count);
void store__pool_close(struct store *store, struct pool *pool); /* waits for those in use */
/* A slot with a usable connection, or NULL where there is none in time or none can be made
 * (logged). */
struct slot *store__pool_take(struct store *store, struct pool *pool);
void store__pool_give(struct pool *pool, struct slot *slot);
/* Drops the slot's connection: the next one who takes it gets a new one. */
void store__pool_drop(struct store *store, struct slot *slot);

/* --- SQLite's writer (store_group.c) ------------------------------------------------------ */

struct job;
struct group {
    pthread_mutex_t lock;
    struct job *first; /* waiting, oldest first */
    struct job **last;
    bool led;                  /* a thread is the leader; only it touches what follows */
    struct connection *writer; /* NULL until the first write */
    struct file_lock *lock_file;
    struct arena *arena; /* the afterwork's */
};
void store__group_open(struct group *group);
void store__group_close(struct store *store);
enum store_result store__group_run(struct store *store, struct ctx *ctx, bool writes,
                                   store_work *work, void *argument);
/* The writer for oneself (migration, fixtures): waits for its turn. NULL with a reason. */
struct connection *store__writer_take(struct store *store, struct why *ret_why);
void store__writer_give(struct store *store);

/* Of SQLite's connections alone. */
bool store__sqlite_savepoint(struct connection *connection, enum store__mode mode);
/* Keeps the savepoint's work; false where it left a deferred constraint violated, or failed. */
bool store__sqlite_release(struct connection *connection);
bool store__sqlite_rollback_to(struct connection *connection);
/* False after an error by which SQLite rolled the whole transaction back. */
bool store__sqlite_intact(struct connection *connection);

/* --- PostgreSQL's transactions (store_postgres_run.c) --- */

/* One run of the afterwork serves all writes that were committed before it began. */
struct follow {
    pthread_mutex_t lock;
    _Atomic int64_t committed;
    int64_t followed; /* of those committed; under the lock */
};
enum store_result store__postgres_read(struct store *store, struct ctx *ctx, store_work *work,
                                       void *argument);
enum store_result store__postgres_write(struct store *store, struct ctx *ctx, store_work *work,
                                        void *argument);

void store__postgres_open(struct store *store); /* what its transactions share */
void store__postgres_close(struct store *store);

/* --- shared --- */

struct store {
    struct arena *arena;
    const struct engine *engine;
    enum store_engine kind;
    const char *location; /* the file's path, "" for memory; or PostgreSQL's connection string */
    const char *user;     /* PostgreSQL's, of the first connection */
    int read_seconds_max;
    bool create;
    store_work *afterwork;
    void *afterwork_argument;
    _Atomic int64_t test_calls; /* store_test_fail_after() */
    struct pool pool;           /* readers; PostgreSQL's connections */
    char apart[64];             /* what every read looks at, from what every write changes */
    struct group group;
    struct follow follow;
    pthread_rwlock_t field; /* PostgreSQL: writes share it, unless one must be alone */
};

bool store__in_memory(const struct store *store);

/*
 * Runs the work on an open transaction (or savepoint) and ends what it left open. FAULT_NONE: it
 * answered; ret_agreed says what.
 */
enum fault store__run(struct db *db, store_work *work, void *argument, bool *ret_agreed);
enum store_result store__result_of(enum fault fault);
/* The afterwork's own ctx, after one of the writes that it follows. */
struct ctx store__afterwork_ctx(const struct ctx *write, struct arena *arena);

/* Marks the transaction as failed and unwinds. */
_Noreturn void store__fail(struct db *db, enum fault fault);
/* True where a test wants this statement or commit to fail. */
bool store__test_fails(struct store *store);
/* One line for the operator. Never a parameter's value: they are people's data. */
void store__log(const char *format, ...) __attribute__((format(printf, 1, 2)));
int64_t store__clock_ms(void); /* monotonic */
void store__why(struct why *ret_why, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* As store_migrate() and store_schema(), of given steps. */
enum store_schema store__schema_of(struct store *store, const struct schema_step *steps, int count);
bool store__migrate_to(struct store *store, const struct schema_step *steps, int count,
                       struct arena *arena, struct message *ret_fault);

/* Where a test's database lies (store_fixture_place.c). */
struct store_fixture;
void store__place_take(struct store_fixture *fixture, bool is_shared);
void store__place_give(struct store_fixture *fixture, bool is_as_migrated);
_Noreturn void store__place_stop(const char *what, const char *why);

/* Ends a result: runs what the engine defers for it, and takes it off the transaction's list. */
void store__end(struct cursor *cursor);

/* Which process writes to a SQLite file (store_lock.c). NULL with a reason where another one does.
 */
struct file_lock;
struct file_lock *store__lock_take(const char *path, struct arena *arena, struct why *ret_why);
void store__lock_give(struct file_lock *lock);

#endif
