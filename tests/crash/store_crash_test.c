/*
 * kill -9 at random moments. A child process writes from several threads and says over a pipe what
 * it was answered; its parent kills it, opens the database again and looks for all of that.
 * DIANJI_CRASH_ROUNDS says how often (30).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/store_example.h"
#include "store/store_fixture.h"

enum { ROUNDS = 30, THREADS = 4, LIVES_MS_MAX = 80, COUNTER = 1, FIRST_ID = 10 };

/* Ids in pairs, odd and even: a transaction writes both. */
static int64_t first_of_pair(int round, int thread, int n)
{
    return FIRST_ID + 2 * ((int64_t)round * 1000000 + thread * 100000 + n);
}

/* --- the child ------------------------------------------------------------------------------ */

struct writer {
    struct store *store;
    int pipe;
    int round;
    int number;
};

static bool put_pair(struct ctx *ctx, void *argument)
{
    int64_t first = *(int64_t *)argument;
    example_put(ctx, &(struct example_row){.id = first, .amount = 1});
    example_put_later(ctx, &(struct example_row){.id = first + 1, .amount = 1, .parent = first});
    return true;
}

/* As the ledger's counters: they must never differ from a count from scratch. */
static bool keep_count(struct ctx *ctx, void *argument)
{
    (void)argument;
    int64_t count;
    int64_t sum;
    example_totals_of(ctx, &count, &sum);
    example_set(ctx, COUNTER, sum - example_amount(ctx, COUNTER));
    return true;
}

/* Eight bytes are written to a pipe as a whole or not at all. */
static void *write_on(void *argument)
{
    struct writer *writer = argument;
    struct arena *arena = arena_new(1024 * 1024);
    for (int n = 0;; n++) {
        struct ctx ctx = {.arena = arena};
        int64_t id = first_of_pair(writer->round, writer->number, n);
        if (store_write(writer->store, &ctx, put_pair, &id) == STORE_DONE &&
            write(writer->pipe, &id, sizeof id) != (ssize_t)sizeof id)
            _exit(3);
        arena_reset(arena);
    }
    return NULL;
}

static bool put_counter(struct ctx *ctx, void *argument)
{
    (void)argument;
    if (example_amount(ctx, COUNTER) < 0)
        example_put(ctx, &(struct example_row){.id = COUNTER, .amount = 0});
    return true;
}

static struct store *open_again(const char *url, struct arena *arena)
{
    struct message fault = {0};
    struct ctx ctx = {.arena = arena};
    struct store_options options = {.url = url, .create = true};
    struct store *store = store_open(&options, arena, &fault);
    if (store == NULL || !example_migrate(store, arena, &fault) ||
        store_write(store, &ctx, put_counter, NULL) != STORE_DONE) {
        fprintf(stderr, "cannot open again: %s %s\n", fault.key, fault.arguments[0].value);
        return NULL;
    }
    store_set_afterwork(store, keep_count, NULL);
    return store;
}

static _Noreturn void live(const char *url, int pipe, int round)
{
    struct writer writers[THREADS];
    pthread_t threads[THREADS];
    struct store *store = open_again(url, arena_new(4 * 1024 * 1024));
    if (store == NULL)
        _exit(2);
    for (int i = 0; i < THREADS; i++) {
        writers[i] = (struct writer){store, pipe, round, i};
        if (pthread_create(&threads[i], NULL, write_on, &writers[i]) != 0)
            _exit(4);
    }
    for (;;)
        pause();
}

/* --- the parent ----------------------------------------------------------------------------- */

/* What was answered, all rounds together. */
struct answers {
    int64_t *ids;
    size_t count;
    size_t capacity;
};

static void keep_answer(struct arena *arena, struct answers *answers, int64_t id)
{
    if (answers->count == answers->capacity) {
        size_t more = answers->capacity * 2 + 1024;
        answers->ids = arena_grow(arena, answers->ids, answers->capacity * sizeof(int64_t),
                                  more * sizeof(int64_t));
        answers->capacity = more;
    }
    answers->ids[answers->count++] = id;
}

static void live_and_die(struct store_fixture *house, int round, struct answers *answers)
{
    int ends[2];
    int64_t id;
    int status = 0;
    uint32_t random = 0;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(getrandom(&random, sizeof random, 0), sizeof random);
    pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        live(house->url, ends[1], round);
    }
    close(ends[1]);
    /* Every other life is counted from its first answer: on a busy machine opening alone takes
     * long, and a child that is killed while it opens has nothing to lose. */
    if (round % 2 == 0) {
        assert_int_equal(read(ends[0], &id, sizeof id), sizeof id);
        keep_answer(house->arena, answers, id);
    }
    struct timespec life = {.tv_nsec = (int64_t)(random % LIVES_MS_MAX) * 1000000};
    nanosleep(&life, NULL);
    kill(child, SIGKILL);
    while (read(ends[0], &id, sizeof id) == (ssize_t)sizeof id)
        keep_answer(house->arena, answers, id);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

static const struct statement check_integrity = {
    .name = "example.check_integrity",
    .sqlite = "SELECT integrity_check FROM pragma_integrity_check",
    .postgres = "SELECT 'ok'", /* a client's death cannot hurt the server's files */
    .number = -1,
    .columns = 1,
};

/* Everything answered is there; each pair is whole; the counter is the count. */
static bool look(struct ctx *ctx, void *argument)
{
    const struct answers *answers = argument;
    int64_t count;
    int64_t sum;
    struct cursor *cursor = db_query(ctx, &check_integrity, NULL);
    assert_true(db_next(cursor));
    assert_string_equal(db_text(cursor, 0), "ok");
    db_end(cursor);
    for (size_t i = 0; i < answers->count; i++) {
        assert_int_equal(example_amount(ctx, answers->ids[i]), 1);
        assert_int_equal(example_amount(ctx, answers->ids[i] + 1), 1);
    }
    cursor = db_query(ctx, &example_all, &(struct value){.integer = FIRST_ID});
    for (int64_t at = 0; db_next(cursor); at++) {
        int64_t id = db_integer(cursor, 0);
        assert_int_equal(id % 2, at % 2);
    }
    example_totals_of(ctx, &count, &sum);
    assert_in_range(count - 1, 2 * answers->count, 2 * answers->count + 4000000);
    assert_int_equal(example_amount(ctx, COUNTER), count - 1);
    return true;
}

/* The one write after the crash brings along what PostgreSQL's last afterwork did not come to. */
static void look_again(struct store_fixture *house, struct answers *answers)
{
    struct arena *arena = arena_new(64 * 1024 * 1024);
    struct ctx ctx = {.arena = arena};
    struct store *store = open_again(house->url, arena);
    assert_non_null(store);
    if (store_engine(store) == STORE_POSTGRES)
        assert_int_equal(store_write(store, &ctx, put_counter, NULL), STORE_DONE);
    assert_int_equal(store_read(store, &ctx, look, answers), STORE_DONE);
    store_close(store);
    arena_free(arena);
}

static void keeps_what_it_answered(void **state)
{
    struct store_fixture *house = *state;
    struct answers answers = {0};
    const char *wanted = getenv("DIANJI_CRASH_ROUNDS");
    int64_t rounds = ROUNDS;
    if (wanted != NULL)
        assert_true(text_integer(wanted, &rounds));
    store_close(house->store); /* neither engine's library survives a fork */
    house->store = NULL;
    for (int round = 0; round < rounds; round++) {
        live_and_die(house, round, &answers);
        look_again(house, &answers);
    }
    assert_in_range(answers.count, 1, SIZE_MAX);
    printf("# %zu answers, %d kills\n", answers.count, (int)rounds);
}

static int set_up(void **state)
{
    *state = store_fixture_open_shared();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(keeps_what_it_answered, set_up, store_fixture_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
