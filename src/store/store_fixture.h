/*
 * What every room's tests start from: a fresh, migrated database and a ctx at 09:00 on Monday
 * 2025-03-03 in China. The engine is chosen by the environment variable DIANJI_TEST_DB: "sqlite"
 * (in memory, the default), "sqlite-file" (a temporary file), or a postgresql:// connection string,
 * in whose database each fixture makes a schema of its own and drops it afterwards.
 *
 *     static void refuses_a_second_submit(void **state)
 *     {
 *         struct store_fixture *house = *state;
 *         struct ctx *ctx = store_fixture_begin(house);
 *         assert_int_equal(training_class_submit(ctx, id, 1), CLASS_SUBMIT_DONE);
 *         assert_int_equal(training_class_submit(ctx, id, 2), CLASS_SUBMIT_WRONG_STATE);
 *         store_fixture_commit(house);
 *     }
 *
 *     int main(void)
 *     {
 *         const struct CMUnitTest tests[] = {STORE_FIXTURE_TEST(refuses_a_second_submit)};
 *         return cmocka_run_group_tests(tests, NULL, NULL);
 *     }
 *
 * Where a test is about transactions themselves, it calls store_write(house->store, &house->ctx,
 * …).
 */
#ifndef DIANJI_STORE_STORE_FIXTURE_H
#define DIANJI_STORE_STORE_FIXTURE_H

#include "store/store.h"

struct store_fixture {
    struct store *store;
    struct ctx ctx;  /* a test may set its actor, pack and language, and move its time */
    const char *url; /* for tests that open it again; not of a database in memory */
    /* --- the fixture's own --- */
    struct arena *arena;
    struct id_source ids;
    char place[128]; /* the temporary file, or PostgreSQL's schema */
    struct slot *slot;
    struct db *db;
};

/* Never NULL: a test program that cannot have its database stops and says why. */
struct store_fixture *store_fixture_open(void);
/* As store_fixture_open(), but a file where that would be in memory: other processes can open it.
 */
struct store_fixture *store_fixture_open_shared(void);
void store_fixture_close(struct store_fixture *fixture); /* also rolls back what was begun */

/* For cmocka_unit_test_setup_teardown(): *state is the fixture. */
int store_fixture_setup(void **state);
int store_fixture_teardown(void **state);
#define STORE_FIXTURE_TEST(test)                                                                   \
    cmocka_unit_test_setup_teardown((test), store_fixture_setup, store_fixture_teardown)

/*
 * A write transaction around a part of the test: &fixture->ctx with an open db. The database
 * failing in between stops the program, as there is no runner to unwind to.
 */
struct ctx *store_fixture_begin(struct store_fixture *fixture);
void store_fixture_commit(struct store_fixture *fixture); /* with the afterwork that is set */
void store_fixture_rollback(struct store_fixture *fixture);

/* Moves the fixture's clock to 09:00 of the day. */
void store_fixture_day(struct store_fixture *fixture, struct day day);

#endif
