/* Numbers as text: exponents, and the days that spreadsheets count. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "sheet/sheet.h"

static void literals_lose_their_exponent(void **state)
{
    (void)state;
    struct arena *arena = arena_new((size_t)1 << 16);
    static const struct {
        const char *literal, *plain;
    } cases[] = {
        {"0", "0"},
        {"-0.00", "0"},
        {"13888888888", "13888888888"},
        {"1.3888888888E10", "13888888888"},
        {"5.3010219900101001E+17", "530102199001010010"},
        {"5.30102E+17", "530102000000000000"},
        {"45678.0", "45678"},
        {"0045.60", "45.6"},
        {"-1.5e-3", "-0.0015"},
        {".5", "0.5"},
        {"5.", "5"},
        {"+7", "7"},
        {"12e-1", "1.2"},
        {"100E-2", "1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(sheet_number_plain(arena, cases[i].literal), cases[i].plain);
    arena_free(arena);
}

static void what_is_no_number_has_no_plain_form(void **state)
{
    (void)state;
    struct arena *arena = arena_new((size_t)1 << 16);
    static const char *const wrong[] = {"",     " ",      "-",     ".",   "e5",
                                        "1e",   "1e+",    "1e5x",  "1,5", "1.2.3",
                                        "0x10", "1e1000", "1E400", "NaN", "1e-999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (sheet_number_plain(arena, wrong[i]) != NULL)
            fail_msg("'%s' was taken for a number", wrong[i]);
    char digits[500];
    memset(digits, '7', sizeof digits);
    digits[401] = '\0';
    assert_null(sheet_number_plain(arena, digits));
    digits[400] = '\0';
    assert_string_equal(sheet_number_plain(arena, digits), digits);
    arena_free(arena);
}

static void serials_are_days(void **state)
{
    (void)state;
    static const struct {
        const char *literal;
        bool is_1904;
        struct civil civil;
    } cases[] = {
        {"1", false, {1900, 1, 1}},
        {"59", false, {1900, 2, 28}},
        {"61", false, {1900, 3, 1}},
        {"45723", false, {2025, 3, 7}},
        {"45723.999988", false, {2025, 3, 7}},
        {"4.5723E4", false, {2025, 3, 7}},
        {"401768", false, {2999, 12, 31}},
        {"0", true, {1904, 1, 1}},
        {"44261", true, {2025, 3, 7}},
        {"0.5", true, {1904, 1, 1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct day day, expected;
        assert_true(sheet_serial_day(cases[i].literal, cases[i].is_1904, &day));
        assert_true(day_of_civil(cases[i].civil, &expected));
        assert_int_equal(day_compare(day, expected), 0);
    }
}

static void what_is_no_day_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"0",      "60",         "60.5", "-1",
                                        "401769", "20250307",   "1E9",  "9999999999",
                                        "x",      "2025-03-07", "",     "0.9"};
    struct day day;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (sheet_serial_day(wrong[i], /* is_1904= */ false, &day))
            fail_msg("'%s' was taken for a day", wrong[i]);
    assert_false(sheet_serial_day("-1", /* is_1904= */ true, &day));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(literals_lose_their_exponent),
        cmocka_unit_test(what_is_no_number_has_no_plain_form),
        cmocka_unit_test(serials_are_days),
        cmocka_unit_test(what_is_no_day_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
