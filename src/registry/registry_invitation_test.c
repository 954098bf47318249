/* Invitations: who invites whom, and a code that works once. */
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

static const int64_t DAY_MS = 24LL * 60 * 60 * 1000;

struct school {
    struct ctx *ctx;
    organisation_id own, other;
    account_id clerk;
    const char *code; /* the clerk's invitation */
};

/* A school with a head, who has invited a clerk; and another school. */
static struct school begin(void **state)
{
    post_id post;
    struct school school = {.ctx = registry_fixture_begin(*state, PACK)};
    struct ctx *ctx = school.ctx;
    school.own = registry_fixture_organisation(ctx, 1, ORGANISATION_KIND_TRAINING_INSTITUTION,
                                               FIXTURE_COUNTY);
    school.other = registry_fixture_organisation(ctx, 2, ORGANISATION_KIND_TRAINING_INSTITUTION,
                                                 FIXTURE_COUNTY);
    registry_fixture_account(ctx, &(struct fixture_account){.login = "head",
                                                            .role = ROLE_INSTITUTION_HEAD,
                                                            .organisation = school.own});
    registry_fixture_act(ctx, "head");
    struct account_args args = {.login = "clerk",
                                .password_hash = registry__nobodys_hash,
                                .is_password_initial = true,
                                .name = "新来的经办"};
    assert_int_equal(registry_account_add(ctx, &args, &school.clerk), ACCOUNT_ADD_DONE);
    struct post_args rights = {
        .account = school.clerk, .role = ROLE_INSTITUTION_CLERK, .organisation = school.own};
    assert_int_equal(registry_post_add(ctx, &rights, &post), POST_ADD_DONE);
    school.code = registry__invite(ctx, school.clerk);
    return school;
}

static enum invitation_accept accept(struct ctx *ctx, const char *code, const char *password,
                                     enum password_change *ret_fault)
{
    struct activation activation = {.code = code, .password = password, .address = HERE};
    ctx->actor = NULL;
    registry__activation_look(ctx, &activation);
    registry__activation_weigh(ctx, &activation);
    *ret_fault = activation.fault;
    return registry__activate(ctx, &activation);
}

static enum sign_in sign_in(struct ctx *ctx, const char *login, const char **ret_token)
{
    struct sign_in_attempt attempt = {.login = login,
                                      .password = PASSWORD,
                                      .address = HERE,
                                      .identify = registry_identify_by_password};
    ctx->actor = NULL;
    registry__sign_in_look(ctx, &attempt);
    registry__sign_in_weigh(ctx, &attempt);
    return registry__sign_in(ctx, &attempt, ret_token);
}

static void a_code_sets_the_own_password_once(void **state)
{
    struct school school = begin(state);
    enum password_change fault;
    const char *token;
    assert_int_equal(sign_in(school.ctx, "clerk", &token), SIGN_IN_REFUSED);
    assert_int_equal(accept(school.ctx, "abcd-abcd-abcd-abcd", PASSWORD, &fault),
                     INVITATION_ACCEPT_WRONG);
    assert_int_equal(accept(school.ctx, school.code, "short", &fault), INVITATION_ACCEPT_PASSWORD);
    assert_int_equal(fault, PASSWORD_CHANGE_TOO_SHORT);
    assert_int_equal(accept(school.ctx, "my clerk's words", PASSWORD, &fault),
                     INVITATION_ACCEPT_WRONG);
    const char *typed = arena_printf(school.ctx->arena, " %s ", school.code);
    assert_int_equal(accept(school.ctx, typed, PASSWORD, &fault), INVITATION_ACCEPT_DONE);
    assert_int_equal(sign_in(school.ctx, "clerk", &token), SIGN_IN_DONE);
    assert_false(school.ctx->actor->is_password_initial);
    assert_int_equal(accept(school.ctx, school.code, "another four words", &fault),
                     INVITATION_ACCEPT_WRONG);
}

static void a_code_ends(void **state)
{
    struct school school = begin(state);
    enum password_change fault;
    school.ctx->now.v += 7 * DAY_MS + 1;
    assert_int_equal(accept(school.ctx, school.code, PASSWORD, &fault), INVITATION_ACCEPT_OVER);
    registry_fixture_act(school.ctx, "head");
    const char *second = registry__invite(school.ctx, school.clerk);
    assert_int_equal(accept(school.ctx, school.code, PASSWORD, &fault), INVITATION_ACCEPT_WRONG);
    registry_fixture_act(school.ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry_account_turn(school.ctx, school.clerk, ACCOUNT_STATE_SUSPENDED, NULL),
                     ACCOUNT_STATE_CHANGE_DONE);
    assert_int_equal(accept(school.ctx, second, PASSWORD, &fault), INVITATION_ACCEPT_SUSPENDED);
}

/* The password that was goes with the code that was; another code sets another password. */
static void a_reset_ends_password_and_code(void **state)
{
    const char *code;
    struct school school = begin(state);
    enum password_change fault;
    registry_fixture_act(school.ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry_password_reset(school.ctx, school.clerk, &code), PASSWORD_RESET_DONE);
    assert_int_equal(accept(school.ctx, school.code, PASSWORD, &fault), INVITATION_ACCEPT_WRONG);
    struct account account;
    assert_true(registry__account_find(school.ctx, "clerk", &account));
    assert_string_equal(account.password_hash, registry__nobodys_hash);
    assert_int_equal(accept(school.ctx, code, PASSWORD, &fault), INVITATION_ACCEPT_DONE);
}

static void codes_are_not_guessed(void **state)
{
    struct school school = begin(state);
    enum password_change fault;
    for (int i = 0; i < REGISTRY_ADDRESS_FAILURES_MAX; i++)
        assert_int_equal(
            accept(school.ctx, arena_printf(school.ctx->arena, "guess %d", i), PASSWORD, &fault),
            INVITATION_ACCEPT_WRONG);
    assert_int_equal(accept(school.ctx, school.code, PASSWORD, &fault), INVITATION_ACCEPT_TOO_MANY);
}

/* The own school's clerks and teachers; no head, no other school, no office. */
static void a_head_looks_after_the_own_people(void **state)
{
    struct school school = begin(state);
    struct ctx *ctx = school.ctx;
    post_id post;
    registry_fixture_act(ctx, "head");
    struct post_args rights = {school.clerk, ROLE_INSTITUTION_CLERK, school.other, NULL};
    assert_int_equal(registry_post_add(ctx, &rights, &post), POST_ADD_NOT_YOUR_REGION);
    rights = (struct post_args){school.clerk, ROLE_INSTITUTION_HEAD, school.own, NULL};
    assert_int_equal(registry_post_add(ctx, &rights, &post), POST_ADD_NOT_YOUR_REGION);
    rights = (struct post_args){ctx->actor->account, ROLE_INSTITUTION_CLERK, school.own, NULL};
    assert_int_equal(registry_post_add(ctx, &rights, &post), POST_ADD_OWN_ACCOUNT);
    registry_fixture_act(ctx, "clerk");
    post = ctx->actor->post;
    account_id clerk = ctx->actor->account;
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    registry_fixture_account(ctx, &(struct fixture_account){.login = "stranger",
                                                            .role = ROLE_INSTITUTION_HEAD,
                                                            .organisation = school.other});
    registry_fixture_act(ctx, "stranger");
    assert_int_equal(registry_post_end(ctx, clerk, post), POST_END_NOT_YOUR_REGION);
}

/* Who leaves is out at once, with every session of the post. */
static void who_leaves_is_out_at_once(void **state)
{
    struct school school = begin(state);
    enum password_change fault;
    const char *token;
    assert_int_equal(accept(school.ctx, school.code, PASSWORD, &fault), INVITATION_ACCEPT_DONE);
    assert_int_equal(sign_in(school.ctx, "clerk", &token), SIGN_IN_DONE);
    post_id post = school.ctx->actor->post;
    registry_fixture_act(school.ctx, "head");
    assert_int_equal(registry_post_end(school.ctx, school.clerk, post), POST_END_DONE);
    assert_false(registry_identify_by_password(school.ctx, token));
    assert_int_equal(sign_in(school.ctx, "clerk", &token), SIGN_IN_NO_POST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FIXTURE_TEST(a_code_sets_the_own_password_once),
        STORE_FIXTURE_TEST(a_code_ends),
        STORE_FIXTURE_TEST(a_reset_ends_password_and_code),
        STORE_FIXTURE_TEST(codes_are_not_guessed),
        STORE_FIXTURE_TEST(a_head_looks_after_the_own_people),
        STORE_FIXTURE_TEST(who_leaves_is_out_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
