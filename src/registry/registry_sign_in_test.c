/* The door: passwords, failures and sessions, with the clock in the test's hands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sodium.h>
#include <string.h>

#include "registry/registry_fixture.h"
#include "registry_sql.h"

#define PACK DIANJI_SOURCE_DIR "/tests/pack/minimal"
#define PASSWORD "four unrelated words"
#define HERE "192.0.2.1"

enum { MINUTE_MS = 60 * 1000, HOUR_MS = 60 * MINUTE_MS };

static void wait_ms(struct ctx *ctx, int64_t ms)
{
    ctx->now.v += ms;
    ctx->today = instant_day(ctx->now);
}

/* A county officer who signs in as "officer". */
static struct ctx *begin(void **state)
{
    struct ctx *ctx = registry_fixture_begin(*state, PACK);
    organisation_id office =
        registry_fixture_organisation(ctx, 1, ORGANISATION_KIND_HRSS_DEPARTMENT, FIXTURE_COUNTY);
    registry_fixture_account(ctx, &(struct fixture_account){.login = "officer",
                                                            .role = ROLE_COUNTY_OFFICER,
                                                            .organisation = office,
                                                            .password = PASSWORD});
    return ctx;
}

/* The second factor has a test of its own: registry_factor_test.c. */
static bool (*const identify)(struct ctx *ctx, const char *token) = registry_identify_by_password;

static enum sign_in try_from(struct ctx *ctx, const char *login, const char *password,
                             const char *address, const char **ret_token)
{
    struct sign_in_attempt attempt = {
        .login = login, .password = password, .address = address, .identify = identify};
    ctx->actor = NULL;
    registry__sign_in_look(ctx, &attempt);
    registry__sign_in_weigh(ctx, &attempt);
    return registry__sign_in(ctx, &attempt, ret_token);
}

static enum sign_in try(struct ctx *ctx, const char *login, const char *password)
{
    const char *token;
    enum sign_in answer = try_from(ctx, login, password, HERE, &token);
    assert_int_equal(token != NULL, answer == SIGN_IN_DONE);
    return answer;
}

static const char *enter(struct ctx *ctx)
{
    const char *token;
    assert_int_equal(try_from(ctx, "officer", PASSWORD, HERE, &token), SIGN_IN_DONE);
    assert_true(identify(ctx, token));
    return token;
}

/* --- signing in */

static void who_knows_the_password_comes_in(void **state)
{
    struct ctx *ctx = begin(state);
    const char *token = enter(ctx);
    assert_int_equal(strlen(token), 64);
    assert_int_equal(ctx->actor->role, ROLE_COUNTY_OFFICER);
    assert_string_equal(ctx->actor->region, FIXTURE_COUNTY);
    assert_string_equal(ctx->actor->organisation_name, "第1示例单位");
    assert_int_equal(try(ctx, " OFFICER ", PASSWORD), SIGN_IN_DONE);
    assert_int_equal(try(ctx, "ｏｆｆｉｃｅｒ", PASSWORD), SIGN_IN_DONE);
}

static void nobody_else_comes_in(void **state)
{
    struct ctx *ctx = begin(state);
    assert_int_equal(try(ctx, "officer", "something else"), SIGN_IN_REFUSED);
    assert_int_equal(try(ctx, "officer", ""), SIGN_IN_REFUSED);
    assert_int_equal(try(ctx, "no such login", PASSWORD), SIGN_IN_REFUSED);
    assert_int_equal(try(ctx, "", ""), SIGN_IN_REFUSED);
    assert_int_equal(try(ctx, FIXTURE_ADMINISTRATOR, PASSWORD), SIGN_IN_REFUSED);
}

static void a_worker_comes_in_with_the_identity_number(void **state)
{
    struct ctx *ctx = begin(state);
    person_id person;
    struct person_args args = {.identity_no = "53010219491231082X", .name = "张三"};
    assert_int_equal(registry_person_register(ctx, &args, &person), PERSON_REGISTER_DONE);
    registry_fixture_account(ctx, &(struct fixture_account){.role = ROLE_WORKER,
                                                            .person = person,
                                                            .region = FIXTURE_COUNTY,
                                                            .password = PASSWORD});
    assert_int_equal(try(ctx, "53010219491231082x", PASSWORD), SIGN_IN_DONE);
    assert_int_equal(try(ctx, "530102491231082", PASSWORD), SIGN_IN_DONE);
    assert_int_equal(try(ctx, "53010219491231090X", PASSWORD), SIGN_IN_REFUSED);
}

/* The dummy hash costs what a real one does, or time would tell which logins exist. */
static void an_unknown_login_costs_the_same(void **state)
{
    struct ctx *ctx = begin(state);
    const char *hash = registry_hash_password(ctx, PASSWORD);
    const char *costs = strchr(strchr(hash + 1, '$') + 1, '$');
    const char *nobodys = strchr(strchr(registry__nobodys_hash + 1, '$') + 1, '$');
    size_t length = strcspn(costs + 1, "$") + 1;
    assert_memory_equal(costs, nobodys, length);
    assert_int_equal(strlen(hash), strlen(registry__nobodys_hash));
    assert_true(registry__password_fits(ctx, hash, PASSWORD));
    assert_false(registry__password_fits(ctx, registry__nobodys_hash, PASSWORD));
    assert_true(text_starts(hash, "$argon2id$"));
}

static void a_suspended_account_stays_out(void **state)
{
    struct ctx *ctx = begin(state);
    const char *token = enter(ctx);
    account_id officer = ctx->actor->account;
    post_id post = ctx->actor->post;
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry_account_turn(ctx, officer, ACCOUNT_STATE_SUSPENDED, "调离"),
                     ACCOUNT_STATE_CHANGE_DONE);
    assert_false(identify(ctx, token)); /* at once */
    assert_int_equal(try(ctx, "officer", PASSWORD), SIGN_IN_SUSPENDED);
    /* Who does not know the password does not learn that either. */
    assert_int_equal(try(ctx, "officer", "something else"), SIGN_IN_REFUSED);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry_account_turn(ctx, officer, ACCOUNT_STATE_ACTIVE, NULL),
                     ACCOUNT_STATE_CHANGE_DONE);
    assert_int_equal(registry_post_end(ctx, officer, post), POST_END_DONE);
    assert_int_equal(try(ctx, "officer", PASSWORD), SIGN_IN_NO_POST);
}

/* Suspended by who knows the password after all that time; resumed, it has its days again. */
static void an_account_that_nobody_uses_falls_dormant(void **state)
{
    struct ctx *ctx = begin(state);
    enter(ctx);
    account_id officer = ctx->actor->account;
    wait_ms(ctx, (int64_t)100 * 24 * HOUR_MS);
    assert_int_equal(try(ctx, "officer", PASSWORD), SIGN_IN_DONE);
    wait_ms(ctx, (int64_t)100 * 24 * HOUR_MS + 1);
    assert_int_equal(try(ctx, "officer", "something else"), SIGN_IN_REFUSED);
    assert_int_equal(try(ctx, "officer", PASSWORD), SIGN_IN_DORMANT);
    assert_int_equal(try(ctx, "officer", PASSWORD), SIGN_IN_SUSPENDED);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry_account_turn(ctx, officer, ACCOUNT_STATE_ACTIVE, NULL),
                     ACCOUNT_STATE_CHANGE_DONE);
    assert_int_equal(try(ctx, "officer", PASSWORD), SIGN_IN_DONE);
}

/* --- failures */

static void an_account_is_locked_for_a_while(void **state)
{
    struct ctx *ctx = begin(state);
    for (int i = 0; i < REGISTRY_LOGIN_FAILURES_MAX; i++) {
        assert_int_equal(try(ctx, "officer", "something else"), SIGN_IN_REFUSED);
        wait_ms(ctx, MINUTE_MS);
    }
    assert_int_equal(try(ctx, "officer", PASSWORD), SIGN_IN_TOO_MANY);
    assert_int_equal(try(ctx, " Officer", PASSWORD), SIGN_IN_TOO_MANY);
    const char *token;
    assert_int_equal(try_from(ctx, "officer", PASSWORD, "192.0.2.9", &token), SIGN_IN_TOO_MANY);
    wait_ms(ctx, (REGISTRY_LOCKED_MINUTES - 2) * MINUTE_MS);
    assert_int_equal(try(ctx, "officer", PASSWORD), SIGN_IN_TOO_MANY);
    wait_ms(ctx, 2 * MINUTE_MS);
    assert_int_equal(try(ctx, "officer", PASSWORD), SIGN_IN_DONE);
}

/* Else the lock would tell which logins exist. */
static void an_unknown_login_is_locked_alike(void **state)
{
    struct ctx *ctx = begin(state);
    for (int i = 0; i < REGISTRY_LOGIN_FAILURES_MAX; i++)
        assert_int_equal(try(ctx, "nobody", "something else"), SIGN_IN_REFUSED);
    assert_int_equal(try(ctx, "nobody", "something else"), SIGN_IN_TOO_MANY);
}

static void success_forgives(void **state)
{
    struct ctx *ctx = begin(state);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < REGISTRY_LOGIN_FAILURES_MAX - 1; i++)
            assert_int_equal(try(ctx, "officer", "something else"), SIGN_IN_REFUSED);
        assert_int_equal(try(ctx, "officer", PASSWORD), SIGN_IN_DONE);
    }
}

static void an_address_is_locked_over_all_logins(void **state)
{
    struct ctx *ctx = begin(state);
    const char *token;
    for (int i = 0; i < REGISTRY_ADDRESS_FAILURES_MAX; i++) {
        const char *login = arena_printf(ctx->arena, "guess%d", i);
        struct sign_in_attempt attempt = {
            .login = login, .password = "x", .address = HERE, .identify = identify};
        registry__sign_in_look(ctx, &attempt); /* not weighed: it is wrong anyhow */
        assert_int_equal(registry__sign_in(ctx, &attempt, &token), SIGN_IN_REFUSED);
    }
    assert_int_equal(try(ctx, "officer", PASSWORD), SIGN_IN_TOO_MANY);
    assert_int_equal(try_from(ctx, "officer", PASSWORD, "192.0.2.9", &token), SIGN_IN_DONE);
}

/* Attempts that were all weighed before any was decided. */
static void guesses_at_once_are_counted_one_by_one(void **state)
{
    enum { AT_ONCE = 20 };
    struct ctx *ctx = begin(state);
    struct sign_in_attempt attempts[AT_ONCE];
    const char *token;
    int refused = 0, locked = 0;
    for (int i = 0; i < AT_ONCE; i++) {
        attempts[i] = (struct sign_in_attempt){.login = "officer",
                                               .password = "something else",
                                               .address = HERE,
                                               .identify = identify};
        registry__sign_in_look(ctx, &attempts[i]);
        assert_false(attempts[i].is_locked);
    }
    attempts[AT_ONCE - 1].is_right = true; /* the last one happened on it */
    for (int i = 0; i < AT_ONCE; i++) {
        enum sign_in answer = registry__sign_in(ctx, &attempts[i], &token);
        refused += answer == SIGN_IN_REFUSED;
        locked += answer == SIGN_IN_TOO_MANY;
    }
    assert_int_equal(refused, REGISTRY_LOGIN_FAILURES_MAX);
    assert_int_equal(locked, AT_ONCE - REGISTRY_LOGIN_FAILURES_MAX);
}

/* A password that was changed while the attempt was weighed opens nothing. */
static void an_old_password_opens_nothing(void **state)
{
    const char *code;
    struct ctx *ctx = begin(state);
    struct sign_in_attempt attempt = {
        .login = "officer", .password = PASSWORD, .address = HERE, .identify = identify};
    const char *token;
    registry__sign_in_look(ctx, &attempt);
    registry__sign_in_weigh(ctx, &attempt);
    assert_true(attempt.is_right);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry_password_reset(ctx, attempt.account.id, &code), PASSWORD_RESET_DONE);
    assert_int_equal(registry__sign_in(ctx, &attempt, &token), SIGN_IN_REFUSED);
    assert_null(token);
}

/* --- sessions */

static void only_a_token_identifies(void **state)
{
    struct ctx *ctx = begin(state);
    const char *token = enter(ctx);
    static const char *const wrong[] = {"", "x", "' OR 1=1 --"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(identify(ctx, wrong[i]));
    char *other = arena_text(ctx->arena, token);
    other[0] = other[0] == '0' ? '1' : '0';
    assert_false(identify(ctx, other));
    /* The hash that the database keeps is no token. */
    unsigned char digest[crypto_hash_sha256_BYTES];
    char hex[sizeof digest * 2 + 1];
    crypto_hash_sha256(digest, (const unsigned char *)token, strlen(token));
    assert_false(identify(ctx, sodium_bin2hex(hex, sizeof hex, digest, sizeof digest)));
    assert_true(identify(ctx, token));
}

static void an_idle_session_ends(void **state)
{
    struct ctx *ctx = begin(state);
    const char *token = enter(ctx);
    wait_ms(ctx, 2 * HOUR_MS - MINUTE_MS);
    assert_true(identify(ctx, token));
    assert_true(registry__session_seen(ctx, (void *)(uintptr_t)token));
    wait_ms(ctx, 2 * HOUR_MS - MINUTE_MS);
    assert_true(identify(ctx, token));
    wait_ms(ctx, 2 * MINUTE_MS);
    assert_false(identify(ctx, token));
}

static void a_session_in_use_ends_as_well(void **state)
{
    struct ctx *ctx = begin(state);
    const char *token = enter(ctx);
    for (int hour = 1; hour <= 12; hour++) {
        wait_ms(ctx, HOUR_MS);
        assert_true(identify(ctx, token));
        assert_true(registry__session_seen(ctx, (void *)(uintptr_t)token));
    }
    wait_ms(ctx, MINUTE_MS);
    assert_false(identify(ctx, token));
}

static void a_workers_phone_stays_signed_in(void **state)
{
    struct ctx *ctx = begin(state);
    person_id person = registry_fixture_person(ctx, 1, "张三", FIXTURE_COUNTY);
    registry_fixture_account(
        ctx, &(struct fixture_account){
                 .login = "worker1", .role = ROLE_WORKER, .person = person, .password = PASSWORD});
    const char *token;
    assert_int_equal(try_from(ctx, "worker1", PASSWORD, HERE, &token), SIGN_IN_DONE);
    wait_ms(ctx, 6LL * 24 * HOUR_MS);
    assert_true(identify(ctx, token));
    wait_ms(ctx, 2LL * 24 * HOUR_MS);
    assert_false(identify(ctx, token));
}

static void sessions_are_ended_by_their_owner(void **state)
{
    struct ctx *ctx = begin(state);
    const char *first = enter(ctx);
    sign_in_id first_id = ctx->actor->sign_in;
    const char *second = enter(ctx), *third = enter(ctx);
    assert_int_equal(registry__session_end(ctx, first_id), SESSION_END_DONE);
    assert_int_equal(registry__session_end(ctx, first_id), SESSION_END_NOT_FOUND);
    assert_false(identify(ctx, first));
    assert_true(identify(ctx, third));
    sign_in_id third_id = ctx->actor->sign_in;
    registry__sessions_end_others(ctx);
    assert_false(identify(ctx, second));
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR); /* somebody else's */
    assert_int_equal(registry__session_end(ctx, third_id), SESSION_END_NOT_FOUND);
    assert_true(identify(ctx, third));
    registry__session_end_by_token(ctx, third);
    assert_false(identify(ctx, third));
}

static void signing_in_again_ends_the_browsers_old_session(void **state)
{
    struct ctx *ctx = begin(state);
    const char *old = enter(ctx), *new;
    struct sign_in_attempt attempt = {.login = "officer",
                                      .password = PASSWORD,
                                      .address = HERE,
                                      .old_token = old,
                                      .identify = identify};
    registry__sign_in_look(ctx, &attempt);
    registry__sign_in_weigh(ctx, &attempt);
    assert_int_equal(registry__sign_in(ctx, &attempt, &new), SIGN_IN_DONE);
    assert_false(identify(ctx, old));
    assert_true(identify(ctx, new));
}

static void posts_are_switched_between_ones_own(void **state)
{
    struct ctx *ctx = begin(state);
    const char *token = enter(ctx);
    account_id officer = ctx->actor->account;
    post_id first = ctx->actor->post, second, others;
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    others = ctx->actor->post;
    organisation_id office = registry_fixture_organisation(
        ctx, 2, ORGANISATION_KIND_HRSS_DEPARTMENT, FIXTURE_OTHER_COUNTY);
    struct post_args args = {officer, ROLE_COUNTY_OFFICER, office, NULL};
    assert_int_equal(registry_post_add(ctx, &args, &second), POST_ADD_DONE);
    assert_true(identify(ctx, token));
    assert_int_equal(registry__post_switch(ctx, others), POST_SWITCH_NOT_YOURS);
    assert_int_equal(registry__post_switch(ctx, second), POST_SWITCH_DONE);
    assert_true(identify(ctx, token));
    assert_string_equal(ctx->actor->region, FIXTURE_OTHER_COUNTY);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry_post_end(ctx, officer, second), POST_END_DONE);
    assert_false(identify(ctx, token)); /* it acted through that post */
    token = enter(ctx);
    assert_int_equal(registry__post_switch(ctx, second), POST_SWITCH_NOT_YOURS);
    assert_int_equal(ctx->actor->post.v, first.v);
}

/* --- the own password */

static enum password_change change(struct ctx *ctx, const char *old, const char *new)
{
    struct password_attempt attempt = {.old = old, .new = new, .address = HERE};
    registry__password_look(ctx, &attempt);
    registry__password_weigh(ctx, &attempt);
    return registry__password_change(ctx, &attempt);
}

static void a_password_is_changed(void **state)
{
    struct ctx *ctx = begin(state);
    const char *other = enter(ctx), *token = enter(ctx);
    assert_int_equal(change(ctx, PASSWORD, "another four words"), PASSWORD_CHANGE_DONE);
    assert_false(identify(ctx, other));
    assert_true(identify(ctx, token));
    assert_int_equal(try(ctx, "officer", PASSWORD), SIGN_IN_REFUSED);
    assert_int_equal(try(ctx, "officer", "another four words"), SIGN_IN_DONE);
}

static void a_bad_password_is_refused(void **state)
{
    struct ctx *ctx = begin(state);
    enter(ctx);
    assert_int_equal(change(ctx, PASSWORD, "short"), PASSWORD_CHANGE_TOO_SHORT);
    assert_int_equal(change(ctx, PASSWORD, "十一个汉字还是不够十二"), PASSWORD_CHANGE_TOO_SHORT);
    assert_int_equal(change(ctx, PASSWORD, "dianji-2025"), PASSWORD_CHANGE_TOO_SHORT);
    assert_int_equal(change(ctx, PASSWORD, "my-OFFICER-2025"), PASSWORD_CHANGE_LIKE_LOGIN);
    assert_int_equal(change(ctx, PASSWORD, PASSWORD), PASSWORD_CHANGE_UNCHANGED);
    assert_int_equal(change(ctx, PASSWORD, "十二个汉字就够长了是不是"), PASSWORD_CHANGE_DONE);
}

/* Of the list, with ornaments, in a row, over and over; but a long phrase of common words is not.
 */
static void what_is_guessed_first_is_refused(void **state)
{
    static const char *const common[] = {
        "qwerty123456", "Password2025!", "!!Dragon2025", "dianji-2025-2025", "888888888888",
        "123456789012", "abcdefghijkl",  "987654321098", "dragondragon",     "abc1abc1abc1",
    };
    struct ctx *ctx = begin(state);
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        assert_int_equal(registry_password_check(ctx, common[i], "officer"),
                         PASSWORD_CHANGE_TOO_COMMON);
    assert_int_equal(registry_password_check(ctx, "dragon monkey letmein", "officer"),
                     PASSWORD_CHANGE_DONE);
}

static void lengths_are_of_characters(void **state)
{
    struct ctx *ctx = begin(state);
    struct buffer long_one = buffer_new(ctx->arena, 512);
    for (int i = 0; i < 64; i++)
        buffer_add(&long_one, i % 3 == 0 ? "滇云" : "技能");
    assert_int_equal(registry_password_check(ctx, long_one.bytes, "officer"), PASSWORD_CHANGE_DONE);
    buffer_add(&long_one, "长");
    assert_int_equal(registry_password_check(ctx, long_one.bytes, "officer"),
                     PASSWORD_CHANGE_TOO_LONG);
}

static void the_old_password_is_not_guessed_here_either(void **state)
{
    struct ctx *ctx = begin(state);
    const char *token = enter(ctx);
    for (int i = 0; i < REGISTRY_LOGIN_FAILURES_MAX; i++)
        assert_int_equal(change(ctx, "something else", "another four words"),
                         PASSWORD_CHANGE_WRONG);
    assert_int_equal(change(ctx, PASSWORD, "another four words"), PASSWORD_CHANGE_TOO_MANY);
    assert_int_equal(try(ctx, "officer", PASSWORD), SIGN_IN_TOO_MANY);
    wait_ms(ctx, REGISTRY_LOCKED_MINUTES * MINUTE_MS + 1);
    assert_true(identify(ctx, token));
    assert_int_equal(change(ctx, PASSWORD, "another four words"), PASSWORD_CHANGE_DONE);
}

static void an_initial_password_is_to_be_changed(void **state)
{
    struct ctx *ctx = begin(state);
    enter(ctx);
    account_id officer = ctx->actor->account;
    const char *initial = registry_password_new(ctx);
    const char *hash = registry_hash_password(ctx, initial);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    sql_account_password(ctx, officer, hash, /* is_password_initial= */ true, ctx->now);
    const char *token;
    assert_int_equal(try_from(ctx, "officer", initial, HERE, &token), SIGN_IN_DONE);
    assert_true(identify(ctx, token));
    assert_true(ctx->actor->is_password_initial);
    assert_string_equal(registry_owed(ctx), "/account/password");
    assert_int_equal(change(ctx, initial, "another four words"), PASSWORD_CHANGE_DONE);
    assert_true(identify(ctx, token));
    assert_false(ctx->actor->is_password_initial);
    assert_null(registry_owed(ctx));
}

static void an_initial_password_is_over_after_its_days(void **state)
{
    struct ctx *ctx = begin(state);
    enter(ctx);
    account_id officer = ctx->actor->account;
    const char *hash = registry_hash_password(ctx, "given by somebody");
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    sql_account_password(ctx, officer, hash, /* is_password_initial= */ true, ctx->now);
    wait_ms(ctx, 7 * 24 * HOUR_MS);
    assert_int_equal(try(ctx, "officer", "given by somebody"), SIGN_IN_DONE);
    wait_ms(ctx, 1);
    assert_int_equal(try(ctx, "officer", "given by somebody"), SIGN_IN_PASSWORD_OVER);
    assert_int_equal(try(ctx, "officer", "a guess and no more"), SIGN_IN_REFUSED);
}

static void the_holder_is_told_until_it_is_read(void **state)
{
    struct ctx *ctx = begin(state);
    enter(ctx);
    account_id officer = ctx->actor->account;
    assert_false(registry__has_notices(ctx, officer));
    assert_int_equal(change(ctx, PASSWORD, "another four words"), PASSWORD_CHANGE_DONE);
    assert_int_equal(try(ctx, "officer", "another four words"), SIGN_IN_DONE);
    assert_true(registry__has_notices(ctx, officer));
    assert_string_equal(registry__way_on(ctx, ctx->actor, ""), "/account#notices");
    registry__notices_see(ctx);
    assert_string_equal(registry__way_on(ctx, ctx->actor, ""), "/desk");
    struct account_notice_list notices = registry__notices(ctx, officer);
    assert_int_equal(notices.count, 1);
    assert_int_equal(notices.items[0].kind, ACCOUNT_NOTICE_KIND_PASSWORD_CHANGED);
    wait_ms(ctx, (int64_t)201 * 24 * HOUR_MS);
    assert_int_equal(registry_sign_ins_past(ctx) > 0, 1);
    registry_erase_sign_ins_past(ctx);
    assert_int_equal(registry_sign_ins_past(ctx), 0);
}

static void new_passwords_are_long_and_never_the_same(void **state)
{
    struct ctx *ctx = begin(state);
    const char *one = registry_password_new(ctx), *two = registry_password_new(ctx);
    assert_int_equal(strlen(one), 19);
    assert_string_not_equal(one, two);
    assert_int_equal(registry_password_check(ctx, one, "officer"), PASSWORD_CHANGE_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FIXTURE_TEST(who_knows_the_password_comes_in),
        STORE_FIXTURE_TEST(nobody_else_comes_in),
        STORE_FIXTURE_TEST(a_worker_comes_in_with_the_identity_number),
        STORE_FIXTURE_TEST(an_unknown_login_costs_the_same),
        STORE_FIXTURE_TEST(a_suspended_account_stays_out),
        STORE_FIXTURE_TEST(an_account_that_nobody_uses_falls_dormant),
        STORE_FIXTURE_TEST(an_account_is_locked_for_a_while),
        STORE_FIXTURE_TEST(an_unknown_login_is_locked_alike),
        STORE_FIXTURE_TEST(success_forgives),
        STORE_FIXTURE_TEST(an_address_is_locked_over_all_logins),
        STORE_FIXTURE_TEST(guesses_at_once_are_counted_one_by_one),
        STORE_FIXTURE_TEST(an_old_password_opens_nothing),
        STORE_FIXTURE_TEST(only_a_token_identifies),
        STORE_FIXTURE_TEST(an_idle_session_ends),
        STORE_FIXTURE_TEST(a_session_in_use_ends_as_well),
        STORE_FIXTURE_TEST(a_workers_phone_stays_signed_in),
        STORE_FIXTURE_TEST(sessions_are_ended_by_their_owner),
        STORE_FIXTURE_TEST(signing_in_again_ends_the_browsers_old_session),
        STORE_FIXTURE_TEST(posts_are_switched_between_ones_own),
        STORE_FIXTURE_TEST(a_password_is_changed),
        STORE_FIXTURE_TEST(a_bad_password_is_refused),
        STORE_FIXTURE_TEST(the_old_password_is_not_guessed_here_either),
        STORE_FIXTURE_TEST(an_initial_password_is_to_be_changed),
        STORE_FIXTURE_TEST(what_is_guessed_first_is_refused),
        STORE_FIXTURE_TEST(lengths_are_of_characters),
        STORE_FIXTURE_TEST(an_initial_password_is_over_after_its_days),
        STORE_FIXTURE_TEST(the_holder_is_told_until_it_is_read),
        STORE_FIXTURE_TEST(new_passwords_are_long_and_never_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
