/* Whom the single sign-on means, who may say so, and what it opens. Tokens are openid_test.c's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "registry/registry_fixture.h"
#include "registry_sql.h"

#define PACK DIANJI_SOURCE_DIR "/tests/pack/minimal"
#define HERE "192.0.2.1"
#define ISSUER "https://sso.example"

enum { MINUTE_MS = 60 * 1000 };

static const struct openid_settings SETTINGS = {.issuer = ISSUER};

static account_id account_of(struct ctx *ctx, const char *login)
{
    struct account account;
    assert_true(registry__account_find(ctx, login, &account));
    return account.id;
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
                                                            .organisation = office});
    registry_fixture_account(ctx, &(struct fixture_account){.login = "clerk",
                                                            .role = ROLE_INSTITUTION_CLERK,
                                                            .organisation = school});
    return ctx;
}

struct came {
    enum sign_in answer;
    account_id account;
    const char *token;
};

static struct came come(struct ctx *ctx, const struct openid_identity *identity)
{
    struct came came;
    struct single_attempt attempt = {.provider = &SETTINGS,
                                     .identity = *identity,
                                     .address = HERE,
                                     .identify = registry_identify};
    attempt.identity.id_token = "a.b.c";
    ctx->actor = NULL;
    came.answer = registry__single_sign_in(ctx, &attempt, &came.account, &came.token);
    return came;
}

static struct came come_as(struct ctx *ctx, const char *subject)
{
    return come(ctx, &(struct openid_identity){.subject = subject});
}

static void link(struct ctx *ctx, const char *login, const char *subject)
{
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry__link(ctx, account_of(ctx, login), ISSUER, subject),
                     ACCOUNT_LINK_DONE);
}

/* --- links */

static void nobody_is_let_in_without_a_link(void **state)
{
    struct ctx *ctx = begin(state);
    struct came came = come_as(ctx, "clerk");
    assert_int_equal(came.answer, SIGN_IN_NOT_LINKED);
    assert_int_equal(came.account.v, 0);
    assert_null(came.token);
    assert_null(ctx->actor);
}

static void a_link_lets_its_account_in(void **state)
{
    struct ctx *ctx = begin(state);
    link(ctx, "clerk", "s-1");
    struct came came = come_as(ctx, "s-1");
    assert_int_equal(came.answer, SIGN_IN_DONE);
    assert_int_equal(came.account.v, account_of(ctx, "clerk").v);
    assert_int_equal(ctx->actor->role, ROLE_INSTITUTION_CLERK);
    assert_int_equal(come_as(ctx, "S-1").answer, SIGN_IN_NOT_LINKED);
    assert_int_equal(come_as(ctx, "s-1 ").answer, SIGN_IN_NOT_LINKED);
}

/* The same subject at another provider is somebody else. */
static void a_subject_is_its_issuers(void **state)
{
    struct ctx *ctx = begin(state);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry__link(ctx, account_of(ctx, "clerk"), "https://other.example", "s-1"),
                     ACCOUNT_LINK_DONE);
    assert_int_equal(come_as(ctx, "s-1").answer, SIGN_IN_NOT_LINKED);
}

static void one_link_an_account_and_one_account_a_subject(void **state)
{
    struct ctx *ctx = begin(state);
    link(ctx, "clerk", "s-1");
    account_id officer = account_of(ctx, "officer"), clerk = account_of(ctx, "clerk");
    assert_int_equal(registry__link(ctx, officer, ISSUER, "s-1"), ACCOUNT_LINK_TAKEN);
    assert_int_equal(registry__link(ctx, clerk, ISSUER, "s-2"), ACCOUNT_LINK_HAS_ONE);
    assert_int_equal(registry__unlink(ctx, officer), ACCOUNT_UNLINK_NOTHING);
    assert_int_equal(registry__unlink(ctx, clerk), ACCOUNT_UNLINK_DONE);
    assert_int_equal(come_as(ctx, "s-1").answer, SIGN_IN_NOT_LINKED);
    link(ctx, "officer", "s-1");
}

static void who_may_link_whom(void **state)
{
    struct ctx *ctx = begin(state);
    account_id clerk = account_of(ctx, "clerk");
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    account_id own = ctx->actor->account, none = {1};
    assert_int_equal(registry__link(ctx, none, ISSUER, "s"), ACCOUNT_LINK_NOT_FOUND);
    assert_int_equal(registry__unlink(ctx, none), ACCOUNT_UNLINK_NOT_FOUND);
    assert_int_equal(registry__link(ctx, own, ISSUER, "s"), ACCOUNT_LINK_OWN_ACCOUNT);
    assert_int_equal(registry__unlink(ctx, own), ACCOUNT_UNLINK_OWN_ACCOUNT);
    struct actor elsewhere = *ctx->actor;
    elsewhere.region = FIXTURE_OTHER_COUNTY;
    ctx->actor = &elsewhere;
    assert_int_equal(registry__link(ctx, clerk, ISSUER, "s"), ACCOUNT_LINK_NOT_YOUR_REGION);
    assert_int_equal(registry__unlink(ctx, clerk), ACCOUNT_UNLINK_NOT_YOUR_REGION);
}

/* An old sign-in at the provider is no proof of who sits there now. */
static void a_session_is_as_fresh_as_its_proof(void **state)
{
    struct ctx *ctx = begin(state);
    link(ctx, "clerk", "s-1");
    come_as(ctx, "s-1");
    assert_true(registry__is_fresh(ctx, ctx->actor));
    come(ctx, &(struct openid_identity){.subject = "s-1",
                                        .age_ms = (REGISTRY_FRESH_MINUTES + 1) * MINUTE_MS});
    assert_false(registry__is_fresh(ctx, ctx->actor));
    assert_int_equal(ctx->actor->began_at.v, ctx->now.v);
}

/* Who else may come in now is told to the holder, with who made it so. */
static void the_holder_is_told_who_linked(void **state)
{
    struct ctx *ctx = begin(state);
    struct single_link made;
    link(ctx, "clerk", "s-1");
    account_id clerk = account_of(ctx, "clerk");
    struct account_notice_list told = registry__notices(ctx, clerk);
    assert_int_equal(told.items[0].kind, ACCOUNT_NOTICE_KIND_SINGLE_LINKED);
    assert_string_equal(told.items[0].by_name, ctx->actor->name);
    assert_true(sql_account_link_of(ctx, clerk, &made));
    assert_string_equal(made.by_name, ctx->actor->name);
    assert_int_equal(registry__unlink(ctx, clerk), ACCOUNT_UNLINK_DONE);
    told = registry__notices(ctx, clerk);
    assert_int_equal(told.items[0].kind, ACCOUNT_NOTICE_KIND_SINGLE_UNLINKED);
    registry_fixture_act(ctx, "clerk");
    struct actor here = *ctx->actor;
    here.proved_at = ctx->now;
    ctx->actor = &here;
    assert_int_equal(registry__link_own(ctx, ISSUER, "s-1"), ACCOUNT_LINK_DONE);
    assert_null(registry__notices(ctx, clerk).items[0].by_name); /* nobody else */
    assert_true(sql_account_link_of(ctx, clerk, &made));
    assert_null(made.by_name);
}

static void ones_own_is_linked_right_behind_the_door(void **state)
{
    struct ctx *ctx = begin(state);
    registry_fixture_act(ctx, "clerk");
    struct actor here = *ctx->actor;
    here.proved_at = ctx->now;
    ctx->actor = &here;
    ctx->now.v += (REGISTRY_FRESH_MINUTES + 1) * MINUTE_MS;
    assert_int_equal(registry__link_own(ctx, ISSUER, "s-1"), ACCOUNT_LINK_SIGN_IN_AGAIN);
    here.proved_at = ctx->now;
    assert_int_equal(registry__link_own(ctx, ISSUER, "s-1"), ACCOUNT_LINK_DONE);
    assert_int_equal(registry__unlink_own(ctx), ACCOUNT_UNLINK_DONE);
    assert_int_equal(registry__unlink_own(ctx), ACCOUNT_UNLINK_NOTHING);
}

/* --- what a link opens */

static void the_account_decides(void **state)
{
    struct ctx *ctx = begin(state);
    link(ctx, "clerk", "s-1");
    account_id clerk = account_of(ctx, "clerk");
    assert_int_equal(registry_account_turn(ctx, clerk, ACCOUNT_STATE_SUSPENDED, "x"),
                     ACCOUNT_STATE_CHANGE_DONE);
    assert_int_equal(come_as(ctx, "s-1").answer, SIGN_IN_SUSPENDED);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry_account_turn(ctx, clerk, ACCOUNT_STATE_ACTIVE, NULL),
                     ACCOUNT_STATE_CHANGE_DONE);
    for (int i = 0; i < REGISTRY_LOGIN_FAILURES_MAX; i++)
        registry__count_failure(ctx, registry__subject(ctx, clerk, NULL), "192.0.2.9");
    assert_int_equal(come_as(ctx, "s-1").answer, SIGN_IN_TOO_MANY);
    ctx->now.v += (REGISTRY_LOCKED_MINUTES + 1) * MINUTE_MS;
    assert_int_equal(come_as(ctx, "s-1").answer, SIGN_IN_DONE);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    struct post_list posts = sql_posts_of(ctx, clerk);
    assert_int_equal(registry_post_end(ctx, clerk, posts.items[0].id), POST_END_DONE);
    assert_int_equal(come_as(ctx, "s-1").answer, SIGN_IN_NO_POST);
}

static void the_second_factor_is_asked_unless_it_was_given_there(void **state)
{
    struct ctx *ctx = begin(state);
    link(ctx, "officer", "s-1");
    struct came came = come_as(ctx, "s-1");
    assert_int_equal(came.answer, SIGN_IN_SET_UP_ASKED);
    assert_null(ctx->actor);
    came = come(ctx, &(struct openid_identity){.subject = "s-1", .has_factor = true});
    assert_int_equal(came.answer, SIGN_IN_DONE);
    assert_int_equal(ctx->actor->role, ROLE_COUNTY_OFFICER);
}

/* Who gave our code afterwards still has a session of the provider's. */
static void the_code_keeps_the_providers_session(void **state)
{
    struct ctx *ctx = begin(state);
    struct second_factor factor;
    struct factor_given given;
    char code[TOTP_DIGITS + 1];
    link(ctx, "officer", "s-1");
    struct came came = come(ctx, &(struct openid_identity){.subject = "s-1", .session = "there"});
    struct actor *awaiting = arena_one(ctx->arena, struct actor);
    assert_true(registry__awaiting(ctx, came.token, awaiting));
    registry__factor(ctx, awaiting->account, &factor);
    registry__totp_code(factor.offered, ctx->now.v / 1000 / TOTP_SECONDS, code);
    assert_int_equal(registry__factor_give(ctx, awaiting, &(struct code_given){code, HERE}, &given),
                     FACTOR_GIVE_SET_UP);
    assert_string_equal(registry__provider_token(ctx, given.token), "a.b.c");
    assert_int_equal(
        registry__provider_logout(ctx, ISSUER, &(struct openid_logout){.session = "there"}), 1);
}

/* --- the verified number of a document */

static const char *open_worker(struct ctx *ctx, account_id *ret)
{
    person_id person = registry_fixture_person(ctx, 1, "张晓滇", FIXTURE_COUNTY);
    struct person record;
    *ret = registry_fixture_account(ctx, &(struct fixture_account){.login = "worker",
                                                                   .role = ROLE_WORKER,
                                                                   .region = FIXTURE_COUNTY,
                                                                   .person = person});
    assert_true(registry_person(ctx, person, &record));
    return record.identity_no;
}

static void a_number_links_once(void **state)
{
    struct ctx *ctx = begin(state);
    account_id worker;
    const char *number = open_worker(ctx, &worker);
    struct openid_identity identity = {.subject = "w-1", .identity_no = number};
    struct came came = come(ctx, &identity);
    assert_int_equal(came.answer, SIGN_IN_DONE);
    assert_int_equal(came.account.v, worker.v);
    assert_int_equal(come_as(ctx, "w-1").answer, SIGN_IN_DONE); /* the link stays */
    identity.subject = "w-2";
    assert_int_equal(come(ctx, &identity).answer, SIGN_IN_NOT_LINKED);
    identity = (struct openid_identity){.subject = "w-3", .identity_no = "530102"};
    assert_int_equal(come(ctx, &identity).answer, SIGN_IN_NOT_LINKED);
}

static void a_number_opens_no_suspended_account(void **state)
{
    struct ctx *ctx = begin(state);
    account_id worker;
    const char *number = open_worker(ctx, &worker);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry_account_turn(ctx, worker, ACCOUNT_STATE_SUSPENDED, "x"),
                     ACCOUNT_STATE_CHANGE_DONE);
    struct openid_identity identity = {.subject = "w-1", .identity_no = number};
    assert_int_equal(come(ctx, &identity).answer, SIGN_IN_SUSPENDED);
    assert_int_equal(come_as(ctx, "w-1").answer, SIGN_IN_NOT_LINKED); /* and no link was made */
}

/* --- the end */

static bool lives(struct ctx *ctx, const char *token)
{
    ctx->actor = NULL;
    return registry_identify(ctx, token);
}

static void the_provider_ends_what_began_there(void **state)
{
    struct ctx *ctx = begin(state);
    link(ctx, "clerk", "s-1");
    struct came one = come(ctx, &(struct openid_identity){.subject = "s-1", .session = "a"});
    struct came two = come(ctx, &(struct openid_identity){.subject = "s-1", .session = "b"});
    const char *own = registry__session_begin(
        ctx, &(struct session_args){
                 .account = ctx->actor->account, .post = ctx->actor->post, .address = HERE});
    assert_null(registry__provider_token(ctx, own));
    assert_string_equal(registry__provider_token(ctx, one.token), "a.b.c");
    assert_int_equal(registry__provider_logout(ctx, ISSUER, &(struct openid_logout){0}), 0);
    assert_int_equal(
        registry__provider_logout(ctx, ISSUER, &(struct openid_logout){.subject = "s-2"}), 0);
    assert_int_equal(registry__provider_logout(
                         ctx, ISSUER, &(struct openid_logout){.subject = "s-2", .session = "a"}),
                     0);
    assert_int_equal(
        registry__provider_logout(ctx, ISSUER, &(struct openid_logout){.session = "a"}), 1);
    assert_false(lives(ctx, one.token));
    assert_true(lives(ctx, two.token));
    assert_int_equal(
        registry__provider_logout(ctx, ISSUER, &(struct openid_logout){.subject = "s-1"}), 1);
    assert_false(lives(ctx, two.token));
    assert_true(lives(ctx, own));
}

static void who_is_unlinked_is_out(void **state)
{
    struct ctx *ctx = begin(state);
    link(ctx, "clerk", "s-1");
    struct came came = come_as(ctx, "s-1");
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    assert_int_equal(registry__unlink(ctx, came.account), ACCOUNT_UNLINK_DONE);
    assert_false(lives(ctx, came.token));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        STORE_FIXTURE_TEST(nobody_is_let_in_without_a_link),
        STORE_FIXTURE_TEST(a_link_lets_its_account_in),
        STORE_FIXTURE_TEST(a_subject_is_its_issuers),
        STORE_FIXTURE_TEST(one_link_an_account_and_one_account_a_subject),
        STORE_FIXTURE_TEST(who_may_link_whom),
        STORE_FIXTURE_TEST(a_session_is_as_fresh_as_its_proof),
        STORE_FIXTURE_TEST(the_holder_is_told_who_linked),
        STORE_FIXTURE_TEST(ones_own_is_linked_right_behind_the_door),
        STORE_FIXTURE_TEST(the_account_decides),
        STORE_FIXTURE_TEST(the_second_factor_is_asked_unless_it_was_given_there),
        STORE_FIXTURE_TEST(the_code_keeps_the_providers_session),
        STORE_FIXTURE_TEST(a_number_links_once),
        STORE_FIXTURE_TEST(a_number_opens_no_suspended_account),
        STORE_FIXTURE_TEST(the_provider_ends_what_began_there),
        STORE_FIXTURE_TEST(who_is_unlinked_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
