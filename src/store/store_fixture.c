/* Fresh databases for tests; the contract is in store_fixture.h. */
#include "store/store_fixture.h"

#include "store/store_engine.h"

enum { FIXTURE_ARENA_BYTES = 256 * 1024 * 1024, NINE_O_CLOCK = 9 * 60 };

static void check(bool good, const struct message *fault)
{
    const char *why = fault->arguments[0].value == NULL ? "" : fault->arguments[0].value;
    if (!good)
        store__place_stop(fault->key, why);
}

static void open_store(struct store_fixture *fixture)
{
    struct message fault = {0};
    struct store_options options = {.url = fixture->url, .create = true};
    fixture->store = store_open(&options, fixture->arena, &fault);
    check(fixture->store != NULL, &fault);
    check(store_migrate(fixture->store, fixture->arena, &fault), &fault);
}

static struct store_fixture *open_at(bool is_shared)
{
    struct arena *arena = arena_new(FIXTURE_ARENA_BYTES);
    struct store_fixture *fixture = arena_one(arena, struct store_fixture);
    fixture->arena = arena;
    fixture->ctx.arena = arena;
    fixture->ctx.ids = &fixture->ids;
    store__place_take(fixture, is_shared);
    open_store(fixture);
    struct day day = DAY_NONE;
    if (!day_of_civil((struct civil){2025, 3, 3}, &day))
        store__place_stop("the fixture's day", "is none");
    store_fixture_day(fixture, day);
    return fixture;
}

struct store_fixture *store_fixture_open(void)
{
    return open_at(/* is_shared= */ false);
}

struct store_fixture *store_fixture_open_shared(void)
{
    return open_at(/* is_shared= */ true);
}

void store_fixture_close(struct store_fixture *fixture)
{
    if (fixture->db != NULL)
        store_fixture_rollback(fixture);
    bool is_as_migrated =
        fixture->store != NULL && store_schema(fixture->store) == STORE_SCHEMA_CURRENT;
    store_close(fixture->store);
    store__place_give(fixture, is_as_migrated);
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
            store__place_stop("no writer", why.text);
        return writer;
    }
    fixture->slot = store__pool_take(fixture->store, &fixture->store->pool);
    if (fixture->slot == NULL)
        store__place_stop("no connection", "");
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
        store__place_stop("no transaction", "");
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
        store__place_stop("the commit", "failed");
    give_connection(fixture);
    /* What follows each write comes with a write of its own. */
    if (store->afterwork != NULL && store_write(store, &fixture->ctx, agree, NULL) != STORE_DONE)
        store__place_stop("the afterwork", "failed");
}

void store_fixture_rollback(struct store_fixture *fixture)
{
    end_cursors(fixture->db);
    fixture->store->engine->rollback(fixture->db->connection);
    give_connection(fixture);
}
