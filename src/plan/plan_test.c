/* How far a target is reached: small shares are seen, a target is never reached too early. */
#include "plan/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void a_share_is_rounded_down_and_never_hides_anybody(void **state)
{
    (void)state;
    static const struct {
        int64_t actual, target;
        const char *text, *bar;
    } CASES[] = {
        {0, 5000000, "0", "0"},
        {1, 5000000, "<0.01", "0"},
        {500, 5000000, "0.01", "0.01"},
        {2019, 5000000, "0.04", "0.04"},
        {49999, 5000000, "0.99", "0.99"},
        {50000, 5000000, "1.0", "1.0"},
        {499999, 5000000, "9.9", "9.9"},
        {3100000, 5000000, "62", "62"},
        {4999999, 5000000, "99", "99"}, /* one is missing */
        {5000000, 5000000, "100", "100"},
        {6500000, 5000000, "130", "100"},
        {INT64_MAX, 1, "92233720368547758", "100"},
        {7, 0, "0", "0"}, /* no target */
        {7, INT64_MIN, "0", "0"},
        {-3, 100, "0", "0"}, /* more was reversed than counted */
    };
    struct ctx ctx = {.arena = arena_new((size_t)1 << 20)};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct plan_share share = plan_share(&ctx, CASES[i].actual, CASES[i].target);
        assert_string_equal(share.text, CASES[i].text);
        assert_string_equal(share.bar, CASES[i].bar);
    }
    arena_free(ctx.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_is_rounded_down_and_never_hides_anybody),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
