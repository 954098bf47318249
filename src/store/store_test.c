/* The store's contract, on whichever engine DIANJI_TEST_DB names. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/store_example.h"
#include "store/store_fixture.h"

static int set_up(void **state)
{
    struct store_fixture *house = store_fixture_open();
    struct message fault = {0};
    *state = house;
    return example_migrate(house->store, house->ctx.arena, &fault) ? 0 : -1;
}

static enum store_result writes(struct store_fixture *house, store_work *work, void *argument)
{
    return store_write(house->store, &house->ctx, work, argument);
}

static enum store_result reads(struct store_fixture *house, store_work *work, void *argument)
{
    return store_read(house->store, &house->ctx, work, argument);
}

struct totals {
    int64_t count;
    int64_t sum;
};

static bool total(struct ctx *ctx, void *argument)
{
    struct totals *totals = argument;
    example_totals_of(ctx, &totals->count, &totals->sum);
    return true;
}

static void assert_totals(struct store_fixture *house, int64_t count, int64_t sum)
{
    struct totals totals = {-1, -1};
    assert_int_equal(reads(house, total, &totals), STORE_DONE);
    assert_int_equal(totals.count, count);
    assert_int_equal(totals.sum, sum);
}

/* --- what is written is read --- */

static bool put_three(struct ctx *ctx, void *argument)
{
    (void)argument;
    example_put(ctx, &(struct example_row){1, "昆明", 7, "\x01\xff'\\", 0});
    example_put(ctx, &(struct example_row){2, NULL, INT64_MAX / 2, NULL, 1});
    example_put(ctx, &(struct example_row){3, "", 0, "", 2});
    return true;
}

static bool read_three(struct ctx *ctx, void *argument)
{
    (void)argument;
    size_t length = 99;
    struct cursor *cursor = db_query(ctx, &example_all, &(struct value){.integer = 0});
    assert_true(db_next(cursor));
    assert_int_equal(db_integer(cursor, 0), 1);
    assert_string_equal(db_text(cursor, 1), "昆明");
    assert_memory_equal(db_bytes(cursor, 3, &length), "\x01\xff'\\", 4);
    assert_int_equal(length, 4);
    assert_true(db_next(cursor));
    assert_true(db_is_null(cursor, 1));
    assert_null(db_text(cursor, 1));
    assert_null(db_bytes(cursor, 3, &length));
    assert_true(db_integer(cursor, 2) == INT64_MAX / 2);
    assert_true(db_next(cursor));
    assert_false(db_is_null(cursor, 1));
    assert_string_equal(db_text(cursor, 1), "");
    assert_non_null(db_bytes(cursor, 3, &length));
    assert_int_equal(length, 0);
    assert_false(db_next(cursor));
    assert_false(db_next(cursor));
    db_end(cursor);
    return true;
}

static void reads_back_what_was_written(void **state)
{
    assert_int_equal(writes(*state, put_three, NULL), STORE_DONE);
    assert_int_equal(reads(*state, read_three, NULL), STORE_DONE);
}

static bool raise_and_count(struct ctx *ctx, void *argument)
{
    int64_t *changed = argument;
    changed[0] = example_raise(ctx, 1, 5);
    changed[1] = example_raise(ctx, 404, 5);
    return true;
}

static void counts_changed_rows(void **state)
{
    int64_t changed[2] = {-1, -1};
    writes(*state, put_three, NULL);
    assert_int_equal(writes(*state, raise_and_count, changed), STORE_DONE);
    assert_int_equal(changed[0], 1);
    assert_int_equal(changed[1], 0);
}

static bool take_one(struct ctx *ctx, void *argument)
{
    int64_t *left = argument;
    struct value values[2] = {{.integer = 1}, {.integer = 3}};
    struct cursor *cursor = db_query(ctx, &example_take, values);
    *left = db_next(cursor) ? db_integer(cursor, 0) : -1;
    db_end(cursor);
    db_query(ctx, &example_take, values); /* not read, and carried out all the same */
    return true;
}

static void carries_out_returning(void **state)
{
    int64_t left = 0;
    writes(*state, put_three, NULL);
    assert_int_equal(writes(*state, take_one, &left), STORE_DONE);
    assert_int_equal(left, 4);
    writes(*state, raise_and_count, (int64_t[2]){0});
    assert_int_equal(writes(*state, take_one, &left), STORE_DONE);
    assert_int_equal(left, 1 + 5 - 3);
}

static bool nest(struct ctx *ctx, void *argument)
{
    int64_t *pairs = argument;
    *pairs = 0;
    struct cursor *outer = db_query(ctx, &example_all, &(struct value){.integer = 0});
    while (db_next(outer)) {
        struct value from = {.integer = db_integer(outer, 0)};
        struct cursor *inner = db_query(ctx, &example_all, &from);
        while (db_next(inner))
            *pairs += 1;
    }
    return true;
}

static void reads_one_statement_within_itself(void **state)
{
    int64_t pairs = 0;
    writes(*state, put_three, NULL);
    assert_int_equal(reads(*state, nest, &pairs), STORE_DONE);
    assert_int_equal(pairs, 3 + 2 + 1);
}

enum { MANY = 3456 };

static bool put_many_later(struct ctx *ctx, void *argument)
{
    (void)argument;
    for (int64_t id = 1; id <= MANY; id++)
        example_put_later(ctx, &(struct example_row){.id = id, .amount = id});
    return true;
}

static bool read_until_bored(struct ctx *ctx, void *argument)
{
    int64_t *sum = argument;
    struct cursor *cursor = db_query(ctx, &example_all, &(struct value){.integer = 1});
    *sum = 0;
    while (db_next(cursor) && db_integer(cursor, 0) <= 1500)
        *sum += db_integer(cursor, 2);
    return true; /* its result is left open */
}

static void streams_long_results(void **state)
{
    int64_t sum = 0;
    assert_int_equal(writes(*state, put_many_later, NULL), STORE_DONE);
    assert_totals(*state, MANY, (int64_t)MANY * (MANY + 1) / 2);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(reads(*state, read_until_bored, &sum), STORE_DONE);
        assert_int_equal(sum, 1500 * 1501 / 2);
    }
}

/* --- what must not be written --- */

static bool put_and_refuse(struct ctx *ctx, void *argument)
{
    put_three(ctx, argument);
    return false;
}

static void refusing_changes_nothing(void **state)
{
    assert_int_equal(writes(*state, put_and_refuse, NULL), STORE_REFUSED);
    assert_totals(*state, 0, 0);
}

static bool break_constraint(struct ctx *ctx, void *argument)
{
    put_three(ctx, argument);
    example_put(ctx, &(struct example_row){.id = 4, .word = "昆明"});
    return true;
}

static bool break_constraint_later(struct ctx *ctx, void *argument)
{
    put_three(ctx, argument);
    example_put_later(ctx, &(struct example_row){.id = 4, .word = "昆明"});
    return true;
}

static bool break_deferred_constraint(struct ctx *ctx, void *argument)
{
    put_three(ctx, argument);
    example_put(ctx, &(struct example_row){.id = 4, .parent = 404});
    return true;
}

static bool misspell(struct ctx *ctx, void *argument)
{
    put_three(ctx, argument);
    db_query(ctx, &example_misspelt, NULL);
    return true;
}

static bool use_up_memory(struct ctx *ctx, void *argument)
{
    put_three(ctx, argument);
    arena_alloc(ctx->arena, SIZE_MAX / 4);
    return true;
}

/* The work goes on past a fault that it should have left to the runner: nothing is committed all
 * the same. */
static bool swallow_fault(struct ctx *ctx, void *argument)
{
    struct guard guard;
    put_three(ctx, argument);
    if (GUARDED(ctx->arena, &guard) == FAULT_NONE) {
        misspell(ctx, NULL);
        guard_leave(ctx->arena, &guard);
    }
    return true;
}

static void faults_change_nothing(void **state)
{
    static const struct {
        store_work *work;
        enum store_result result;
    } cases[] = {
        {break_constraint, STORE_FAILED},
        {break_constraint_later, STORE_FAILED},
        {break_deferred_constraint, STORE_FAILED},
        {misspell, STORE_FAILED},
        {use_up_memory, STORE_MEMORY},
        {swallow_fault, STORE_FAILED},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(writes(*state, cases[i].work, NULL), cases[i].result);
        assert_totals(*state, 0, 0);
    }
    assert_int_equal(writes(*state, put_three, NULL), STORE_DONE);
}

static bool misspell_read(struct ctx *ctx, void *argument)
{
    db_query(ctx, &example_all, &(struct value){.integer = 0});
    db_query(ctx, &example_misspelt, NULL);
    return argument == NULL;
}

/* More often than there are connections: none is lost. */
static void reads_survive_faults(void **state)
{
    for (int i = 0; i < 40; i++)
        assert_int_equal(reads(*state, misspell_read, NULL), STORE_FAILED);
    assert_totals(*state, 0, 0);
}

/* The N-th call of the database fails, for each N until none does. */
static void each_call_may_fail(void **state)
{
    struct store_fixture *house = *state;
    int64_t n = 0;
    for (;; n++) {
        store_test_fail_after(house->store, n);
        enum store_result result = writes(house, put_three, NULL);
        store_test_fail_after(house->store, -1);
        if (result == STORE_DONE)
            break;
        assert_int_equal(result, STORE_FAILED);
        assert_totals(house, 0, 0);
    }
    assert_int_equal(n, 4); /* three statements and the commit */
    struct totals totals = {0};
    assert_int_equal(reads(house, total, &totals), STORE_DONE);
    assert_int_equal(totals.count, 3);
}

/* --- what follows each write --- */

static bool follow(struct ctx *ctx, void *argument)
{
    int64_t *runs = argument;
    assert_null(ctx->actor);
    *runs += 1;
    example_raise(ctx, 1, 100);
    return true;
}

static bool fail_to_follow(struct ctx *ctx, void *argument)
{
    (void)argument;
    db_query(ctx, &example_misspelt, NULL);
    return true;
}

static void afterwork_follows_writes_only(void **state)
{
    struct store_fixture *house = *state;
    int64_t runs = 0;
    store_set_afterwork(house->store, follow, &runs);
    assert_int_equal(writes(house, put_and_refuse, NULL), STORE_REFUSED);
    assert_int_equal(runs, 0);
    assert_int_equal(writes(house, put_three, NULL), STORE_DONE);
    assert_int_equal(runs, 1);
    int64_t amount[2];
    assert_int_equal(writes(house, raise_and_count, amount), STORE_DONE);
    assert_int_equal(runs, 2);
    assert_int_equal(reads(house, total, &(struct totals){0}), STORE_DONE);
    assert_int_equal(runs, 2);
}

static void failing_afterwork_is_never_half_saved(void **state)
{
    struct store_fixture *house = *state;
    store_set_afterwork(house->store, fail_to_follow, NULL);
    bool stands = store_engine(house->store) == STORE_POSTGRES;
    assert_int_equal(writes(house, put_three, NULL), stands ? STORE_DONE : STORE_FAILED);
    struct totals totals = {0};
    assert_int_equal(reads(house, total, &totals), STORE_DONE);
    assert_int_equal(totals.count, stands ? 3 : 0);
}

/* --- bounds --- */

static bool run_endless(struct ctx *ctx, void *argument)
{
    (void)argument;
    return db_next(db_query(ctx, &example_endless, NULL));
}

static void stops_endless_reads(void **state)
{
    struct store_fixture *house = *state;
    house->store->read_seconds_max = 1;
    int64_t since = store__clock_ms();
    assert_int_equal(reads(house, run_endless, NULL), STORE_FAILED);
    assert_in_range(store__clock_ms() - since, 900, 5000);
    assert_totals(house, 0, 0);
}

/* --- migration --- */

static void migrating_again_changes_nothing(void **state)
{
    struct store_fixture *house = *state;
    struct message fault = {0};
    assert_int_equal(writes(house, put_three, NULL), STORE_DONE);
    assert_true(example_migrate(house->store, house->ctx.arena, &fault));
    struct totals totals = {0};
    assert_int_equal(reads(house, total, &totals), STORE_DONE);
    assert_int_equal(totals.count, 3);
}

static void refuses_newer_databases(void **state)
{
    struct store_fixture *house = *state;
    struct message fault = {0};
    assert_int_equal(store_schema(house->store), STORE_SCHEMA_NEWER);
    assert_false(store_migrate(house->store, house->ctx.arena, &fault));
    assert_string_equal(fault.key, "store.schema_newer");
    assert_string_equal(fault.arguments[0].value, "9001");
}

static struct schema_step *steps_and(struct store_fixture *house, const struct schema_step *own,
                                     int own_count)
{
    int count = store_schema_steps_count + own_count;
    struct schema_step *steps = arena_array(house->arena, (size_t)count, struct schema_step);
    memcpy(steps, store_schema_steps, sizeof *steps * (size_t)store_schema_steps_count);
    memcpy(steps + store_schema_steps_count, own, sizeof *own * (size_t)own_count);
    return steps;
}

static void refuses_altered_steps(void **state)
{
    struct store_fixture *house = *state;
    struct message fault = {0};
    struct schema_step altered = example_step;
    altered.sha256 = "0000000000000000000000000000000000000000000000000000000000000000";
    struct schema_step *steps = steps_and(house, &altered, 1);
    int count = store_schema_steps_count + 1;
    assert_int_equal(store__schema_of(house->store, steps, count), STORE_SCHEMA_ALTERED);
    assert_false(store__migrate_to(house->store, steps, count, house->arena, &fault));
    assert_string_equal(fault.key, "store.schema_altered");
}

static void failing_step_leaves_nothing(void **state)
{
    struct store_fixture *house = *state;
    struct message fault = {0};
    struct schema_step own[2] = {example_step, example_step};
    own[1].number = EXAMPLE_STEP + 1;
    own[1].sqlite = own[1].postgres = "CREATE TABLE half (id INTEGER); CREATE TABLE oops (;";
    int count = store_schema_steps_count + 2;
    struct schema_step *steps = steps_and(house, own, 2);
    assert_false(store__migrate_to(house->store, steps, count, house->arena, &fault));
    assert_string_equal(fault.key, "store.schema_step");
    assert_string_equal(fault.arguments[0].value, "9002");
    assert_int_equal(store__schema_of(house->store, steps, count), STORE_SCHEMA_OLDER);
    steps[count - 1].sqlite = steps[count - 1].postgres = "CREATE TABLE half (id INTEGER);";
    assert_true(store__migrate_to(house->store, steps, count, house->arena, &fault));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, store_fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(reads_back_what_was_written),
        TEST(counts_changed_rows),
        TEST(carries_out_returning),
        TEST(reads_one_statement_within_itself),
        TEST(streams_long_results),
        TEST(refusing_changes_nothing),
        TEST(faults_change_nothing),
        TEST(reads_survive_faults),
        TEST(each_call_may_fail),
        TEST(afterwork_follows_writes_only),
        TEST(failing_afterwork_is_never_half_saved),
        TEST(stops_endless_reads),
        TEST(migrating_again_changes_nothing),
        TEST(refuses_newer_databases),
        TEST(refuses_altered_steps),
        TEST(failing_step_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
