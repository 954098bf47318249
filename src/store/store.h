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
 * PostgreSQL: pooled connections. A write is SERIALIZABLE and run again when the server asks for
 * it; a read sees one snapshot and never fails for that reason. What needs no answer is not waited
 * for.
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
    const char *url;      /* sqlite:PATH, sqlite::memory:, or a postgresql:// connection string */
    int connections_max;  /* readers (SQLite) or connections (PostgreSQL); 0: a sensible default */
    int read_seconds_max; /* a read that takes longer is stopped and fails; 0: no limit */
    bool create;          /* make the SQLite file where it is missing */
};

/* The store lives until store_close(). NULL on failure, with a message for the operator. */
struct store *store_open(const struct store_options *options, struct arena *arena,
                         struct message *ret_fault);
void store_close(struct store *store); /* accepts NULL; waits for running work */
enum store_engine store_engine(const struct store *store);

/*
 * Makes this process the one that writes to the SQLite file; false, naming the process that already
 * does, where there is one. The first write would do it too: a server asks at its start. Always
 * true on PostgreSQL. Reading needs no claim: other processes may read a file that a server writes.
 */
bool store_claim_writer(struct store *store, struct arena *arena, struct message *ret_fault);

enum store_result {
    STORE_DONE,    /* the work returned true; a write is on the disk */
    STORE_REFUSED, /* the work returned false: nothing was changed */
    STORE_FAILED, /* the database failed (logged): nothing was changed, as far as anyone was told */
    STORE_MEMORY, /* the arena's limit was reached: nothing was changed */
};

/*
 * Runs work(ctx, argument) in one transaction with ctx->db open. A write may be run again from its
 * start (serialisation, a neighbour's failure in the same group), and on SQLite may run in another
 * request's thread: the work must touch nothing but its ctx, its argument and the database, and
 * must set the whole of what it returns through `argument` each time. It must be short: SQLite has
 * one writer. A read that calls a writing statement, or work that opens a second transaction, is a
 * bug (asserted). A refusal is answered, too, only when what it saw is on the disk.
 */
typedef bool store_work(struct ctx *ctx, void *argument);
enum store_result store_read(struct store *store, struct ctx *ctx, store_work *work,
                             void *argument);
enum store_result store_write(struct store *store, struct ctx *ctx, store_work *work,
                              void *argument);

/*
 * Work that follows every write before anyone is answered (the ledger folds its counters). One
 * hook, set at start; it gets a ctx of its own: the time, ids and pack of one of the writes that it
 * follows, no actor. It must find by itself what is to be done, and nothing where nothing is.
 *
 * SQLite: once a group, inside the group's commit. Where it fails, the group is rolled back and
 * each of its works is run again alone, so that it fails only with the one that it cannot follow.
 * PostgreSQL: in a transaction of its own behind the commit, one at a time among all processes; one
 * run may follow many writes. Where it fails the writes stand, and the next one's run catches up.
 */
void store_set_afterwork(struct store *store, store_work *work, void *argument);

/*
 * What an open store goes on needing of the file system and the network, for a server that gives
 * up the rest. Lists end in NULL, or are NULL; not everything in them has to be there.
 */
struct store_files {
    const char *const *readable;
    const char *const *writable;
    bool connects; /* opens new connections */
};
struct store_files store_files(const struct store *store, struct arena *arena);

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
    STORE_SCHEMA_UNREADABLE, /* the database failed; logged */
};
enum store_schema store_schema(struct store *store);
/* Applies what is missing; true when the schema is then current. Safe to run again. */
bool store_migrate(struct store *store, struct arena *arena, struct message *ret_fault);

/* --- for generated code only --- */

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
    const char *bytes; /* text (ends in NUL) or bytes; must live until the call returns */
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

/*
 * Runs a writing statement without result; the number of rows that it changed. What the database
 * refuses (a constraint) is a fault: rules guard their statements, ON CONFLICT DO NOTHING.
 */
int64_t db_change(struct ctx *ctx, const struct statement *statement,
                  const struct value *parameters);
/*
 * As db_change(), where the number does not matter: PostgreSQL is not waited for until the next
 * statement with a result or the commit, and a failure unwinds there.
 */
void db_change_later(struct ctx *ctx, const struct statement *statement,
                     const struct value *parameters);

/*
 * Opens a result (also of INSERT … RETURNING, which is then carried out). Rows are read by
 * db_next() until it returns false, which also ends the result; db_end() ends it early and may be
 * left out at the end of the transaction. Other statements, and the same one, may run meanwhile;
 * whether rows that they change show up in a result that is still being read depends on the engine.
 */
struct cursor;
struct cursor *db_query(struct ctx *ctx, const struct statement *statement,
                        const struct value *parameters);
bool db_next(struct cursor *cursor);
struct ctx *db_ctx(const struct cursor *cursor); /* of the transaction that it belongs to */
void db_end(struct cursor *cursor);
bool db_is_null(struct cursor *cursor, int column);
int64_t db_integer(struct cursor *cursor, int column);
/* Copies into the arena of the transaction's ctx; NULL for NULL. */
const char *db_text(struct cursor *cursor, int column);
const void *db_bytes(struct cursor *cursor, int column, size_t *ret_length);

/* --- for tests only --- */

/* Lets `calls` more statements or commits succeed, then fails each; negative: never. */
void store_test_fail_after(struct store *store, int64_t calls);

#endif
