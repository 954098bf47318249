/* Codes against the values that the standards publish. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "registry/registry_room.h"

static const struct bytes SECRET = {"12345678901234567890", 20};

static struct instant at(int64_t seconds)
{
    return (struct instant){seconds * 1000};
}

/* RFC 4226, appendix D. */
static void counters_give_the_published_codes(void **state)
{
    static const char *const published[] = {"755224", "287082", "359152", "969429", "338314",
                                            "254676", "287922", "162583", "399871", "520489"};
    char code[TOTP_DIGITS + 1];
    (void)state;
    for (int64_t counter = 0; counter < 10; counter++) {
        registry__totp_code(SECRET, counter, code);
        assert_string_equal(code, published[counter]);
    }
}

/* RFC 6238, appendix B, SHA-1: of the eight published digits the last six. */
static void times_give_the_published_codes(void **state)
{
    static const struct {
        int64_t seconds;
        const char *code;
    } published[] = {{59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
                     {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
    char code[TOTP_DIGITS + 1];
    (void)state;
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
        int64_t step = published[i].seconds / TOTP_SECONDS;
        registry__totp_code(SECRET, step, code);
        assert_string_equal(code, published[i].code + 2);
        assert_int_equal(registry__totp_step(SECRET, code, at(published[i].seconds), 0), step);
    }
}

static void a_clock_may_be_half_a_minute_off(void **state)
{
    enum { STEP = 1000 };
    char code[TOTP_DIGITS + 1];
    (void)state;
    registry__totp_code(SECRET, STEP, code);
    for (int64_t step = STEP - 3; step <= STEP + 3; step++) {
        bool is_near = step >= STEP - 1 && step <= STEP + 1;
        int64_t begins = step * TOTP_SECONDS, ends = begins + TOTP_SECONDS - 1;
        assert_int_equal(registry__totp_step(SECRET, code, at(begins), 0), is_near ? STEP : 0);
        assert_int_equal(registry__totp_step(SECRET, code, at(ends), 0), is_near ? STEP : 0);
    }
}

static void a_used_step_is_none(void **state)
{
    enum { STEP = 1000 };
    char code[TOTP_DIGITS + 1];
    (void)state;
    registry__totp_code(SECRET, STEP, code);
    struct instant now = at(STEP * TOTP_SECONDS);
    assert_int_equal(registry__totp_step(SECRET, code, now, STEP - 1), STEP);
    assert_int_equal(registry__totp_step(SECRET, code, now, STEP), 0);
    assert_int_equal(registry__totp_step(SECRET, code, now, STEP + 1), 0);
}

static void only_six_digits_are_a_code(void **state)
{
    static const char *const wrong[] = {"", "94287082", "28708", "2870820", "28708２", "abcdef"};
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_equal(registry__totp_step(SECRET, wrong[i], at(59), 0), 0);
    assert_int_equal(registry__totp_step(SECRET, "287082", at(59), 0), 1);
}

/* RFC 4648, section 10, and the secret as authenticators take it. */
static void secrets_are_written_in_base32(void **state)
{
    static const struct {
        const char *plain, *text;
    } published[] = {{"", ""},
                     {"f", "MY"},
                     {"fo", "MZXQ"},
                     {"foo", "MZXW6"},
                     {"foob", "MZXW6YQ"},
                     {"fooba", "MZXW6YTB"},
                     {"foobar", "MZXW6YTBOI"},
                     {"12345678901234567890", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"}};
    struct ctx ctx = {.arena = arena_new(64 * 1024)};
    (void)state;
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
        struct bytes plain = {published[i].plain, strlen(published[i].plain)};
        assert_string_equal(registry__base32(&ctx, plain), published[i].text);
    }
    arena_free(ctx.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_give_the_published_codes),
        cmocka_unit_test(times_give_the_published_codes),
        cmocka_unit_test(a_clock_may_be_half_a_minute_off),
        cmocka_unit_test(a_used_step_is_none),
        cmocka_unit_test(only_six_digits_are_a_code),
        cmocka_unit_test(secrets_are_written_in_base32),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
