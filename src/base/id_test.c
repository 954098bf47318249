/* Ids: they grow whatever the clock does, from many threads at once, and their text is exact. */
#include "base/id.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { THREADS = 4, EACH = 20000 };
static const struct instant NOW = {1741000000000}; /* in 2025 */

static void ids_grow_though_the_clock_steps_back(void **state)
{
    (void)state;
    struct id_source source = {.node = 7};
    int64_t before = 0;
    for (int i = 0; i < 100000; i++) {
        /* A clock that stands, leaps and falls back. */
        struct instant now = {NOW.v + (i % 3 == 0 ? -5000 : i / 100)};
        int64_t id = id_next(&source, now);
        assert_true(id > before);
        before = id;
    }
}

static void two_nodes_never_meet(void **state)
{
    (void)state;
    struct id_source a = {.node = 1}, b = {.node = 2};
    for (int i = 0; i < 1000; i++)
        assert_int_not_equal(id_next(&a, NOW), id_next(&b, NOW));
}

struct job {
    struct id_source *source;
    int64_t ids[EACH];
};

static void *take_ids(void *argument)
{
    struct job *job = argument;
    for (int i = 0; i < EACH; i++)
        job->ids[i] = id_next(job->source, NOW);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void threads_never_share_an_id(void **state)
{
    (void)state;
    static struct job jobs[THREADS];
    static int64_t all[THREADS * EACH];
    struct id_source source = {.node = 3};
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        jobs[i].source = &source;
        assert_int_equal(pthread_create(&threads[i], NULL, take_ids, &jobs[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        memcpy(all + (ptrdiff_t)i * EACH, jobs[i].ids, sizeof jobs[i].ids);
    }
    qsort(all, THREADS * EACH, sizeof *all, compare);
    for (int i = 1; i < THREADS * EACH; i++)
        assert_true(all[i - 1] < all[i]);
}

static void text_goes_there_and_back(void **state)
{
    (void)state;
    const int64_t ids[] = {0, 1, 31, 32, INT64_MAX, 341234567890123456};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        char text[ID_TEXT_LENGTH + 1];
        int64_t again = -1;
        id_format(ids[i], text);
        assert_int_equal(strlen(text), ID_TEXT_LENGTH);
        assert_true(id_parse(text, &again));
        assert_int_equal(again, ids[i]);
    }
}

static void what_is_no_id_is_refused(void **state)
{
    (void)state;
    const char *const wrong[] = {"",
                                 "0",
                                 "000000000000",
                                 "00000000000000",
                                 "000000000000u",
                                 "000000000000I",
                                 "8000000000000",
                                 "z000000000000",
                                 "000000 000000",
                                 "-000000000001"};
    int64_t ret;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (id_parse(wrong[i], &ret))
            fail_msg("'%s' was taken for an id", wrong[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_grow_though_the_clock_steps_back),
        cmocka_unit_test(two_nodes_never_meet),
        cmocka_unit_test(threads_never_share_an_id),
        cmocka_unit_test(text_goes_there_and_back),
        cmocka_unit_test(what_is_no_id_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
