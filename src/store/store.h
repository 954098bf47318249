/*
 * One small interface over SQLite and PostgreSQL.
 *
 * SQL is never written in C: each room keeps named, typed statements in <room>.sql, and the build
 * turns them into typed C functions (tools/README.md) that call db_change() and db_query() below. A
 * room sees only those functions and a ctx whose `db` is an open transaction.
 *
 * A database that fails, is full or busy never comes back as an error code: it is logged once,
 * here, with the statement's name, and unwinds to the transaction's runner (base/arena.h), which
 * rolls back, retries where the database asks for it, and answers with a store_result.
 *
 * SQLite: write-ahead log, synchronous=FULL, exactly one connection that writes and checkpoints
 * (Debian's 3.40.1 can corrupt a WAL database when one connection checkpoints while another
 * commits). Writers are combined: the calling thread that finds the writer free becomes its leader
 * and runs the waiting transactions of all threads, each in a savepoint, under one commit and one
 * fsync. Nobody is answered before that commit is on the disk. Readers are read-only connections
 * that never wait.
 *
 * PostgreSQL: pooled connections, each transaction SERIALIZABLE, retried when the server asks.
 */
#ifndef DIANJI_STORE_STORE_H
#define DIANJI_STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "base/message.h"

struct store; /* the open database: pools, the writer's queue */
struct db;    /* one transaction, on one connection, for one ctx */

enum store_engine { STORE_SQLITE, STORE_POSTGRES };

struct store_options {
    const char *url;     /* sqlite:PATH, sqlite::memory:, or a postgresql:// connection string */
    int connections_max; /* readers (SQLite) or connections (PostgreSQL); 0: a sensible default */
    bool create;         /* make the SQLite file where it is missing */
};

/* The store lives until store_close(). NULL on failure, with a message for the operator. */
struct store *store_open(const struct store_options *options, struct arena *arena,
                         struct message *ret_fault);
void store_close(struct store *store); /* accepts NULL; waits for running work */
enum store_engine store_engine(const struct store *store);

enum store_result {
    STORE_DONE,    /* the work returned true; a write is on the disk */
    STORE_REFUSED, /* the work returned false: nothing was changed */
    STORE_FAILED, /* the database failed (logged): nothing was changed, as far as anyone was told */
    STORE_MEMORY, /* the arena's limit was reached: nothing was changed */
};

/*
 * Runs work(ctx, argument) in one transaction with ctx->db open. A write may be run again from its
 * start (serialisation), and on SQLite may run in another request's thread: the work must touch
 * nothing but its ctx, its argument and the database, and must set the whole of what it returns
 * through `argument` each time. It must be short: SQLite has one writer. A read that calls a
 * writing statement is a bug (asserted).
 */
typedef bool store_work(struct ctx *ctx, void *argument);
enum store_result store_read(struct store *store, struct ctx *ctx, store_work *work,
                             void *argument);
enum store_result store_write(struct store *store, struct ctx *ctx, store_work *work,
                              void *argument);

/*
 * Work that follows every write before anyone is answered (the ledger folds its counters): on
 * SQLite inside the group's commit, on PostgreSQL in a transaction of its own right behind it,
 * serialised among processes by an advisory lock. One hook, set at start; it gets a ctx of its own.
 */
void store_set_afterwork(struct store *store, store_work *work, void *argument);

/*
 * Migration. Steps are numbered across the house, generated from src/<room>/schema/NNNN-name.sql in
 * both dialects, applied in order, one transaction each, and recorded with their hash. A database
 * that is newer than the program, or whose recorded hash differs, is refused.
 */
enum store_schema {
    STORE_SCHEMA_CURRENT,
    STORE_SCHEMA_EMPTY,
    STORE_SCHEMA_OLDER,
    STORE_SCHEMA_NEWER,
    STORE_SCHEMA_ALTERED,
};
enum store_schema store_schema(struct store *store);
/* Applies what is missing; true when the schema is then current. Safe to run again. */
bool store_migrate(struct store *store, struct arena *arena, struct message *ret_fault);

/* --- for generated code only
 * --------------------------------------------------------------------------------------- */

enum store_type { STORE_INTEGER, STORE_TEXT, STORE_BYTES };

struct statement {
    const char *name;     /* "training.class_by_id" */
    const char *sqlite;   /* with ?1 … */
    const char *postgres; /* with $1 … */
    int number;           /* its place in the house's list of statements: the cache's index */
    int parameters;
    int columns;
    bool writes;
    bool streams; /* its result may be large: never held whole in memory */
    const enum store_type *column_types;
    const enum store_type *parameter_types;
};

struct value {
    enum store_type type; /* set for NULL as well */
    bool is_null;
    int64_t integer;
    const char *bytes; /* text or bytes; must live until the call returns */
    size_t length;
};

extern const struct statement *const store_statements[]; /* generated: all, by number */
extern const int store_statements_count;

struct schema_step {
    int number;
    const char *name; /* "0042-voucher" */
    const char *room;
    const char *sqlite;
    const char *postgres;
    const char *sha256; /* of the source text, hexadecimal */
};
extern const struct schema_step store_schema_steps[]; /* generated, ascending */
extern const int store_schema_steps_count;

/* Runs a writing statement without result; the number of rows that it changed. */
int64_t db_change(struct ctx *ctx, const struct statement *statement,
                  const struct value *parameters);

/* The same where the number does not matter: on PostgreSQL it is sent on without waiting, and a
 * failure unwinds at the next call that waits. */
void db_change_later(struct ctx *ctx, const struct statement *statement,
                     const struct value *parameters);

/*
 * Opens a result (also of INSERT … RETURNING). Rows are read by db_next() until it returns false;
 * db_end() ends early. Other statements may run meanwhile, but not the same one.
 */
struct cursor;
struct cursor *db_query(struct ctx *ctx, const struct statement *statement,
                        const struct value *parameters);
bool db_next(struct cursor *cursor);
void db_end(struct cursor *cursor);
bool db_is_null(struct cursor *cursor, int column);
int64_t db_integer(struct cursor *cursor, int column);
/* Copies into the arena of the transaction's ctx; NULL for NULL. */
const char *db_text(struct cursor *cursor, int column);
const void *db_bytes(struct cursor *cursor, int column, size_t *ret_length);

/* --- for tests only
 * -------------------------------------------------------------------------------------------------
 */

/* Lets `calls` more statements or commits succeed, then fails each; negative: never. */
void store_test_fail_after(struct store *store, int64_t calls);

#endif
