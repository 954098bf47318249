/* The second factor: who is asked for it, what a session is worth before, and codes of all kinds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "registry/registry_fixture.h"

#define PACK DIANJI_SOURCE_DIR "/tests/pack/minimal"
#define PASSWORD "four unrelated words"
#define HERE "192.0.2.1"

enum { SECOND_MS = 1000, MINUTE_MS = 60 * SECOND_MS };

static void wait_ms(struct ctx *ctx, int64_t ms)
{
    ctx->now.v += ms;
    ctx->today = instant_day(ctx->now);
}

/* A county officer, who needs a second factor, and a school's clerk, who does not. */
static struct ctx *begin(void **state)
{
    struct ctx *ctx = registry_fixture_begin(*state, PACK);
    organisation_id office =
        registry_fixture_organisation(ctx, 1, ORGANISATION_KIND_HRSS_DEPARTMENT, FIXTURE_COUNTY);
    organisation_id school = registry_fixture_organisation(
        ctx, 2, ORGANISATION_KIND_TRAINING_INSTITUTION, FIXTURE_COUNTY);
    registry_fixture_account(ctx, &(struct fixture_account){.login = "officer",
                                                            .role = ROLE_COUNTY_OFFICER,
                                                            .organisation = office,
                                                            .password = PASSWORD});
    registry_fixture_account(ctx, &(struct fixture_account){.login = "clerk",
                                                            .role = ROLE_INSTITUTION_CLERK,
                                                            .organisation = school,
                                                            .password = PASSWORD});
    return ctx;
}

static enum sign_in sign_in(struct ctx *ctx, const char *login, const char **ret_token)
{
    struct sign_in_attempt attempt = {
        .login = login, .password = PASSWORD, .address = HERE, .identify = registry_identify};
    ctx->actor = NULL;
    registry__sign_in_look(ctx, &attempt);
    registry__sign_in_weigh(ctx, &attempt);
    return registry__sign_in(ctx, &attempt, ret_token);
}

static const char *code_at(struct ctx *ctx, struct bytes secret, int64_t offset_ms)
{
    char code[TOTP_DIGITS + 1];
    registry__totp_code(secret, (ctx->now.v + offset_ms) / SECOND_MS / TOTP_SECONDS, code);
    return arena_text(ctx->arena, code);
}

/* Whose session still awaits its factor. */
static struct actor *awaiting(struct ctx *ctx, const char *token)
{
    struct actor *actor = arena_one(ctx->arena, struct actor);
    assert_true(registry__awaiting(ctx, token, actor));
    return actor;
}

static enum factor_give give(struct ctx *ctx, const char *token, const char *code,
                             struct factor_given *ret)
{
    return registry__factor_give(ctx, awaiting(ctx, token), &(struct code_given){code, HERE}, ret);
}

static struct code_given typed(const char *code)
{
    return (struct code_given){code, HERE};
}

/* Someone with a factor, and the codes that they got. */
struct holder {
    account_id account;
    struct bytes secret;
    const char *token;
    struct factor_given given;
};

static struct holder set_up(struct ctx *ctx, const char *login)
{
    struct holder holder;
    struct second_factor factor;
    assert_int_equal(sign_in(ctx, login, &holder.token), SIGN_IN_SET_UP_ASKED);
    holder.account = awaiting(ctx, holder.token)->account;
    assert_false(registry__factor(ctx, holder.account, &factor));
    holder.secret = factor.offered;
    assert_int_equal(give(ctx, holder.token, code_at(ctx, holder.secret, 0), &holder.given),
                     FACTOR_GIVE_SET_UP);
    holder.token = holder.given.token;
    wait_ms(ctx, MINUTE_MS);
    return holder;
}

static const char *to_the_code(struct ctx *ctx, const char *login)
{
    const char *token;
    assert_int_equal(sign_in(ctx, login, &token), SIGN_IN_CODE_ASKED);
    return token;
}

/* --- who is asked */

static void offices_and_money_need_it(void **state)
{
    static const enum role needing[] = {
        ROLE_COUNTY_OFFICER,   ROLE_COUNTY_CHIEF,  ROLE_PREFECTURE_OFFICER,
        ROLE_PROVINCE_OFFICER, ROLE_FINANCE_CLERK, ROLE_FINANCE_CHIEF,
        ROLE_AUDITOR,          ROLE_ADMINISTRATOR};
    uint64_t roles = 0;
    (void)state;
    for (size_t i = 0; i < sizeof needing / sizeof needing[0]; i++)
        roles |= UINT64_C(1) << needing[i];
    assert_int_equal(permission_roles(PERMISSION_SECOND_FACTOR_NEEDED), roles);
}

static void others_come_in_without(void **state)
{
    struct ctx *ctx = begin(state);
    const char *token;
    assert_int_equal(sign_in(ctx, "clerk", &token), SIGN_IN_DONE);
    assert_non_null(ctx->actor);
    ctx->actor = NULL;
    assert_true(registry_identify(ctx, token));
    assert_int_equal(ctx->actor->role, ROLE_INSTITUTION_CLERK);
}

/* Any of the posts: they are switched without signing in anew. */
static void one_post_that_needs_it_is_enough(void **state)
{
    struct ctx *ctx = begin(state);
    const char *token;
    post_id post;
    registry_fixture_account(
        ctx, &(struct fixture_account){.login = "worker",
                                       .role = ROLE_WORKER,
                                       .person = registry_fixture_person(ctx, 5, "张三", NULL),
                                       .region = FIXTURE_COUNTY,
                                       .password = PASSWORD});
    assert_int_equal(sign_in(ctx, "worker", &token), SIGN_IN_DONE);
    account_id worker = ctx->actor->account;
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    organisation_id office =
        registry_fixture_organisation(ctx, 3, ORGANISATION_KIND_FINANCE_DEPARTMENT, FIXTURE_COUNTY);
    struct post_args args = {worker, ROLE_FINANCE_CLERK, office, NULL};
    assert_int_equal(registry_post_add(ctx, &args, &post), POST_ADD_DONE);
    ctx->actor = NULL;
    assert_true(registry_identify(ctx, token)); /* the session that was open is nobody's now */
    assert_null(ctx->actor);
    assert_int_equal(sign_in(ctx, "worker", &token), SIGN_IN_SET_UP_ASKED);
}

static void a_session_without_it_is_nobodys(void **state)
{
    struct ctx *ctx = begin(state);
    const char *token;
    assert_int_equal(sign_in(ctx, "officer", &token), SIGN_IN_SET_UP_ASKED);
    assert_null(ctx->actor);
    assert_true(registry_identify(ctx, token));
    assert_null(ctx->actor);
    for (int permission = PERMISSION_SIGNED_IN; permission < PERMISSION_COUNT; permission++)
        assert_false(registry_permits(ctx, (enum permission)permission));
    assert_true(registry_permits(ctx, PERMISSION_PUBLIC));
    assert_true(registry_identify_by_password(ctx, token)); /* where it is switched off */
    assert_non_null(ctx->actor);
    ctx->actor = NULL;
    wait_ms(ctx, REGISTRY_FRESH_MINUTES * MINUTE_MS + 1);
    assert_false(registry_identify(ctx, token));
    struct actor actor;
    assert_false(registry__awaiting(ctx, token, &actor));
    assert_false(registry__awaiting(ctx, NULL, &actor));
}

/* --- setting up */

static void it_is_set_up_at_the_first_sign_in(void **state)
{
    struct ctx *ctx = begin(state);
    const char *token;
    struct second_factor factor;
    struct factor_given given;
    assert_int_equal(sign_in(ctx, "officer", &token), SIGN_IN_SET_UP_ASKED);
    account_id officer = awaiting(ctx, token)->account;
    assert_false(registry__factor(ctx, officer, &factor));
    assert_int_equal(factor.offered.length, TOTP_SECRET_BYTES);
    assert_int_equal(give(ctx, token, code_at(ctx, factor.offered, 5 * MINUTE_MS), &given),
                     FACTOR_GIVE_WRONG);
    assert_null(given.token);
    assert_null(ctx->actor);
    assert_int_equal(give(ctx, token, code_at(ctx, factor.offered, 0), &given), FACTOR_GIVE_SET_UP);
    assert_string_not_equal(given.token, token);
    assert_false(registry_identify(ctx, token)); /* the old token is worth nothing */
    assert_true(registry_identify(ctx, given.token));
    assert_int_equal(ctx->actor->role, ROLE_COUNTY_OFFICER);
    assert_true(ctx->actor->is_factor_given);
    assert_true(registry__factor(ctx, officer, &factor));
    assert_int_equal(factor.offered.length, 0);
    assert_int_equal(registry__recovery_left(ctx, officer), RECOVERY_CODES);
}

/* Who learnt a password does not see the secret that the owner then takes up, nor the reverse. */
static void a_secret_is_offered_to_one_session(void **state)
{
    struct ctx *ctx = begin(state);
    const char *first, *second;
    struct second_factor before, after;
    struct factor_given given;
    assert_int_equal(sign_in(ctx, "officer", &first), SIGN_IN_SET_UP_ASKED);
    struct actor *other = awaiting(ctx, first);
    registry__factor(ctx, other->account, &before);
    assert_int_equal(sign_in(ctx, "officer", &second), SIGN_IN_SET_UP_ASKED);
    registry__factor(ctx, other->account, &after);
    assert_memory_not_equal(before.offered.data, after.offered.data, TOTP_SECRET_BYTES);
    assert_false(registry__is_offered(&after, other));
    assert_int_equal(give(ctx, first, code_at(ctx, after.offered, 0), &given), FACTOR_GIVE_OVER);
    assert_int_equal(give(ctx, second, code_at(ctx, before.offered, 0), &given), FACTOR_GIVE_WRONG);
    assert_int_equal(give(ctx, second, code_at(ctx, after.offered, 0), &given), FACTOR_GIVE_SET_UP);
}

/* --- codes */

static void a_code_opens_the_door_once(void **state)
{
    struct ctx *ctx = begin(state);
    struct holder officer = set_up(ctx, "officer");
    struct factor_given given;
    const char *code = code_at(ctx, officer.secret, 0);
    const char *spaced = arena_printf(ctx->arena, " %.3s %s", code, code + 3);
    assert_int_equal(give(ctx, to_the_code(ctx, "officer"), spaced, &given), FACTOR_GIVE_DONE);
    assert_true(registry_identify(ctx, given.token));
    assert_int_equal(give(ctx, to_the_code(ctx, "officer"), code, &given), FACTOR_GIVE_WRONG);
    /* Nor one of a step before it, which nobody had used. */
    const char *earlier = code_at(ctx, officer.secret, -TOTP_SECONDS * SECOND_MS);
    assert_int_equal(give(ctx, to_the_code(ctx, "officer"), earlier, &given), FACTOR_GIVE_WRONG);
    wait_ms(ctx, TOTP_SECONDS * SECOND_MS);
    assert_int_equal(
        give(ctx, to_the_code(ctx, "officer"), code_at(ctx, officer.secret, 0), &given),
        FACTOR_GIVE_DONE);
}

/* The code that set the factor up has been seen, too. */
static void the_code_of_the_setting_up_is_used(void **state)
{
    struct ctx *ctx = begin(state);
    struct holder officer = set_up(ctx, "officer");
    struct factor_given given;
    wait_ms(ctx, -MINUTE_MS);
    assert_int_equal(
        give(ctx, to_the_code(ctx, "officer"), code_at(ctx, officer.secret, 0), &given),
        FACTOR_GIVE_WRONG);
}

static void a_clock_may_drift_by_a_step(void **state)
{
    struct ctx *ctx = begin(state);
    struct holder officer = set_up(ctx, "officer");
    struct factor_given given;
    int64_t step = TOTP_SECONDS * SECOND_MS;
    wait_ms(ctx, 10 * step);
    const char *late = code_at(ctx, officer.secret, -2 * step);
    const char *early = code_at(ctx, officer.secret, 2 * step);
    assert_int_equal(give(ctx, to_the_code(ctx, "officer"), late, &given), FACTOR_GIVE_WRONG);
    assert_int_equal(give(ctx, to_the_code(ctx, "officer"), early, &given), FACTOR_GIVE_WRONG);
    late = code_at(ctx, officer.secret, -step);
    early = code_at(ctx, officer.secret, step);
    assert_int_equal(give(ctx, to_the_code(ctx, "officer"), late, &given), FACTOR_GIVE_DONE);
    assert_int_equal(give(ctx, to_the_code(ctx, "officer"), early, &given), FACTOR_GIVE_DONE);
}

static void wrong_codes_lock_the_account(void **state)
{
    struct ctx *ctx = begin(state);
    struct holder officer = set_up(ctx, "officer");
    struct factor_given given;
    const char *token = NULL;
    /* The right password in between forgives nothing: else it would be guessed for ever. */
    for (int i = 0; i < REGISTRY_LOGIN_FAILURES_MAX; i++) {
        token = to_the_code(ctx, "officer");
        assert_int_equal(give(ctx, token, i % 2 == 0 ? "000000" : "", &given), FACTOR_GIVE_WRONG);
    }
    const char *code = code_at(ctx, officer.secret, 0);
    assert_int_equal(give(ctx, token, code, &given), FACTOR_GIVE_TOO_MANY);
    assert_int_equal(give(ctx, token, officer.given.recovery_codes[0], &given),
                     FACTOR_GIVE_TOO_MANY);
    assert_int_equal(sign_in(ctx, "officer", &token), SIGN_IN_TOO_MANY);
    wait_ms(ctx, REGISTRY_LOCKED_MINUTES * MINUTE_MS + 1);
    assert_int_equal(
        give(ctx, to_the_code(ctx, "officer"), code_at(ctx, officer.secret, 0), &given),
        FACTOR_GIVE_DONE);
    token = to_the_code(ctx, "officer"); /* and the slate is clean */
    for (int i = 0; i < REGISTRY_LOGIN_FAILURES_MAX; i++)
        assert_int_equal(give(ctx, token, "000000", &given), FACTOR_GIVE_WRONG);
}

/* --- recovery codes */

static void a_recovery_code_is_used_once(void **state)
{
    struct ctx *ctx = begin(state);
    struct holder officer = set_up(ctx, "officer");
    struct factor_given given;
    const char *code = officer.given.recovery_codes[3];
    assert_int_equal(give(ctx, to_the_code(ctx, "officer"), code, &given), FACTOR_GIVE_RECOVERED);
    assert_int_equal(given.recovery_left, RECOVERY_CODES - 1);
    assert_true(registry_identify(ctx, given.token));
    assert_int_equal(give(ctx, to_the_code(ctx, "officer"), code, &given), FACTOR_GIVE_WRONG);
    const char *plain =
        arena_printf(ctx->arena, "%.4s%.4s %.4s%.4s", officer.given.recovery_codes[4],
                     officer.given.recovery_codes[4] + 5, officer.given.recovery_codes[4] + 10,
                     officer.given.recovery_codes[4] + 15);
    assert_int_equal(give(ctx, to_the_code(ctx, "officer"), plain, &given), FACTOR_GIVE_RECOVERED);
    assert_int_equal(given.recovery_left, RECOVERY_CODES - 2);
}

static void recovery_codes_are_ones_own(void **state)
{
    struct ctx *ctx = begin(state);
    struct holder officer = set_up(ctx, "officer");
    struct factor_given given;
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    organisation_id office =
        registry_fixture_organisation(ctx, 4, ORGANISATION_KIND_HRSS_DEPARTMENT, FIXTURE_COUNTY);
    registry_fixture_account(ctx, &(struct fixture_account){.login = "chief",
                                                            .role = ROLE_COUNTY_CHIEF,
                                                            .organisation = office,
                                                            .password = PASSWORD});
    set_up(ctx, "chief");
    assert_int_equal(give(ctx, to_the_code(ctx, "chief"), officer.given.recovery_codes[0], &given),
                     FACTOR_GIVE_WRONG);
    assert_int_equal(give(ctx, to_the_code(ctx, "chief"), code_at(ctx, officer.secret, 0), &given),
                     FACTOR_GIVE_WRONG);
}

static void recovery_codes_are_made_anew(void **state)
{
    struct ctx *ctx = begin(state);
    struct holder officer = set_up(ctx, "officer");
    struct factor_given given, door;
    assert_true(registry_identify(ctx, officer.token));
    struct code_given wrong = typed("000000"), right = typed(code_at(ctx, officer.secret, 0));
    assert_int_equal(registry__recovery_renew(ctx, &wrong, &given), FACTOR_CHANGE_WRONG);
    assert_int_equal(registry__recovery_renew(ctx, &right, &given), FACTOR_CHANGE_DONE);
    assert_int_equal(registry__recovery_renew(ctx, &right, &door), FACTOR_CHANGE_WRONG);
    assert_int_equal(registry__recovery_left(ctx, officer.account), RECOVERY_CODES);
    const char *token = to_the_code(ctx, "officer");
    assert_int_equal(give(ctx, token, officer.given.recovery_codes[0], &door), FACTOR_GIVE_WRONG);
    assert_int_equal(give(ctx, token, given.recovery_codes[0], &door), FACTOR_GIVE_RECOVERED);
}

/* --- with the door behind one */

static void whoever_wants_one_sets_it_up(void **state)
{
    struct ctx *ctx = begin(state);
    const char *token, *other;
    struct second_factor factor;
    struct factor_given given;
    struct code_given none = {NULL, HERE}, any = typed("123456");
    assert_int_equal(sign_in(ctx, "clerk", &other), SIGN_IN_DONE);
    assert_int_equal(sign_in(ctx, "clerk", &token), SIGN_IN_DONE);
    assert_int_equal(registry__factor_confirm(ctx, &any, &given), FACTOR_CHANGE_NOTHING);
    assert_int_equal(registry__recovery_renew(ctx, &any, &given), FACTOR_CHANGE_NOTHING);
    assert_int_equal(registry__factor_remove(ctx, &any), FACTOR_CHANGE_NOTHING);
    assert_int_equal(registry__factor_offer(ctx, &none), FACTOR_CHANGE_DONE);
    registry__factor(ctx, ctx->actor->account, &factor);
    struct code_given right = typed(code_at(ctx, factor.offered, 0));
    assert_int_equal(registry__factor_confirm(ctx, &none, &given), FACTOR_CHANGE_WRONG);
    assert_int_equal(registry__factor_confirm(ctx, &right, &given), FACTOR_CHANGE_DONE);
    assert_false(registry_identify(ctx, token));
    assert_false(registry_identify(ctx, other)); /* it had only a password */
    assert_true(registry_identify(ctx, given.token));
    wait_ms(ctx, MINUTE_MS);
    to_the_code(ctx, "clerk");
    assert_true(registry_identify(ctx, given.token));
    struct code_given last = typed(code_at(ctx, factor.offered, 0));
    assert_int_equal(registry__factor_remove(ctx, &last), FACTOR_CHANGE_DONE);
    assert_int_equal(sign_in(ctx, "clerk", &token), SIGN_IN_DONE);
}

static void a_desk_left_open_gets_none(void **state)
{
    struct ctx *ctx = begin(state);
    const char *token;
    struct code_given none = {NULL, HERE};
    assert_int_equal(sign_in(ctx, "clerk", &token), SIGN_IN_DONE);
    wait_ms(ctx, REGISTRY_FRESH_MINUTES * MINUTE_MS + 1);
    assert_int_equal(registry__factor_offer(ctx, &none), FACTOR_CHANGE_SIGN_IN_AGAIN);
}

static void it_moves_to_another_authenticator(void **state)
{
    struct ctx *ctx = begin(state);
    struct holder officer = set_up(ctx, "officer");
    struct second_factor factor;
    struct factor_given given, door;
    struct code_given none = {NULL, HERE};
    assert_true(registry_identify(ctx, officer.token));
    assert_int_equal(registry__factor_offer(ctx, &none), FACTOR_CHANGE_WRONG);
    struct code_given old = typed(code_at(ctx, officer.secret, 0));
    assert_int_equal(registry__factor_offer(ctx, &old), FACTOR_CHANGE_DONE);
    assert_true(registry__factor(ctx, officer.account, &factor)); /* the old one still holds */
    assert_memory_equal(factor.secret.data, officer.secret.data, TOTP_SECRET_BYTES);
    struct code_given new = typed(code_at(ctx, factor.offered, 0));
    assert_int_equal(registry__factor_confirm(ctx, &new, &given), FACTOR_CHANGE_DONE);
    wait_ms(ctx, MINUTE_MS);
    const char *token = to_the_code(ctx, "officer");
    assert_int_equal(give(ctx, token, code_at(ctx, officer.secret, 0), &door), FACTOR_GIVE_WRONG);
    assert_int_equal(give(ctx, token, officer.given.recovery_codes[0], &door), FACTOR_GIVE_WRONG);
    assert_int_equal(give(ctx, token, code_at(ctx, factor.offered, 0), &door), FACTOR_GIVE_DONE);
}

static void who_needs_it_keeps_it(void **state)
{
    struct ctx *ctx = begin(state);
    struct holder officer = set_up(ctx, "officer");
    assert_true(registry_identify(ctx, officer.token));
    struct code_given code = typed(code_at(ctx, officer.secret, 0));
    assert_int_equal(registry__factor_remove(ctx, &code), FACTOR_CHANGE_NEEDED);
}

static void codes_are_not_guessed_inside_either(void **state)
{
    struct ctx *ctx = begin(state);
    struct holder officer = set_up(ctx, "officer");
    struct factor_given given;
    struct code_given wrong = typed("000000"), right = typed(code_at(ctx, officer.secret, 0));
    assert_true(registry_identify(ctx, officer.token));
    for (int i = 0; i < REGISTRY_LOGIN_FAILURES_MAX; i++)
        assert_int_equal(registry__factor_offer(ctx, &wrong), FACTOR_CHANGE_WRONG);
    assert_int_equal(registry__factor_offer(ctx, &right), FACTOR_CHANGE_TOO_MANY);
    assert_int_equal(registry__factor_confirm(ctx, &right, &given), FACTOR_CHANGE_TOO_MANY);
}

/* --- lost */

static void an_administrator_takes_a_lost_one(void **state)
{
    struct ctx *ctx = begin(state);
    const char *token;
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    account_id administrator = ctx->actor->account;
    struct holder officer = set_up(ctx, "officer");
    registry_fixture_act(ctx, "clerk");
    assert_int_equal(registry_factor_reset(ctx, officer.account), FACTOR_RESET_NOT_YOUR_REGION);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry_factor_reset(ctx, administrator), FACTOR_RESET_OWN_ACCOUNT);
    assert_int_equal(registry_factor_reset(ctx, (account_id){1}), FACTOR_RESET_NOT_FOUND);
    assert_int_equal(registry_factor_reset(ctx, officer.account), FACTOR_RESET_DONE);
    assert_int_equal(registry_factor_reset(ctx, officer.account), FACTOR_RESET_NOTHING);
    assert_false(registry_identify(ctx, officer.token));
    assert_int_equal(registry__recovery_left(ctx, officer.account), 0);
    assert_int_equal(sign_in(ctx, "officer", &token), SIGN_IN_SET_UP_ASKED);
    struct account_notice_list notices = registry__notices(ctx, officer.account);
    assert_int_equal(notices.items[0].kind, ACCOUNT_NOTICE_KIND_FACTOR_TAKEN);
}

/* The window has the person and the card in front of it. */
static void a_workers_is_taken_at_the_window(void **state)
{
    const char *code;
    struct ctx *ctx = begin(state);
    person_id person = registry_fixture_person(ctx, 1, "张三", FIXTURE_COUNTY);
    registry_fixture_account(
        ctx, &(struct fixture_account){
                 .login = "worker1", .role = ROLE_WORKER, .person = person, .password = PASSWORD});
    const char *token;
    struct second_factor factor;
    struct factor_given given;
    struct code_given none = {NULL, HERE};
    assert_int_equal(sign_in(ctx, "worker1", &token), SIGN_IN_DONE);
    assert_int_equal(registry__factor_offer(ctx, &none), FACTOR_CHANGE_DONE);
    registry__factor(ctx, ctx->actor->account, &factor);
    struct code_given right = typed(code_at(ctx, factor.offered, 0));
    assert_int_equal(registry__factor_confirm(ctx, &right, &given), FACTOR_CHANGE_DONE);
    to_the_code(ctx, "worker1");
    registry_fixture_act(ctx, "officer");
    assert_int_equal(registry_worker_account_open(ctx, person, &code), WORKER_ACCOUNT_OPEN_RESET);
    struct activation activation = {.code = code, .password = PASSWORD, .address = HERE};
    registry__activation_look(ctx, &activation);
    registry__activation_weigh(ctx, &activation);
    assert_int_equal(registry__activate(ctx, &activation), INVITATION_ACCEPT_DONE);
    assert_int_equal(sign_in(ctx, "worker1", &token), SIGN_IN_DONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offices_and_money_need_it),
        STORE_FIXTURE_TEST(others_come_in_without),
        STORE_FIXTURE_TEST(one_post_that_needs_it_is_enough),
        STORE_FIXTURE_TEST(a_session_without_it_is_nobodys),
        STORE_FIXTURE_TEST(it_is_set_up_at_the_first_sign_in),
        STORE_FIXTURE_TEST(a_secret_is_offered_to_one_session),
        STORE_FIXTURE_TEST(a_code_opens_the_door_once),
        STORE_FIXTURE_TEST(the_code_of_the_setting_up_is_used),
        STORE_FIXTURE_TEST(a_clock_may_drift_by_a_step),
        STORE_FIXTURE_TEST(wrong_codes_lock_the_account),
        STORE_FIXTURE_TEST(a_recovery_code_is_used_once),
        STORE_FIXTURE_TEST(recovery_codes_are_ones_own),
        STORE_FIXTURE_TEST(recovery_codes_are_made_anew),
        STORE_FIXTURE_TEST(whoever_wants_one_sets_it_up),
        STORE_FIXTURE_TEST(a_desk_left_open_gets_none),
        STORE_FIXTURE_TEST(it_moves_to_another_authenticator),
        STORE_FIXTURE_TEST(who_needs_it_keeps_it),
        STORE_FIXTURE_TEST(codes_are_not_guessed_inside_either),
        STORE_FIXTURE_TEST(an_administrator_takes_a_lost_one),
        STORE_FIXTURE_TEST(a_workers_is_taken_at_the_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
