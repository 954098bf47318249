/* Money: an overflow is told, never wrapped; what is no amount is refused. */
#include "base/money.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"

static const struct fen MOST = {INT64_MAX}, LEAST = {INT64_MIN};

static void sums_are_exact_or_refused(void **state)
{
    (void)state;
    struct fen ret;
    assert_true(fen_add((struct fen){1}, (struct fen){2}, &ret));
    assert_int_equal(ret.v, 3);
    assert_false(fen_add(MOST, (struct fen){1}, &ret));
    assert_false(fen_subtract(LEAST, (struct fen){1}, &ret));
    assert_true(fen_subtract((struct fen){1}, (struct fen){2}, &ret));
    assert_int_equal(ret.v, -1);
    assert_true(fen_times(fen_of_yuan(1200), 50, &ret));
    assert_int_equal(ret.v, 6000000);
    assert_false(fen_times(MOST, 2, &ret));
    assert_int_equal(fen_compare(LEAST, MOST), -1);
    assert_int_equal(fen_compare(FEN_ZERO, FEN_ZERO), 0);
}

static void shares_drop_the_rest_towards_zero(void **state)
{
    (void)state;
    struct fen ret;
    assert_true(fen_permille_down((struct fen){999}, 500, &ret));
    assert_int_equal(ret.v, 499);
    assert_true(fen_permille_down((struct fen){-999}, 500, &ret));
    assert_int_equal(ret.v, -499);
    assert_true(fen_permille_down(MOST, 1000, &ret)); /* the product alone would not fit */
    assert_int_equal(ret.v, INT64_MAX);
    assert_false(fen_permille_down(MOST, 1001, &ret));
}

static void amounts_are_written(void **state)
{
    (void)state;
    struct arena *arena = arena_new(1 << 16);
    assert_string_equal(fen_plain(arena, (struct fen){123450}), "1234.50");
    assert_string_equal(fen_plain(arena, (struct fen){-7}), "-0.07");
    assert_string_equal(fen_plain(arena, LEAST), "-92233720368547758.08");
    assert_string_equal(fen_grouped(arena, (struct fen){0}), "0.00");
    assert_string_equal(fen_grouped(arena, (struct fen){99999}), "999.99");
    assert_string_equal(fen_grouped(arena, (struct fen){100000}), "1,000.00");
    assert_string_equal(fen_grouped(arena, (struct fen){-123456789012}), "-1,234,567,890.12");
    arena_free(arena);
}

static void amounts_are_read(void **state)
{
    (void)state;
    const struct {
        const char *text;
        int64_t fen;
    } right[] = {{"0", 0},
                 {"1234", 123400},
                 {"1234.5", 123450},
                 {"1234.50", 123450},
                 {"1,234.50", 123450},
                 {"¥1234.50", 123450},
                 {"-0.07", -7},
                 {"12,345,678", 1234567800}};
    for (size_t i = 0; i < sizeof right / sizeof *right; i++) {
        struct fen ret;
        assert_true(fen_parse(right[i].text, &ret));
        assert_int_equal(ret.v, right[i].fen);
    }
}

static void what_is_no_amount_is_refused(void **state)
{
    (void)state;
    const char *const wrong[] = {"",
                                 "-",
                                 ".5",
                                 "1.",
                                 "1.234",
                                 "1,23",
                                 "12,34.5",
                                 "1,2345",
                                 ",123",
                                 "1e3",
                                 "0x10",
                                 "1 000",
                                 "1.2.3",
                                 "--1",
                                 "+1",
                                 "1元",
                                 "92233720368547758.08",
                                 "99999999999999999999",
                                 "NaN"};
    struct fen ret;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (fen_parse(wrong[i], &ret))
            fail_msg("'%s' was taken for an amount", wrong[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_exact_or_refused),
        cmocka_unit_test(shares_drop_the_rest_towards_zero),
        cmocka_unit_test(amounts_are_written),
        cmocka_unit_test(amounts_are_read),
        cmocka_unit_test(what_is_no_amount_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
