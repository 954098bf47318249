/* Which process may write to a SQLite file, and that the others may read it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/store_example.h"

/* A folder of its own for the database, and an arena. */
struct place {
    struct arena *arena;
    char folder[32];
    const char *url;
};

static int set_up(void **state)
{
    struct arena *arena = arena_new(4 * 1024 * 1024);
    struct place *place = arena_one(arena, struct place);
    place->arena = arena;
    strncpy(place->folder, "/tmp/dianji-lock-XXXXXX", sizeof place->folder - 1);
    *state = place;
    if (mkdtemp(place->folder) == NULL)
        return -1;
    place->url = arena_printf(arena, "sqlite:%s/plan.db", place->folder);
    return 0;
}

static int tear_down(void **state)
{
    static const char *const names[] = {"plan.db", "plan.db-wal", "plan.db-shm", "plan.db-lock",
                                        "link.db"};
    struct place *place = *state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(arena_printf(place->arena, "%s/%s", place->folder, names[i]));
    int gone = rmdir(place->folder);
    arena_free(place->arena);
    return gone;
}

static struct store *open_store(struct place *place, bool create)
{
    struct message fault = {0};
    struct store_options options = {.url = place->url, .create = create};
    return store_open(&options, place->arena, &fault);
}

static bool put_one(struct ctx *ctx, void *argument)
{
    (void)argument;
    example_put(ctx, &(struct example_row){.id = 1, .amount = 7});
    return true;
}

static bool read_one(struct ctx *ctx, void *argument)
{
    (void)argument;
    return example_amount(ctx, 1) == 7;
}

/* In the other process: what it may not and may do. Its exit code names the first that is wrong. */
static int try_in_other_process(struct place *place)
{
    struct ctx ctx = {.arena = place->arena};
    struct message fault = {0};
    struct store *store = open_store(place, /* create= */ false);
    if (store == NULL)
        return 1;
    if (store_claim_writer(store, place->arena, &fault))
        return 2;
    const char *parent = arena_printf(place->arena, "process %ld ", (long)getppid());
    if (!text_equal(fault.key, "store.unwritable") ||
        strstr(fault.arguments[0].value, parent) == NULL)
        return 3;
    if (store_write(store, &ctx, put_one, NULL) != STORE_FAILED)
        return 4;
    if (store_read(store, &ctx, read_one, NULL) != STORE_DONE)
        return 5;
    store_close(store);
    return 0;
}

/* SQLite does not survive a fork: the other process is begun before this one opens anything. */
static void lets_one_process_write_and_all_read(void **state)
{
    struct place *place = *state;
    struct ctx ctx = {.arena = place->arena};
    struct message fault = {0};
    int ready[2];
    char byte = 0;
    int status = 0;
    assert_int_equal(pipe(ready), 0);
    pid_t other = fork();
    if (other == 0) {
        bool told = read(ready[0], &byte, 1) == 1;
        _exit(told ? try_in_other_process(place) : 99);
    }
    struct store *store = open_store(place, /* create= */ true);
    assert_non_null(store);
    assert_true(example_migrate(store, place->arena, &fault));
    assert_int_equal(store_write(store, &ctx, put_one, NULL), STORE_DONE);
    assert_int_equal(write(ready[1], &byte, 1), 1);
    assert_int_equal(waitpid(other, &status, 0), other);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(store_read(store, &ctx, read_one, NULL), STORE_DONE);
    store_close(store);
    close(ready[0]);
    close(ready[1]);
}

static void lets_one_store_of_a_process_write(void **state)
{
    struct place *place = *state;
    struct ctx ctx = {.arena = place->arena};
    struct message fault = {0};
    struct store *first = open_store(place, /* create= */ true);
    assert_true(example_migrate(first, place->arena, &fault));
    /* Through a link, too: it is the same file. */
    const char *link = arena_printf(place->arena, "%s/link.db", place->folder);
    assert_int_equal(symlink("plan.db", link), 0);
    place->url = arena_printf(place->arena, "sqlite:%s", link);
    struct store *second = open_store(place, /* create= */ false);
    assert_non_null(second);
    assert_false(store_claim_writer(second, place->arena, &fault));
    assert_int_equal(store_write(second, &ctx, put_one, NULL), STORE_FAILED);
    store_close(first);
    assert_true(store_claim_writer(second, place->arena, &fault));
    assert_int_equal(store_write(second, &ctx, put_one, NULL), STORE_DONE);
    store_close(second);
}

static void says_why_it_cannot_open(void **state)
{
    struct place *place = *state;
    struct message fault = {0};
    static const struct {
        const char *url;
        const char *key;
    } cases[] = {
        {"plan.db", "store.url"},
        {"sqlite:", "store.url"},
        {"sqlite:/nowhere/plan.db", "store.missing"},
        {"postgresql://127.0.0.1:1/none?connect_timeout=1", "store.unreachable"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct store_options options = {.url = cases[i].url};
        assert_null(store_open(&options, place->arena, &fault));
        assert_string_equal(fault.key, cases[i].key);
    }
    struct store_options into_nothing = {.url = "sqlite:/nowhere/plan.db", .create = true};
    assert_null(store_open(&into_nothing, place->arena, &fault));
    assert_string_equal(fault.key, "store.unwritable");
}

static void refuses_what_is_no_database(void **state)
{
    struct place *place = *state;
    struct message fault = {0};
    const char *path = place->url + strlen("sqlite:");
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (int i = 0; i < 1000; i++)
        fputs("姓名,身份证号\n", file);
    fclose(file);
    struct store_options options = {.url = place->url};
    assert_null(store_open(&options, place->arena, &fault));
    assert_string_equal(fault.key, "store.unreachable");
}

/* What the writer folds into the file at its close is all that there is. */
static void leaves_one_file_behind(void **state)
{
    struct place *place = *state;
    struct ctx ctx = {.arena = place->arena};
    struct message fault = {0};
    struct store *store = open_store(place, /* create= */ true);
    assert_true(example_migrate(store, place->arena, &fault));
    assert_int_equal(store_write(store, &ctx, put_one, NULL), STORE_DONE);
    assert_int_equal(store_read(store, &ctx, read_one, NULL), STORE_DONE);
    store_close(store);
    assert_int_not_equal(access(arena_printf(place->arena, "%s/plan.db-wal", place->folder), F_OK),
                         0);
    store = open_store(place, /* create= */ false);
    assert_int_equal(store_read(store, &ctx, read_one, NULL), STORE_DONE);
    store_close(store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(lets_one_process_write_and_all_read),
        TEST(lets_one_store_of_a_process_write),
        TEST(says_why_it_cannot_open),
        TEST(refuses_what_is_no_database),
        TEST(leaves_one_file_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
