/* How often one may ask: the buckets by themselves, and what who asks too often is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/arena.h"
#include "web/web_fixture.h"
#include "web/web_room.h"

enum { ARENA_BYTES = 16 << 20, A_MINUTE = 60, SECOND_US = 1000 * 1000 };

static const int64_t START_US = 1234567890;

static void a_bucket_empties_and_fills(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct rates *rates = rates_new(arena);
    for (int i = 0; i < A_MINUTE; i++)
        assert_int_equal(rates_take_address(rates, "192.0.2.1", A_MINUTE, START_US), 0);
    assert_int_equal(rates_take_address(rates, "192.0.2.1", A_MINUTE, START_US), 1 + 1);
    assert_int_equal(rates_take_address(rates, "192.0.2.2", A_MINUTE, START_US), 0);
    /* What was refused was not taken: a second later there is exactly one. */
    int64_t later_us = START_US + SECOND_US;
    assert_int_equal(rates_take_address(rates, "192.0.2.1", A_MINUTE, later_us), 0);
    assert_true(rates_take_address(rates, "192.0.2.1", A_MINUTE, later_us) > 0);
    /* It fills to the brim and no further. */
    later_us += 3600LL * SECOND_US;
    for (int i = 0; i < A_MINUTE; i++)
        assert_int_equal(rates_take_address(rates, "192.0.2.1", A_MINUTE, later_us), 0);
    assert_true(rates_take_address(rates, "192.0.2.1", A_MINUTE, later_us) > 0);
    for (int i = 0; i < 10 * A_MINUTE; i++) /* no limit */
        assert_int_equal(rates_take_address(rates, "192.0.2.1", 0, later_us), 0);
    arena_free(arena);
}

/* Takes all there is. */
static void use_up(struct rates *rates, const char *address)
{
    for (int i = 0; i <= A_MINUTE; i++)
        rates_take_address(rates, address, A_MINUTE, START_US);
}

static bool has_more(struct rates *rates, const char *address)
{
    return rates_take_address(rates, address, A_MINUTE, START_US) == 0;
}

static void who_is_counted_together(void **state)
{
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct rates *rates = rates_new(arena);
    use_up(rates, "2001:db8:1:2::1");
    assert_false(has_more(rates, "2001:db8:1:2:ffff::9")); /* one customer's network */
    assert_true(has_more(rates, "2001:db8:1:3::1"));
    use_up(rates, "192.0.2.7");
    assert_false(has_more(rates, "::ffff:192.0.2.7"));
    assert_true(has_more(rates, "::ffff:192.0.2.8"));
    use_up(rates, ""); /* nobody said which */
    assert_false(has_more(rates, "nonsense"));
    assert_int_equal(rates_take_account(rates, 7, 1, START_US), 0);
    assert_true(rates_take_account(rates, 7, 1, START_US) > 0);
    assert_int_equal(rates_take_account(rates, 8, 1, START_US), 0);
    arena_free(arena);
}

static void a_crowd_frees_nobody(void **state)
{
    enum { CROWD = 300 * 1000 };
    (void)state;
    struct arena *arena = arena_new(ARENA_BYTES);
    struct rates *rates = rates_new(arena);
    size_t before = arena_used(arena);
    use_up(rates, "192.0.2.1");
    for (int i = 0; i < CROWD; i++) {
        char address[32];
        snprintf(address, sizeof address, "10.%d.%d.%d", i >> 16, i >> 8 & 255, i & 255);
        assert_true(has_more(rates, address));
    }
    assert_false(has_more(rates, "192.0.2.1"));
    assert_int_equal(arena_used(arena), before);
    arena_free(arena);
}

/* --- over HTTP */

static int64_t milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t one_account(const struct ctx *ctx)
{
    (void)ctx;
    return 1;
}

static void expect_enough(struct web_fixture *fixture, struct web_answer answer)
{
    assert_int_equal(answer.status, 429);
    const char *retry = web_header(fixture, answer, "Retry-After");
    int64_t seconds = 0;
    assert_non_null(retry);
    assert_true(text_integer(retry, &seconds) && seconds >= 1 && seconds <= 60);
    assert_non_null(memmem(answer.body, answer.length, "web.too_many", strlen("web.too_many")));
}

static void an_address_has_its_share(void **state)
{
    enum { SHARE = 6 };
    (void)state;
    struct web_fixture *fixture = web_fixture_open_with(
        (struct web_options){.address_requests = SHARE, .behind_proxy = true});
    const char *json = "Accept: application/json\r\nX-Forwarded-For: 192.0.2.1\r\n";
    for (int i = 0; i < SHARE; i++)
        assert_int_equal(web_get(fixture, "/t/page/x", json).status, 200);
    int64_t began = milliseconds();
    expect_enough(fixture, web_get(fixture, "/t/page/x", json));
    assert_true(milliseconds() - began >= 900); /* not at once, to be asked again at once */
    expect_enough(fixture, web_post(fixture, "/t/done", json, "a=1"));
    expect_enough(fixture, web_get(fixture, "/no-such-page", json));
    assert_int_equal(web_get(fixture, "/t/page/x", "X-Forwarded-For: 192.0.2.2\r\n").status, 200);
    web_fixture_close(fixture);
}

static void an_account_has_its_share(void **state)
{
    enum { SHARE = 4 };
    (void)state;
    struct web_fixture *fixture = web_fixture_open_with(
        (struct web_options){.account_requests = SHARE, .account = one_account});
    const char *mine = "Accept: application/json\r\nCookie: session=good\r\n";
    for (int i = 0; i < SHARE; i++)
        assert_int_equal(web_get(fixture, "/t/signed", mine).status, 200);
    expect_enough(fixture, web_get(fixture, "/t/signed", mine));
    expect_enough(fixture, web_post(fixture, "/t/done", mine, "a=1"));
    assert_int_equal(web_get(fixture, "/t/page/x", "").status, 200); /* a visitor */
    web_fixture_close(fixture);
}

/* A page that its reader cannot read is no answer to a person. */
static void a_person_is_told_in_words(void **state)
{
    (void)state;
    struct web_fixture *fixture =
        web_fixture_open_with((struct web_options){.address_requests = 1});
    assert_int_equal(web_get(fixture, "/t/page/x", "").status, 200);
    struct web_answer answer = web_get(fixture, "/t/page/x", "Accept-Language: en\r\n");
    assert_int_equal(answer.status, 429);
    assert_non_null(memmem(answer.body, answer.length, "Too many requests", 17));
    web_fixture_close(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bucket_empties_and_fills), cmocka_unit_test(who_is_counted_together),
        cmocka_unit_test(a_crowd_frees_nobody),       cmocka_unit_test(an_address_has_its_share),
        cmocka_unit_test(an_account_has_its_share),   cmocka_unit_test(a_person_is_told_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
