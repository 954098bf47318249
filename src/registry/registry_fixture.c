/* People and offices for tests; the contract is in registry_fixture.h. */
#include "registry/registry_fixture.h"

#include <assert.h>
#include <string.h>

#include "policy/policy.h"
#include "vault/vault.h"

struct ctx *registry_fixture_begin(struct store_fixture *house, const char *pack_dir)
{
    struct pack_faults faults;
    const struct pack *pack = NULL;
    bool is_whole = pack_load(house->ctx.arena, pack_dir, &pack, &faults);
    assert(is_whole);
    house->ctx.pack = pack;
    struct ctx *ctx = store_fixture_begin(house);
    vault_fixture(ctx, house->arena, CIPHER_SUITE_INTL);
    struct first_administrator_args args = {.login = FIXTURE_ADMINISTRATOR,
                                            .password_hash = registry__nobodys_hash,
                                            .name = "系统管理员"};
    enum first_administrator made = registry_create_first_administrator(ctx, &args);
    assert(made == FIRST_ADMINISTRATOR_DONE);
    registry_fixture_act(ctx, FIXTURE_ADMINISTRATOR);
    return ctx;
}

const char *registry_fixture_number(struct ctx *ctx, const char *birthday, int order)
{
    const char *digits = arena_printf(ctx->arena, "530102%s%03d", birthday, order);
    return arena_printf(ctx->arena, "%s%c", digits, identity_check_character(digits));
}

person_id registry_fixture_person(struct ctx *ctx, int order, const char *name, const char *region)
{
    person_id id;
    struct person_args args = {.identity_no = registry_fixture_number(ctx, "19900307", order),
                               .name = name,
                               .region = region};
    enum person_register registered = registry_person_register(ctx, &args, &id);
    assert(registered == PERSON_REGISTER_DONE);
    return id;
}

organisation_id registry_fixture_organisation(struct ctx *ctx, int n, enum organisation_kind kind,
                                              const char *region)
{
    organisation_id id;
    const char *body = arena_printf(ctx->arena, "91530100MA6%06d", n);
    struct organisation_args args = {
        .credit_code = arena_printf(ctx->arena, "%s%c", body, credit_code_check_character(body)),
        .name = arena_printf(ctx->arena, "第%d示例单位", n),
        .kind = kind,
        .region = region,
        .evaluator_code =
            kind == ORGANISATION_KIND_EVALUATION_ORG ? arena_printf(ctx->arena, "%04d", n) : NULL};
    enum organisation_add added = registry_organisation_add(ctx, &args, &id);
    assert(added == ORGANISATION_ADD_DONE);
    return id;
}

account_id registry_fixture_account(struct ctx *ctx, const struct fixture_account *account)
{
    account_id id;
    post_id post;
    const char *hash = account->password == NULL ? registry__nobodys_hash
                                                 : registry_hash_password(ctx, account->password);
    struct account_args args = {.login = account->login,
                                .password_hash = hash,
                                .name = "示例账号",
                                .person = account->person};
    enum account_add added = registry_account_add(ctx, &args, &id);
    assert(added == ACCOUNT_ADD_DONE);
    struct post_args rights = {.account = id,
                               .role = account->role,
                               .organisation = account->organisation,
                               .region = account->region};
    enum post_add given = registry_post_add(ctx, &rights, &post);
    assert(given == POST_ADD_DONE);
    return id;
}

void registry_fixture_act(struct ctx *ctx, const char *login)
{
    bool is_acting = registry_act_as(ctx, login);
    assert(is_acting);
}
