/* Many threads at one database: nothing is lost, nothing is seen half done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <libpq-fe.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "store/store_example.h"
#include "store/store_fixture.h"

enum { THREADS = 8, ROUNDS = 40, ROW_A = 1, ROW_B = 2, SHARED_TOTAL = 1000 };

/* What one thread does, ROUNDS times over, and how often each answer came. */
struct worker {
    struct store *store;
    store_work *work;
    bool reads;
    int number;
    int round;
    int64_t result;
    int answers[STORE_MEMORY + 1];
};

static void *work_on(void *argument)
{
    struct worker *worker = argument;
    struct arena *arena = arena_new(1024 * 1024);
    for (worker->round = 0; worker->round < ROUNDS; worker->round++) {
        struct ctx ctx = {.arena = arena, .now = clock_now()};
        enum store_result result = worker->reads
                                       ? store_read(worker->store, &ctx, worker->work, worker)
                                       : store_write(worker->store, &ctx, worker->work, worker);
        worker->answers[result]++;
        arena_reset(arena);
    }
    arena_free(arena);
    return NULL;
}

/* Runs one thread a worker. */
static void run_all(struct store *store, struct worker *workers)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        workers[i].store = store;
        workers[i].number = i;
        assert_int_equal(pthread_create(&threads[i], NULL, work_on, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
}

static bool put_shared(struct ctx *ctx, void *argument)
{
    (void)argument;
    example_put(ctx, &(struct example_row){.id = ROW_A, .amount = SHARED_TOTAL});
    example_put(ctx, &(struct example_row){.id = ROW_B, .amount = 0});
    return true;
}

static int set_up(void **state)
{
    struct store_fixture *house = store_fixture_open();
    struct message fault = {0};
    *state = house;
    bool ready = example_migrate(house->store, house->ctx.arena, &fault) &&
                 store_write(house->store, &house->ctx, put_shared, NULL) == STORE_DONE;
    return ready ? 0 : -1;
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

static struct totals totals_of(struct store_fixture *house)
{
    struct totals totals = {-1, -1};
    assert_int_equal(store_read(house->store, &house->ctx, total, &totals), STORE_DONE);
    return totals;
}

/* --- no update is lost ---------------------------------------------------------------------- */

static bool count_up(struct ctx *ctx, void *argument)
{
    struct worker *worker = argument;
    worker->result = example_amount(ctx, ROW_A) + 1;
    example_set(ctx, ROW_A, worker->result);
    return true;
}

static void loses_no_update(void **state)
{
    struct store_fixture *house = *state;
    struct worker workers[THREADS] = {0};
    for (int i = 0; i < THREADS; i++)
        workers[i].work = count_up;
    run_all(house->store, workers);
    int64_t last = 0;
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(workers[i].answers[STORE_DONE], ROUNDS);
        last = workers[i].result > last ? workers[i].result : last;
    }
    assert_int_equal(last, SHARED_TOTAL + THREADS * ROUNDS);
    assert_int_equal(totals_of(house).sum, last);
}

/* --- no half is seen ------------------------------------------------------------------------ */

static bool move_some(struct ctx *ctx, void *argument)
{
    struct worker *worker = argument;
    int64_t some = worker->number % 2 == 0 ? 1 : -1;
    if (example_amount(ctx, some > 0 ? ROW_A : ROW_B) < 1)
        return false;
    example_raise(ctx, ROW_A, -some);
    example_raise(ctx, ROW_B, some);
    return true;
}

static bool look_at_both(struct ctx *ctx, void *argument)
{
    struct worker *worker = argument;
    int64_t a = example_amount(ctx, ROW_A);
    int64_t b = example_amount(ctx, ROW_B);
    worker->result = a + b;
    return a + b == SHARED_TOTAL;
}

static void shows_no_half_of_a_transaction(void **state)
{
    struct store_fixture *house = *state;
    struct worker workers[THREADS] = {0};
    for (int i = 0; i < THREADS; i++) {
        workers[i].reads = i >= THREADS / 2;
        workers[i].work = workers[i].reads ? look_at_both : move_some;
    }
    run_all(house->store, workers);
    for (int i = 0; i < THREADS; i++) {
        if (workers[i].reads)
            assert_int_equal(workers[i].answers[STORE_DONE], ROUNDS);
        else
            assert_int_equal(workers[i].answers[STORE_DONE] + workers[i].answers[STORE_REFUSED],
                             ROUNDS);
    }
    assert_int_equal(totals_of(house).sum, SHARED_TOTAL);
}

/* --- each answers for itself ------------------------------------------------------------------ */

static int64_t id_of(const struct worker *worker)
{
    return 1000 + worker->number * ROUNDS + worker->round;
}

static bool put_well(struct ctx *ctx, void *argument)
{
    example_put(ctx, &(struct example_row){.id = id_of(argument)});
    return true;
}

static bool put_and_refuse(struct ctx *ctx, void *argument)
{
    put_well(ctx, argument);
    return false;
}

static bool put_and_break(struct ctx *ctx, void *argument)
{
    put_well(ctx, argument);
    example_put(ctx, &(struct example_row){.id = ROW_A});
    return true;
}

static bool put_and_use_up_memory(struct ctx *ctx, void *argument)
{
    put_well(ctx, argument);
    arena_alloc(ctx->arena, 2 * 1024 * 1024);
    return true;
}

static void fails_for_nobody_else(void **state)
{
    static const struct {
        store_work *work;
        enum store_result answer;
    } kinds[] = {
        {put_well, STORE_DONE},
        {put_and_refuse, STORE_REFUSED},
        {put_and_break, STORE_FAILED},
        {put_and_use_up_memory, STORE_MEMORY},
    };
    struct store_fixture *house = *state;
    struct worker workers[THREADS] = {0};
    for (int i = 0; i < THREADS; i++)
        workers[i].work = kinds[i % 4].work;
    run_all(house->store, workers);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(workers[i].answers[kinds[i % 4].answer], ROUNDS);
    assert_int_equal(totals_of(house).count, 2 + THREADS / 4 * ROUNDS);
}

/* The database fails half-way: whoever was told that it is done is there, and nobody else. */
static void acknowledges_only_what_is_there(void **state)
{
    struct store_fixture *house = *state;
    struct worker workers[THREADS] = {0};
    int64_t done = 0;
    for (int i = 0; i < THREADS; i++)
        workers[i].work = put_well;
    store_test_fail_after(house->store, THREADS * ROUNDS / 2);
    run_all(house->store, workers);
    store_test_fail_after(house->store, -1);
    for (int i = 0; i < THREADS; i++) {
        done += workers[i].answers[STORE_DONE];
        assert_int_equal(workers[i].answers[STORE_DONE] + workers[i].answers[STORE_FAILED], ROUNDS);
    }
    assert_in_range(done, 1, THREADS * ROUNDS / 2);
    assert_int_equal(totals_of(house).count, 2 + done);
}

/* --- what follows each write ------------------------------------------------------------------ */

/* Keeps ROW_B equal to the number of rows, as a ledger keeps its counters. */
static bool keep_count(struct ctx *ctx, void *argument)
{
    (void)argument;
    struct totals totals;
    example_totals_of(ctx, &totals.count, &totals.sum);
    example_set(ctx, ROW_B, totals.count);
    return true;
}

static bool count_holds(struct ctx *ctx, void *argument)
{
    struct totals totals;
    example_totals_of(ctx, &totals.count, &totals.sum);
    *(int64_t *)argument = totals.count - example_amount(ctx, ROW_B);
    return true;
}

static void answers_nobody_before_the_afterwork(void **state)
{
    struct store_fixture *house = *state;
    struct worker workers[THREADS] = {0};
    int64_t difference = -1;
    store_set_afterwork(house->store, keep_count, NULL);
    for (int i = 0; i < THREADS; i++)
        workers[i].work = put_well;
    run_all(house->store, workers);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(workers[i].answers[STORE_DONE], ROUNDS);
    assert_int_equal(store_read(house->store, &house->ctx, count_holds, &difference), STORE_DONE);
    assert_int_equal(difference, 0);
}

/* Cannot follow a write of worker 3. */
static bool follow_others(struct ctx *ctx, void *argument)
{
    (void)argument;
    struct worker poison = {.number = 3};
    for (; poison.round < ROUNDS; poison.round++) {
        if (example_amount(ctx, id_of(&poison)) >= 0)
            return false;
    }
    return true;
}

/* SQLite: in the same commit, so the write fails with it. PostgreSQL: behind a commit that stands.
 */
static void afterwork_fails_only_whom_it_cannot_follow(void **state)
{
    struct store_fixture *house = *state;
    struct worker workers[THREADS] = {0};
    bool stands = store_engine(house->store) == STORE_POSTGRES;
    store_set_afterwork(house->store, follow_others, NULL);
    for (int i = 0; i < THREADS; i++)
        workers[i].work = put_well;
    run_all(house->store, workers);
    for (int i = 0; i < THREADS; i++) {
        enum store_result answer = i == 3 && !stands ? STORE_FAILED : STORE_DONE;
        assert_int_equal(workers[i].answers[answer], ROUNDS);
    }
    assert_int_equal(totals_of(house).count, 2 + (stands ? THREADS : THREADS - 1) * ROUNDS);
}

/* --- connections that are lost ---------------------------------------------------------------- */

/* Ends the store's connections at the server, again and again. */
static void *cut_connections(void *argument)
{
    const struct store_fixture *house = argument;
    const char *place[] = {house->place};
    PGconn *server = PQconnectdb(getenv("DIANJI_TEST_DB"));
    int64_t cut = 0;
    for (int i = 0; i < 12; i++) {
        nanosleep(&(struct timespec){.tv_nsec = 15000000}, NULL);
        PGresult *result = PQexecParams(server,
                                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                        " WHERE application_name = $1",
                                        1, NULL, place, NULL, NULL, 0);
        cut += PQntuples(result);
        PQclear(result);
    }
    PQfinish(server);
    return cut > 0 ? argument : NULL;
}

/* A commit whose answer was lost may have been made; who was told that it is done is there. */
static void survives_lost_connections(void **state)
{
    struct store_fixture *house = *state;
    struct worker workers[THREADS] = {0};
    pthread_t thread;
    void *cut = NULL;
    int64_t done = 0;
    if (store_engine(house->store) == STORE_SQLITE)
        skip();
    for (int i = 0; i < THREADS; i++)
        workers[i].work = put_well;
    assert_int_equal(pthread_create(&thread, NULL, cut_connections, house), 0);
    run_all(house->store, workers);
    pthread_join(thread, &cut);
    assert_ptr_equal(cut, house);
    for (int i = 0; i < THREADS; i++) {
        done += workers[i].answers[STORE_DONE];
        assert_int_equal(workers[i].answers[STORE_DONE] + workers[i].answers[STORE_FAILED], ROUNDS);
    }
    assert_in_range(done, THREADS, THREADS * ROUNDS);
    assert_in_range(totals_of(house).count, 2 + done, 2 + THREADS * ROUNDS);
    struct worker last = {.store = house->store, .number = THREADS};
    assert_int_equal(store_write(house->store, &house->ctx, put_well, &last), STORE_DONE);
}

/* --- alone at the writer ------------------------------------------------------------------------
 */

static void *migrate_again(void *argument)
{
    struct store *store = argument;
    struct arena *arena = arena_new(1024 * 1024);
    struct message fault = {0};
    bool migrated = example_migrate(store, arena, &fault);
    arena_free(arena);
    return migrated ? store : NULL;
}

static void migrates_beside_writers(void **state)
{
    struct store_fixture *house = *state;
    struct worker workers[THREADS] = {0};
    pthread_t thread;
    void *migrated = NULL;
    for (int i = 0; i < THREADS; i++)
        workers[i].work = put_well;
    assert_int_equal(pthread_create(&thread, NULL, migrate_again, house->store), 0);
    run_all(house->store, workers);
    pthread_join(thread, &migrated);
    assert_ptr_equal(migrated, house->store);
    assert_int_equal(totals_of(house).count, 2 + THREADS * ROUNDS);
}

struct migration {
    struct store *store;
    const struct schema_step *steps;
    int count;
    bool is_done;
};

static void *migrate_new(void *argument)
{
    struct migration *migration = argument;
    struct arena *arena = arena_new(1024 * 1024);
    struct message fault = {0};
    migration->is_done =
        store__migrate_to(migration->store, migration->steps, migration->count, arena, &fault);
    arena_free(arena);
    return NULL;
}

/* Two programs that are started at once find the same steps missing. */
static void migrates_once_for_two(void **state)
{
    enum { NEW_STEPS = 5 };
    struct store_fixture *house = *state;
    int count = store_schema_steps_count + 1 + NEW_STEPS;
    struct schema_step *steps = arena_array(house->arena, (size_t)count, struct schema_step);
    memcpy(steps, store_schema_steps, sizeof *steps * (size_t)store_schema_steps_count);
    steps[store_schema_steps_count] = example_step;
    for (int i = 1; i <= NEW_STEPS; i++) {
        struct schema_step *step = &steps[store_schema_steps_count + i];
        *step = example_step;
        step->number += i;
        step->sqlite = step->postgres =
            arena_printf(house->arena, "CREATE TABLE example_%d (id INTEGER);", i);
    }
    struct migration migrations[2];
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) {
        migrations[i] = (struct migration){house->store, steps, count, false};
        assert_int_equal(pthread_create(&threads[i], NULL, migrate_new, &migrations[i]), 0);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
        assert_true(migrations[i].is_done);
    }
    assert_int_equal(store__schema_of(house->store, steps, count), STORE_SCHEMA_CURRENT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, store_fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(loses_no_update),
        TEST(shows_no_half_of_a_transaction),
        TEST(fails_for_nobody_else),
        TEST(acknowledges_only_what_is_there),
        TEST(answers_nobody_before_the_afterwork),
        TEST(afterwork_fails_only_whom_it_cannot_follow),
        TEST(survives_lost_connections),
        TEST(migrates_beside_writers),
        TEST(migrates_once_for_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
