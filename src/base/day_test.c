/* Days and instants: every day of three centuries there and back, what offices type, and what is no
 * day. */
#include "base/day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"

static struct day day(int year, int month, int number)
{
    struct day ret = DAY_NONE;
    assert_true(day_of_civil((struct civil){year, month, number}, &ret));
    return ret;
}

static void every_day_goes_there_and_back(void **state)
{
    (void)state;
    struct day at = day(1800, 1, 1), last = day(2100, 12, 31), again;
    struct civil before = day_civil(day_plus(at, -1));
    int weekday = day_weekday(day_plus(at, -1));
    for (; day_compare(at, last) <= 0; at = day_plus(at, 1)) {
        struct civil civil = day_civil(at);
        assert_true(day_of_civil(civil, &again));
        assert_int_equal(again.v, at.v);
        /* The next day has the next number, or opens a month. */
        assert_true(civil.day == before.day + 1 || (civil.day == 1 && before.day >= 28));
        assert_int_equal(day_weekday(at), weekday % 7 + 1);
        weekday = day_weekday(at);
        before = civil;
    }
}

static void known_days(void **state)
{
    (void)state;
    assert_int_equal(day(1970, 1, 1).v, 0);
    assert_int_equal(day(2000, 3, 1).v, 11017);
    assert_int_equal(day_weekday(day(2025, 3, 3)), 1); /* a Monday */
    assert_int_equal(day_minus(day(2025, 3, 1), day(2024, 2, 28)), 367);
}

static void no_such_day(void **state)
{
    (void)state;
    const struct civil wrong[] = {{2025, 2, 29}, {2100, 2, 29}, {2025, 4, 31}, {2025, 0, 1},
                                  {2025, 13, 1}, {2025, 1, 0},  {2025, 1, 32}, {1799, 12, 31},
                                  {3000, 1, 1},  {-1, 1, 1}};
    struct day ret;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(day_of_civil(wrong[i], &ret));
    assert_true(day_of_civil((struct civil){2000, 2, 29}, &ret));
}

static void offices_write_days_in_many_ways(void **state)
{
    (void)state;
    const char *const right[] = {"2025-03-07", "2025-3-7",     "2025/3/7",
                                 "2025/03/07", "2025.3.7",     "2025.03.07",
                                 "20250307",   "2025年3月7日", "2025年03月07日"};
    struct day ret;
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        assert_true(day_parse_office(right[i], &ret));
        assert_int_equal(ret.v, day(2025, 3, 7).v);
    }
}

static void what_is_no_day_is_refused(void **state)
{
    (void)state;
    const char *const wrong[] = {
        "",           "2025",      "2025-13-01",   "2025-02-30", "25-3-7",
        "2025-3-7x",  "2025/3-7",  "202503071",    "2025年3月",  "-2025-3-7",
        "2025--3-7",  "2025-3- 7", "２０２５-3-7", "45723",      "2025-03-07T00:00",
        "9999-01-01", "2025-+3-7"};
    struct day ret;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (day_parse_office(wrong[i], &ret))
            fail_msg("'%s' was taken for a day", wrong[i]);
    const char *const loose[] = {"2025-3-7", "2025/03/07", "20250307", " 2025-03-07",
                                 "2025-03-07 "};
    for (size_t i = 0; i < sizeof loose / sizeof *loose; i++)
        if (day_parse(loose[i], &ret))
            fail_msg("'%s' is not exactly YYYY-MM-DD", loose[i]);
}

static void instants_are_shown_as_china_lives_them(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 16);
    struct instant nine = day_at(day(2025, 3, 7), 9 * 60 + 30);
    assert_string_equal(instant_text(arena, nine), "2025-03-07T09:30:00+08:00");
    assert_int_equal(instant_day(nine).v, day(2025, 3, 7).v);
    assert_int_equal(instant_minutes(nine), 570);
    /* 23:30 in UTC is already the next day in China. */
    struct instant utc;
    assert_true(instant_parse("2025-03-07T23:30:00Z", &utc));
    assert_int_equal(instant_day(utc).v, day(2025, 3, 8).v);
    assert_string_equal(instant_text(arena, utc), "2025-03-08T07:30:00+08:00");
    /* Before 1970 as well: birth dates are days, but nothing may round the wrong way. */
    struct instant old = day_at(day(1969, 12, 31), 1);
    assert_int_equal(instant_day(old).v, -1);
    assert_int_equal(instant_minutes(old), 1);
    arena_free(arena);
}

static void what_is_no_instant_is_refused(void **state)
{
    (void)state;
    const char *const wrong[] = {"",
                                 "2025-03-07",
                                 "2025-03-07T09:30:00",
                                 "2025-03-07T24:00:00Z",
                                 "2025-03-07T09:60:00Z",
                                 "2025-03-07T09:30:60Z",
                                 "2025-03-07T09:30:00+09:00",
                                 "2025-02-30T09:30:00Z",
                                 "2025-03-07T-1:30:00Z",
                                 "2025-03-07T09:30:00Zx"};
    struct instant ret;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (instant_parse(wrong[i], &ret))
            fail_msg("'%s' was taken for an instant", wrong[i]);
}

static void none_is_empty(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 16);
    assert_string_equal(day_text(arena, DAY_NONE), "");
    assert_string_equal(instant_text(arena, INSTANT_NONE), "");
    assert_true(day_is_none(DAY_NONE));
    assert_false(day_is_none(day(2025, 1, 1)));
    assert_true(instant_is_none(INSTANT_NONE));
    assert_true(instant_compare(clock_now(), day_at(day(2024, 1, 1), 0)) > 0);
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_goes_there_and_back),
        cmocka_unit_test(known_days),
        cmocka_unit_test(no_such_day),
        cmocka_unit_test(offices_write_days_in_many_ways),
        cmocka_unit_test(what_is_no_day_is_refused),
        cmocka_unit_test(instants_are_shown_as_china_lives_them),
        cmocka_unit_test(what_is_no_instant_is_refused),
        cmocka_unit_test(none_is_empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
