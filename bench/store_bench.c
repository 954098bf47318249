/*
 * What the store costs beside the bare engine, measured in the same run: committed writes and point
 * reads a second, against a loop of fdatasync and against SQLite's library called directly.
 *
 *     store_bench FOLDER                                SQLite, in files of FOLDER
 *     DIANJI_TEST_DB=postgresql://… store_bench         PostgreSQL, in a schema of its own
 *
 * Prints the document that script/bench describes.
 */
#include <fcntl.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "store/store_example.h"
#include "store/store_fixture.h"

enum { ROUNDS = 3, THREADS_MAX = 32, ROWS_READ = 100000, BLOCK = 4096 + 24 };

/* One kind of work, done by some threads for a second, some rounds over. */
struct load {
    const char *what;
    int threads;
    bool (*once)(struct load *load, int thread, int64_t n, struct arena *arena);
    struct store *store;
    sqlite3 *raw[THREADS_MAX];
    sqlite3_stmt *statement[THREADS_MAX];
    PGconn *server[THREADS_MAX];
    int file;
    int rows;      /* in a transaction of raw SQLite; blocks that are overwritten */
    int64_t first; /* n of the round's first */
    _Atomic int64_t done;
    _Atomic bool stop;
};

struct hand {
    struct load *load;
    int number;
    pthread_t thread;
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static _Noreturn void stop(const char *what)
{
    fprintf(stderr, "store_bench: %s\n", what);
    exit(1);
}

static void *work_on(void *argument)
{
    struct hand *hand = argument;
    struct arena *arena = arena_new(16 * 1024 * 1024);
    for (int64_t n = hand->load->first; !hand->load->stop; n++) {
        if (!hand->load->once(hand->load, hand->number, n, arena))
            stop(hand->load->what);
        hand->load->done++;
        arena_reset(arena);
    }
    arena_free(arena);
    return NULL;
}

/* Times a second. */
static int64_t measure_once(struct load *load)
{
    struct hand hands[THREADS_MAX];
    load->done = 0;
    load->stop = false;
    int64_t since_us = now_us();
    for (int i = 0; i < load->threads; i++) {
        hands[i] = (struct hand){.load = load, .number = i};
        if (pthread_create(&hands[i].thread, NULL, work_on, &hands[i]) != 0)
            stop("pthread_create");
    }
    nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
    load->stop = true;
    for (int i = 0; i < load->threads; i++)
        pthread_join(hands[i].thread, NULL);
    load->first += load->done;
    return load->done * 1000000 / (now_us() - since_us);
}

/* The best round: what else the machine does can only make it slower. */
static int64_t measure(struct load *load)
{
    int64_t best = 0;
    for (int i = 0; i < ROUNDS; i++) {
        int64_t rate = measure_once(load);
        best = rate > best ? rate : best;
    }
    fprintf(stderr, "%s: %lld/s\n", load->what, (long long)best);
    return best;
}

/* --- the document --------------------------------------------------------------------------- */

static void print_row(const char *what, int64_t rate, int64_t limit, const char *limit_name)
{
    static bool begun; /* allowed: whether a comma is due */
    printf("%s\n {\"what\": \"%s\", \"value\": %lld, \"unit\": \"/s\"", begun ? "," : "", what,
           (long long)rate);
    if (limit > 0)
        printf(", \"beside\": \"%lld %% of %s\"", (long long)(100 * rate / limit), limit_name);
    printf("}");
    begun = true;
}

/* --- the bare limits ------------------------------------------------------------------------ */

static bool sync_once(struct load *load, int thread, int64_t n, struct arena *arena)
{
    static const char block[BLOCK];
    (void)thread;
    (void)arena;
    int64_t at = load->rows > 0 ? n % load->rows : n;
    return pwrite(load->file, block, sizeof block, at * BLOCK) == BLOCK &&
           fdatasync(load->file) == 0;
}

static sqlite3 *open_raw(const char *path)
{
    sqlite3 *raw;
    if (sqlite3_open(path, &raw) != SQLITE_OK ||
        sqlite3_exec(raw,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                     "PRAGMA wal_autocheckpoint = 16000; PRAGMA cache_size = -64000",
                     NULL, NULL, NULL) != SQLITE_OK)
        stop(sqlite3_errmsg(raw));
    sqlite3_exec(raw, example_step.sqlite, NULL, NULL, NULL);
    return raw;
}

static sqlite3_stmt *prepare_raw(sqlite3 *raw, const struct statement *statement)
{
    sqlite3_stmt *handle = NULL;
    if (sqlite3_prepare_v2(raw, statement->sqlite, -1, &handle, NULL) != SQLITE_OK)
        stop(sqlite3_errmsg(raw));
    return handle;
}

static bool insert_raw(sqlite3_stmt *handle, int64_t id)
{
    char word[32];
    int length = snprintf(word, sizeof word, "word-%lld", (long long)id);
    sqlite3_bind_int64(handle, 1, id);
    sqlite3_bind_text(handle, 2, word, length, SQLITE_STATIC);
    sqlite3_bind_int64(handle, 3, id % 1000);
    sqlite3_step(handle);
    return sqlite3_reset(handle) == SQLITE_OK;
}

static int64_t new_id(const struct load *load, int thread, int64_t n)
{
    return ROWS_READ + 1 + n * load->threads + thread;
}

static bool write_raw(struct load *load, int thread, int64_t n, struct arena *arena)
{
    (void)arena;
    bool good = true;
    if (load->rows > 1)
        sqlite3_exec(load->raw[thread], "BEGIN", NULL, NULL, NULL);
    for (int i = 0; i < load->rows; i++)
        good &= insert_raw(load->statement[thread], new_id(load, thread, n * load->rows + i));
    if (load->rows > 1)
        good &= sqlite3_exec(load->raw[thread], "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
    return good;
}

static bool read_raw(struct load *load, int thread, int64_t n, struct arena *arena)
{
    sqlite3_stmt *handle = load->statement[thread];
    sqlite3_bind_int64(handle, 1, 1 + (n * 7919 + thread) % ROWS_READ);
    bool found = sqlite3_step(handle) == SQLITE_ROW &&
                 arena_text(arena, (const char *)sqlite3_column_text(handle, 1)) != NULL &&
                 sqlite3_column_int64(handle, 2) >= 0;
    sqlite3_reset(handle);
    return found;
}

/* --- the store ------------------------------------------------------------------------------ */

static bool put(struct ctx *ctx, void *argument)
{
    int64_t id = *(int64_t *)argument;
    const char *word = arena_printf(ctx->arena, "word-%lld", (long long)id);
    example_put_later(ctx, &(struct example_row){.id = id, .word = word, .amount = id % 1000});
    return true;
}

static bool write_store(struct load *load, int thread, int64_t n, struct arena *arena)
{
    struct ctx ctx = {.arena = arena};
    int64_t id = new_id(load, thread, n);
    return store_write(load->store, &ctx, put, &id) == STORE_DONE;
}

static bool get(struct ctx *ctx, void *argument)
{
    struct value values[1] = {{.type = STORE_INTEGER, .integer = *(int64_t *)argument}};
    struct cursor *cursor = db_query(ctx, &example_get, values);
    bool found = db_next(cursor) && db_text(cursor, 1) != NULL && db_integer(cursor, 2) >= 0;
    db_end(cursor);
    return found;
}

static bool read_store(struct load *load, int thread, int64_t n, struct arena *arena)
{
    struct ctx ctx = {.arena = arena};
    int64_t id = 1 + (n * 7919 + thread) % ROWS_READ;
    return store_read(load->store, &ctx, get, &id) == STORE_DONE;
}

static bool put_all(struct ctx *ctx, void *argument)
{
    (void)argument;
    for (int64_t id = 1; id <= ROWS_READ; id++) {
        char word[32];
        snprintf(word, sizeof word, "word-%lld", (long long)id);
        example_put_later(ctx, &(struct example_row){.id = id, .word = word, .amount = id % 1000});
    }
    return true;
}

static bool forget_new(struct ctx *ctx, void *argument)
{
    static const struct statement forget = {
        .name = "example.forget",
        .sqlite = "DELETE FROM example WHERE id > ?1",
        .postgres = "DELETE FROM example WHERE id > $1",
        .number = -1,
        .parameters = 1,
        .writes = true,
    };
    (void)argument;
    db_change(ctx, &forget, &(struct value){.type = STORE_INTEGER, .integer = ROWS_READ});
    return true;
}

static struct store *open_store(const char *url, struct arena *arena)
{
    struct message fault = {0};
    struct ctx ctx = {.arena = arena};
    struct store_options options = {.url = url, .connections_max = THREADS_MAX, .create = true};
    struct store *store = store_open(&options, arena, &fault);
    if (store == NULL || !example_migrate(store, arena, &fault))
        stop(fault.key);
    int64_t since_us = now_us();
    if (store_write(store, &ctx, put_all, NULL) != STORE_DONE)
        stop("put_all");
    print_row("store, rows of one transaction", ROWS_READ * 1000000LL / (now_us() - since_us), 0,
              NULL);
    return store;
}

/* --- what is compared ------------------------------------------------------------------------- */

static int64_t bare_writes(const char *folder, int rows)
{
    char path[512];
    char what[64];
    snprintf(path, sizeof path, "%s/raw-%d.db", folder, rows);
    snprintf(what, sizeof what, "bare SQLite, %d row%s a commit", rows, rows == 1 ? "" : "s");
    struct load load = {.what = what, .threads = 1, .once = write_raw, .rows = rows};
    load.raw[0] = open_raw(path);
    load.statement[0] = prepare_raw(load.raw[0], &example_insert);
    int64_t rate = measure(&load) * rows;
    print_row(what, rate, 0, NULL);
    sqlite3_finalize(load.statement[0]);
    sqlite3_close(load.raw[0]);
    return rate;
}

static void bare_syncs(const char *folder)
{
    char path[512];
    snprintf(path, sizeof path, "%s/raw-sync", folder);
    struct load load = {.what = "pwrite + fdatasync, extending", .threads = 1, .once = sync_once};
    load.file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    print_row(load.what, measure(&load), 0, NULL);
    load.what = "pwrite + fdatasync, overwriting";
    load.rows = 1000;
    print_row(load.what, measure(&load), 0, NULL);
    close(load.file);
}

/* A connection a thread, set up as the store's readers are. */
static int64_t bare_reads(const char *path, int threads)
{
    char what[64];
    snprintf(what, sizeof what, "bare SQLite, point reads, %d thread%s", threads,
             threads == 1 ? "" : "s");
    struct load load = {.what = what, .threads = threads, .once = read_raw};
    for (int i = 0; i < threads; i++) {
        if (sqlite3_open_v2(path, &load.raw[i], SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) !=
            SQLITE_OK)
            stop(path);
        sqlite3_exec(load.raw[i], "PRAGMA cache_size = -8192", NULL, NULL, NULL);
        load.statement[i] = prepare_raw(load.raw[i], &example_get);
    }
    int64_t rate = measure(&load);
    print_row(load.what, rate, 0, NULL);
    for (int i = 0; i < threads; i++) {
        sqlite3_finalize(load.statement[i]);
        sqlite3_close(load.raw[i]);
    }
    return rate;
}

static void store_rate(struct store *store, const char *verb, int threads, int64_t limit,
                       const char *limit_name)
{
    char what[64];
    bool reads = verb[0] == 'r';
    snprintf(what, sizeof what, "store, %s, %d thread%s", verb, threads, threads == 1 ? "" : "s");
    struct load load = {.what = what, .threads = threads, .store = store};
    load.once = reads ? read_store : write_store;
    print_row(what, measure(&load), limit, limit_name);
    struct arena *arena = arena_new(1024 * 1024);
    struct ctx ctx = {.arena = arena};
    if (!reads && store_write(store, &ctx, forget_new, NULL) != STORE_DONE)
        stop("forget_new");
    arena_free(arena);
}

static void compare_sqlite(const char *folder, struct arena *arena)
{
    printf("{\"about\": \"one-row transactions and point reads of SQLite, beside its bare library; "
           "every answered write is on the disk\",\n\"rows\": [");
    bare_syncs(folder);
    const char *url = arena_printf(arena, "sqlite:%s/store.db", folder);
    struct store *store = open_store(url, arena);
    int64_t bare_1 = bare_writes(folder, 1);
    store_rate(store, "writes", 1, bare_1, "bare SQLite, 1 row a commit");
    int64_t bare_8 = bare_writes(folder, 8);
    store_rate(store, "writes", 8, bare_8, "bare SQLite, 8 rows a commit");
    int64_t bare_32 = bare_writes(folder, 32);
    store_rate(store, "writes", 32, bare_32, "bare SQLite, 32 rows a commit");
    static const int threads[] = {1, 2, 8, 32};
    for (size_t i = 0; i < sizeof threads / sizeof *threads; i++) {
        int64_t bare = bare_reads(url + strlen("sqlite:"), threads[i]);
        store_rate(store, "reads", threads[i], bare, "bare SQLite");
    }
    printf("]}\n");
    store_close(store);
}

/* --- PostgreSQL ------------------------------------------------------------------------------ */

static bool write_raw_postgres(struct load *load, int thread, int64_t n, struct arena *arena)
{
    int64_t id = new_id(load, thread, n);
    const char *values[] = {arena_printf(arena, "%lld", (long long)id),
                            arena_printf(arena, "word-%lld", (long long)id),
                            arena_printf(arena, "%lld", (long long)(id % 1000)), NULL, NULL};
    PGresult *result =
        PQexecPrepared(load->server[thread], "insert", 5, values, NULL, NULL, /* text= */ 0);
    bool good = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return good;
}

static bool read_raw_postgres(struct load *load, int thread, int64_t n, struct arena *arena)
{
    int64_t id = 1 + (n * 7919 + thread) % ROWS_READ;
    const char *values[] = {arena_printf(arena, "%lld", (long long)id)};
    PGresult *result =
        PQexecPrepared(load->server[thread], "get", 1, values, NULL, NULL, /* text= */ 0);
    bool good = PQntuples(result) == 1;
    PQclear(result);
    return good;
}

/* One statement a transaction, as the server itself makes it where nobody says BEGIN. */
static int64_t bare_postgres(struct store_fixture *house, const char *verb, int threads)
{
    char what[64];
    bool reads = verb[0] == 'r';
    snprintf(what, sizeof what, "bare libpq, %s, %d thread%s", verb, threads,
             threads == 1 ? "" : "s");
    struct load load = {.what = what, .threads = threads};
    load.once = reads ? read_raw_postgres : write_raw_postgres;
    for (int i = 0; i < threads; i++) {
        load.server[i] = PQconnectdb(house->url);
        PQclear(PQprepare(load.server[i], "insert", example_insert.postgres, 0, NULL));
        PQclear(PQprepare(load.server[i], "get", example_get.postgres, 0, NULL));
    }
    int64_t rate = measure(&load);
    print_row(what, rate, 0, NULL);
    for (int i = 0; i < threads; i++)
        PQfinish(load.server[i]);
    if (!reads && store_write(house->store, &house->ctx, forget_new, NULL) != STORE_DONE)
        stop("forget_new");
    return rate;
}

static void compare_postgres(struct arena *arena)
{
    static const int threads[] = {1, 8, 32};
    static const char *const verbs[] = {"writes", "reads"};
    printf("{\"about\": \"serializable one-row transactions and point reads of PostgreSQL, beside "
           "bare libpq at READ COMMITTED\",\n\"rows\": [");
    struct store_fixture *house = store_fixture_open();
    struct store *store = open_store(house->url, arena);
    for (size_t i = 0; i < 6; i++) {
        int64_t bare = bare_postgres(house, verbs[i / 3], threads[i % 3]);
        store_rate(store, verbs[i / 3], threads[i % 3], bare, "bare libpq");
    }
    printf("]}\n");
    store_close(store);
    store_fixture_close(house);
}

int main(int count, char **words)
{
    struct arena *arena = arena_new(64 * 1024 * 1024);
    if (count == 2)
        compare_sqlite(words[1], arena);
    else
        compare_postgres(arena);
    arena_free(arena);
    return 0;
}
