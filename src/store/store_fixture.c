/* Fresh databases for tests; the contract is in store_fixture.h. */
#include "store/store_fixture.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/text.h"
#include "store/store_engine.h"

enum { FIXTURE_ARENA_BYTES = 256 * 1024 * 1024, NINE_O_CLOCK = 9 * 60 };

static _Noreturn void stop(const char *what, const char *why)
{
    fprintf(stderr, "store_fixture: %s: %s\n", what, why);
    exit(1);
}

static void check(bool good, const struct message *fault)
{
    const char *why = fault->arguments[0].value == NULL ? "" : fault->arguments[0].value;
    if (!good)
        stop(fault->key, why);
}

/* A schema of the fixture's own in the given database: much quicker than a database of its own. */
static void run_on_server(const char *url, const char *verb, const char *schema, const char *rest)
{
    char command[128];
    PGconn *handle = PQconnectdb(url);
    if (PQstatus(handle) != CONNECTION_OK)
        stop("PostgreSQL", PQerrorMessage(handle));
    snprintf(command, sizeof command, "SET client_min_messages = error; %s SCHEMA %s %s", verb,
             schema, rest);
    PGresult *result = PQexec(handle, command);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        stop(command, PQerrorMessage(handle));
    PQclear(result);
    PQfinish(handle);
}

static const char *postgres_url(struct store_fixture *fixture, const char *server)
{
    uint64_t random = 0;
    if (getrandom(&random, sizeof random, 0) != (ssize_t)sizeof random)
        stop("getrandom", "failed");
    snprintf(fixture->place, sizeof fixture->place, "test_%016llx", (unsigned long long)random);
    run_on_server(server, "CREATE", fixture->place, "");
    return arena_printf(fixture->arena, "%s%coptions=-csearch_path%%3D%s&application_name=%s",
                        server, strchr(server, '?') == NULL ? '?' : '&', fixture->place,
                        fixture->place);
}

static const char *file_url(struct store_fixture *fixture)
{
    const char *folder = getenv("TMPDIR") == NULL ? "/tmp" : getenv("TMPDIR");
    snprintf(fixture->place, sizeof fixture->place, "%s/dianji-test-XXXXXX", folder);
    int file = mkstemp(fixture->place);
    if (file < 0)
        stop("no temporary file", fixture->place);
    close(file);
    return arena_printf(fixture->arena, "sqlite:%s", fixture->place);
}

static void open_store(struct store_fixture *fixture)
{
    struct message fault = {0};
    struct store_options options = {.url = fixture->url, .create = true};
    fixture->store = store_open(&options, fixture->arena, &fault);
    check(fixture->store != NULL, &fault);
    check(store_migrate(fixture->store, fixture->arena, &fault), &fault);
}

static struct store_fixture *open_at(const char *(*in_sqlite)(struct store_fixture *))
{
    struct arena *arena = arena_new(FIXTURE_ARENA_BYTES);
    struct store_fixture *fixture = arena_one(arena, struct store_fixture);
    const char *wanted = getenv("DIANJI_TEST_DB");
    fixture->arena = arena;
    fixture->ctx.arena = arena;
    fixture->ctx.ids = &fixture->ids;
    if (text_empty(wanted) || text_equal(wanted, "sqlite"))
        fixture->url = in_sqlite(fixture);
    else if (text_equal(wanted, "sqlite-file"))
        fixture->url = file_url(fixture);
    else
        fixture->url = postgres_url(fixture, wanted);
    open_store(fixture);
    struct day day = DAY_NONE;
    if (!day_of_civil((struct civil){2025, 3, 3}, &day))
        stop("the fixture's day", "is none");
    store_fixture_day(fixture, day);
    return fixture;
}

static const char *memory_url(struct store_fixture *fixture)
{
    (void)fixture;
    return "sqlite::memory:";
}

struct store_fixture *store_fixture_open(void)
{
    return open_at(memory_url);
}

struct store_fixture *store_fixture_open_shared(void)
{
    return open_at(file_url);
}

static void remove_files(const char *path)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-lock"};
    char name[160];
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        unlink(name);
    }
}

void store_fixture_close(struct store_fixture *fixture)
{
    bool is_sqlite = text_starts(fixture->url, "sqlite:");
    if (fixture->db != NULL)
        store_fixture_rollback(fixture);
    store_close(fixture->store);
    if (is_sqlite && *fixture->place != '\0')
        remove_files(fixture->place);
    if (!is_sqlite)
        run_on_server(getenv("DIANJI_TEST_DB"), "DROP", fixture->place, "CASCADE");
    arena_free(fixture->arena);
}

int store_fixture_setup(void **state)
{
    *state = store_fixture_open();
    return 0;
}

int store_fixture_teardown(void **state)
{
    store_fixture_close(*state);
    return 0;
}

void store_fixture_day(struct store_fixture *fixture, struct day day)
{
    fixture->ctx.today = day;
    fixture->ctx.now = day_at(day, NINE_O_CLOCK);
}

/* --- a transaction around a part of a test --- */

static struct connection *take_connection(struct store_fixture *fixture)
{
    struct why why;
    if (store_engine(fixture->store) == STORE_SQLITE) {
        struct connection *writer = store__writer_take(fixture->store, &why);
        if (writer == NULL)
            stop("no writer", why.text);
        return writer;
    }
    fixture->slot = store__pool_take(fixture->store, &fixture->store->pool);
    if (fixture->slot == NULL)
        stop("no connection", "");
    return fixture->slot->connection;
}

static void give_connection(struct store_fixture *fixture)
{
    fixture->ctx.db = NULL;
    fixture->db = NULL;
    if (store_engine(fixture->store) == STORE_SQLITE)
        store__writer_give(fixture->store);
    else
        store__pool_give(&fixture->store->pool, fixture->slot);
}

struct ctx *store_fixture_begin(struct store_fixture *fixture)
{
    struct store *store = fixture->store;
    struct db *db = arena_one(fixture->arena, struct db);
    *db = (struct db){.store = store, .ctx = &fixture->ctx, .writes = true};
    db->connection = take_connection(fixture);
    if (!store->engine->begin(db->connection, STORE__WRITE))
        stop("no transaction", "");
    fixture->db = db;
    fixture->ctx.db = db;
    return &fixture->ctx;
}

static void end_cursors(struct db *db)
{
    while (db->open != NULL)
        store__end(db->open);
}

static bool agree(struct ctx *ctx, void *argument)
{
    (void)ctx;
    (void)argument;
    return true;
}

void store_fixture_commit(struct store_fixture *fixture)
{
    struct store *store = fixture->store;
    struct db *db = fixture->db;
    store->engine->flush(db);
    end_cursors(db);
    if (store->engine->commit(db->connection) != STORE__COMMITTED)
        stop("the commit", "failed");
    give_connection(fixture);
    /* What follows each write comes with a write of its own. */
    if (store->afterwork != NULL && store_write(store, &fixture->ctx, agree, NULL) != STORE_DONE)
        stop("the afterwork", "failed");
}

void store_fixture_rollback(struct store_fixture *fixture)
{
    end_cursors(fixture->db);
    fixture->store->engine->rollback(fixture->db->connection);
    give_connection(fixture);
}
