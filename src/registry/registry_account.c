/* Accounts and posts: who may sign in, and as what. */
#include <assert.h>
#include <string.h>

#include "base/text.h"
#include "policy/policy.h"
#include "registry/registry_room.h"
#include "registry_sql.h"

enum {
    LOGIN_LEAST = 3,
    LOGIN_MOST = 40,
    NAME_MOST = 100,
    HAN_FIRST = 0x4E00,
    HAN_LAST = 0x9FFF,
    REGION_DIGITS = 6, /* of a post; a person's home may be a town of 12 */
};

/* --- logins */

const char *registry__login(struct ctx *ctx, const char *text)
{
    char *login = arena_text(ctx->arena, text_compact(ctx->arena, text));
    for (char *at = login; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return login;
}

/* A login must not be mistaken for somebody's identity number. */
static bool is_login(struct ctx *ctx, const char *login)
{
    struct identity identity;
    size_t length = text_characters(login);
    for (const char *at = login; *at != '\0';) {
        uint32_t point = text_next(&at);
        bool is_plain =
            point < 0x80 && strchr("abcdefghijklmnopqrstuvwxyz0123456789._-@", (int)point) != NULL;
        if (!is_plain && (point < HAN_FIRST || point > HAN_LAST))
            return false;
    }
    return length >= LOGIN_LEAST && length <= LOGIN_MOST &&
           identity_read(login, ctx->today, &identity) != IDENTITY_OK;
}

bool registry__account_find(struct ctx *ctx, const char *login, struct account *ret)
{
    struct identity identity;
    const char *plain = registry__login(ctx, login);
    if (sql_account_by_login(ctx, plain, ret))
        return true;
    return identity_read(plain, ctx->today, &identity) == IDENTITY_OK &&
           sql_account_by_identity(ctx, registry__identity_key(ctx, &identity), ret);
}

bool registry_act_as(struct ctx *ctx, const char *login)
{
    struct account account;
    struct actor *actor = arena_one(ctx->arena, struct actor);
    if (!registry__account_find(ctx, login, &account) ||
        !sql_actor_of_account(ctx, account.id, actor))
        return false;
    ctx->actor = actor;
    return true;
}

/* --- accounts */

static enum account_add check_new_account(struct ctx *ctx, const struct account_args *args,
                                          const char *login)
{
    struct account other;
    struct person person;
    if (login == NULL ? args->person.v == 0 : !is_login(ctx, login))
        return ACCOUNT_ADD_LOGIN_INVALID;
    if (text_empty(args->name) || text_characters(args->name) > NAME_MOST)
        return ACCOUNT_ADD_NAME_INVALID;
    if (args->person.v != 0 && !sql_person_by_id(ctx, args->person, &person))
        return ACCOUNT_ADD_PERSON_UNKNOWN;
    if (login != NULL && sql_account_by_login(ctx, login, &other))
        return ACCOUNT_ADD_LOGIN_TAKEN;
    if (args->person.v != 0 && sql_account_of_person(ctx, args->person, &other))
        return ACCOUNT_ADD_PERSON_HAS_ACCOUNT;
    return ACCOUNT_ADD_DONE;
}

enum account_add registry_account_add(struct ctx *ctx, const struct account_args *args,
                                      account_id *ret)
{
    const char *login = args->login == NULL ? NULL : registry__login(ctx, args->login);
    *ret = (account_id){0};
    enum account_add fault = check_new_account(ctx, args, login);
    if (fault != ACCOUNT_ADD_DONE)
        return fault;
    account_id id = {id_next(ctx->ids, ctx->now)};
    int64_t added = sql_account_insert(
        ctx, &(struct sql_account_insert){.id = id,
                                          .login = login,
                                          .password_hash = args->password_hash,
                                          .is_password_initial = args->is_password_initial,
                                          .name = args->name,
                                          .person = args->person,
                                          .created_at = ctx->now});
    if (added == 0)
        return ACCOUNT_ADD_LOGIN_TAKEN;
    *ret = id;
    registry_trace(ctx, "account", id.v, "account_add", login);
    return ACCOUNT_ADD_DONE;
}

enum account_add registry_account_join(struct ctx *ctx, person_id person, const char *login,
                                       account_id *ret)
{
    struct account account, other;
    const char *plain = registry__login(ctx, login);
    *ret = (account_id){0};
    if (!sql_account_of_person(ctx, person, &account))
        return ACCOUNT_ADD_PERSON_UNKNOWN;
    if (account.login != NULL)
        return ACCOUNT_ADD_PERSON_HAS_ACCOUNT;
    if (!is_login(ctx, plain))
        return ACCOUNT_ADD_LOGIN_INVALID;
    if (sql_account_by_login(ctx, plain, &other) ||
        sql_account_login_step(ctx, account.id, plain) == 0)
        return ACCOUNT_ADD_LOGIN_TAKEN;
    *ret = account.id;
    registry_trace(ctx, "account", account.id.v, "account_join", plain);
    return ACCOUNT_ADD_JOINED;
}

bool registry__is_own(const struct ctx *ctx, account_id id)
{
    return ctx->actor != NULL && ctx->actor->account.v == id.v;
}

/* Whether all that the account may act as lies in the actor's subtree. */
bool registry__covers_account(struct ctx *ctx, account_id id)
{
    return registry_actor_covers_region(ctx, ctx->actor == NULL ? NULL : ctx->actor->region) &&
           sql_posts_outside(ctx, id, registry_actor_region_prefix(ctx)) == 0;
}

enum account_state_change registry_account_turn(struct ctx *ctx, account_id id,
                                                enum account_state next, const char *note)
{
    struct account account;
    bool suspends = next == ACCOUNT_STATE_SUSPENDED;
    enum account_state now = suspends ? ACCOUNT_STATE_ACTIVE : ACCOUNT_STATE_SUSPENDED;
    if (!sql_account_by_id(ctx, id, &account))
        return ACCOUNT_STATE_CHANGE_NOT_FOUND;
    if (registry__is_own(ctx, id))
        return ACCOUNT_STATE_CHANGE_OWN_ACCOUNT;
    if (!registry__covers_account(ctx, id))
        return ACCOUNT_STATE_CHANGE_NOT_YOUR_REGION;
    if (sql_account_state_step(
            ctx, &(struct sql_account_state_step){.id = id, .now = now, .next = next}) == 0)
        return ACCOUNT_STATE_CHANGE_WRONG_STATE;
    if (suspends)
        sql_sign_ins_delete(ctx, id, (sign_in_id){0});
    else
        sql_account_alive(ctx, id, ctx->now);
    registry_trace(ctx, "account", id.v, suspends ? "account_suspend" : "account_resume", note);
    return ACCOUNT_STATE_CHANGE_DONE;
}

/* What the holder sets another with. */
static const char *take_password(struct ctx *ctx, account_id id)
{
    sql_account_password(ctx, id, registry__nobodys_hash, /* is_password_initial= */ true,
                         ctx->now);
    registry__notify(ctx, id, ACCOUNT_NOTICE_KIND_PASSWORD_RESET);
    sql_sign_ins_delete(ctx, id, (sign_in_id){0});
    registry_trace(ctx, "account", id.v, "password_reset", NULL);
    return registry__invite(ctx, id);
}

enum password_reset registry_password_reset(struct ctx *ctx, account_id id, const char **ret_code)
{
    struct account account;
    *ret_code = NULL;
    if (!sql_account_by_id(ctx, id, &account))
        return PASSWORD_RESET_NOT_FOUND;
    if (registry__is_own(ctx, id))
        return PASSWORD_RESET_OWN_ACCOUNT;
    if (!registry__covers_account(ctx, id))
        return PASSWORD_RESET_NOT_YOUR_REGION;
    *ret_code = take_password(ctx, id);
    return PASSWORD_RESET_DONE;
}

enum factor_reset registry_factor_reset(struct ctx *ctx, account_id id)
{
    struct account account;
    if (!sql_account_by_id(ctx, id, &account))
        return FACTOR_RESET_NOT_FOUND;
    if (registry__is_own(ctx, id))
        return FACTOR_RESET_OWN_ACCOUNT;
    if (!registry__covers_account(ctx, id))
        return FACTOR_RESET_NOT_YOUR_REGION;
    if (!registry__factor_forget(ctx, id))
        return FACTOR_RESET_NOTHING;
    sql_sign_ins_delete(ctx, id, (sign_in_id){0});
    registry__notify(ctx, id, ACCOUNT_NOTICE_KIND_FACTOR_TAKEN);
    registry_trace(ctx, "account", id.v, "factor_reset", NULL);
    return FACTOR_RESET_DONE;
}

/* --- posts */

#define KIND(name) (1U << ORGANISATION_KIND_##name)

enum {
    SCHOOLS = KIND(TRAINING_INSTITUTION) | KIND(TECHNICAL_SCHOOL) | KIND(ENTERPRISE) |
              KIND(MASS_ORGANISATION) | KIND(OTHER),
    EVALUATORS = KIND(EVALUATION_ORG) | KIND(TECHNICAL_SCHOOL) | KIND(ENTERPRISE),
    TREASURIES = KIND(FINANCE_DEPARTMENT) | KIND(HRSS_DEPARTMENT),
    OFFICES = KIND(HRSS_DEPARTMENT) | KIND(FINANCE_DEPARTMENT) | KIND(RESPONSIBLE_DEPARTMENT),
};

/* What a post of each role needs. */
static const struct {
    unsigned kinds;          /* of organisations that have such posts; 0: none has */
    enum region_level level; /* NONE: any */
    bool needs_organisation, needs_person;
} ROLES[ROLE_COUNT] = {
    [ROLE_WORKER] = {.needs_person = true},
    [ROLE_INSTITUTION_CLERK] = {SCHOOLS, .needs_organisation = true},
    [ROLE_INSTITUTION_HEAD] = {SCHOOLS, .needs_organisation = true},
    [ROLE_TEACHER] = {SCHOOLS, .needs_organisation = true, .needs_person = true},
    [ROLE_COUNTY_OFFICER] = {KIND(HRSS_DEPARTMENT), REGION_LEVEL_COUNTY, true},
    [ROLE_COUNTY_CHIEF] = {KIND(HRSS_DEPARTMENT), REGION_LEVEL_COUNTY, true},
    [ROLE_PREFECTURE_OFFICER] = {KIND(HRSS_DEPARTMENT), REGION_LEVEL_PREFECTURE, true},
    [ROLE_PROVINCE_OFFICER] = {KIND(HRSS_DEPARTMENT), REGION_LEVEL_PROVINCE, true},
    [ROLE_FINANCE_CLERK] = {TREASURIES, .needs_organisation = true},
    [ROLE_FINANCE_CHIEF] = {TREASURIES, .needs_organisation = true},
    [ROLE_EVALUATOR] = {EVALUATORS, .needs_organisation = true},
    [ROLE_AUDITOR] = {OFFICES | KIND(OTHER), .needs_organisation = true},
    [ROLE_ADMINISTRATOR] = {OFFICES | KIND(OTHER)},
};

/* Where the post acts: as told, else where the organisation is, else where the person lives. */
static const char *post_region(struct ctx *ctx, const struct post_args *args,
                               const struct organisation *organisation,
                               const struct account *account)
{
    struct person person;
    if (args->region != NULL)
        return args->region;
    if (organisation != NULL)
        return organisation->region;
    bool has_home = account->person.v != 0 && sql_person_by_id(ctx, account->person, &person) &&
                    person.region != NULL;
    return has_home ? arena_text_n(ctx->arena, person.region, REGION_DIGITS) : NULL;
}

static bool region_fits(const struct ctx *ctx, enum role role, const char *region,
                        const struct organisation *organisation)
{
    const struct pack_region *known = registry__region(ctx, region);
    if (known == NULL)
        return false;
    if (ROLES[role].level != REGION_LEVEL_NONE && known->level != ROLES[role].level)
        return false;
    return organisation == NULL || pack_region_within(ctx->pack, region, organisation->region);
}

/* What the role itself asks of the organisation and the person; DONE: they will do. */
static enum post_add check_role(struct ctx *ctx, const struct post_args *args,
                                const struct account *account, struct organisation *ret)
{
    bool is_named = args->organisation.v != 0;
    if (!is_named && ROLES[args->role].needs_organisation)
        return POST_ADD_ORGANISATION_NEEDED;
    if (is_named && (!sql_organisation_by_id(ctx, args->organisation, ret) ||
                     (ROLES[args->role].kinds >> ret->kind & 1) == 0))
        return POST_ADD_ORGANISATION_UNFIT;
    if (ROLES[args->role].needs_person && account->person.v == 0)
        return POST_ADD_PERSON_NEEDED;
    return POST_ADD_DONE;
}

static bool breaks_administrator_alone(struct ctx *ctx, const struct post_args *args)
{
    struct post_list posts = sql_posts_of(ctx, args->account);
    for (size_t i = 0; i < posts.count; i++)
        if ((posts.items[i].role == ROLE_ADMINISTRATOR) != (args->role == ROLE_ADMINISTRATOR))
            return true;
    return false;
}

/* The lines of registry.dict: no two different roles of one go together. */
static bool goes_apart(enum role one, enum role other)
{
    static const enum permission APART[] = {
        PERMISSION_APART_OFFICES,          PERMISSION_APART_INSTITUTION_CLERK,
        PERMISSION_APART_INSTITUTION_HEAD, PERMISSION_APART_TEACHER,
        PERMISSION_APART_EVALUATOR,
    };
    uint64_t both = UINT64_C(1) << one | UINT64_C(1) << other;
    for (size_t i = 0; one != other && i < sizeof APART / sizeof APART[0]; i++)
        if ((permission_roles(APART[i]) & both) == both)
            return true;
    return false;
}

static bool is_incompatible(struct ctx *ctx, const struct post_args *args)
{
    struct post_list posts = sql_posts_of(ctx, args->account);
    for (size_t i = 0; i < posts.count; i++)
        if (goes_apart(posts.items[i].role, args->role))
            return true;
    return false;
}

static enum post_add insert_post(struct ctx *ctx, const struct post_args *args, const char *region,
                                 post_id *ret)
{
    post_id id = {id_next(ctx->ids, ctx->now)};
    int64_t added = sql_post_insert(ctx, &(struct sql_post_insert){
                                             .id = id,
                                             .account = args->account,
                                             .role = args->role,
                                             .organisation = args->organisation,
                                             .region = region,
                                             .began_at = ctx->now,
                                         });
    if (added == 0)
        return POST_ADD_KNOWN;
    *ret = id;
    registry_trace(ctx, "account", args->account.v, "post_add",
                   arena_printf(ctx->arena, "%s %s", role_code(args->role), region));
    return POST_ADD_DONE;
}

enum post_add registry_post_add(struct ctx *ctx, const struct post_args *args, post_id *ret)
{
    struct account account;
    struct organisation organisation;
    *ret = (post_id){0};
    if (!sql_account_by_id(ctx, args->account, &account))
        return POST_ADD_NOT_FOUND;
    if (registry__is_own(ctx, args->account))
        return POST_ADD_OWN_ACCOUNT;
    enum post_add fault = check_role(ctx, args, &account, &organisation);
    if (fault != POST_ADD_DONE)
        return fault;
    const struct organisation *of = args->organisation.v == 0 ? NULL : &organisation;
    const char *region = post_region(ctx, args, of, &account);
    if (region == NULL || !region_fits(ctx, args->role, region, of))
        return POST_ADD_REGION_UNFIT;
    if (!registry_actor_covers_region(ctx, region) &&
        !registry__heads(ctx, args->role, args->organisation))
        return POST_ADD_NOT_YOUR_REGION;
    if (breaks_administrator_alone(ctx, args))
        return POST_ADD_ADMINISTRATOR_ALONE;
    if (is_incompatible(ctx, args))
        return POST_ADD_INCOMPATIBLE;
    return insert_post(ctx, args, region, ret);
}

/* The post's line of the account, or NULL. */
static const struct post *find_post(const struct post_list *posts, post_id id)
{
    for (size_t i = 0; i < posts->count; i++)
        if (posts->items[i].id.v == id.v)
            return &posts->items[i];
    return NULL;
}

enum post_end registry_post_end(struct ctx *ctx, account_id account, post_id id)
{
    struct post_list posts = sql_posts_of(ctx, account);
    const struct post *post = find_post(&posts, id);
    if (post == NULL)
        return POST_END_NOT_FOUND;
    if (registry__is_own(ctx, account))
        return POST_END_OWN_ACCOUNT;
    if (!registry_actor_covers_region(ctx, post->region) &&
        !registry__heads(ctx, post->role, post->organisation))
        return POST_END_NOT_YOUR_REGION;
    if (sql_post_end_step(ctx, id, account, ctx->now) == 0)
        return POST_END_NOT_FOUND;
    sql_sign_ins_delete_of_post(ctx, id);
    registry_trace(ctx, "account", account.v, "post_end",
                   arena_printf(ctx->arena, "%s %s", role_code(post->role), post->region));
    return POST_END_DONE;
}

enum post_confirm registry_post_confirm(struct ctx *ctx, post_id id)
{
    struct held_post post;
    if (!sql_held_post(ctx, id, &post))
        return POST_CONFIRM_NOT_FOUND;
    if (registry__is_own(ctx, post.account))
        return POST_CONFIRM_OWN_ACCOUNT;
    if (!registry_actor_covers_region(ctx, post.region))
        return POST_CONFIRM_NOT_YOUR_REGION;
    if (sql_post_confirm_step(ctx, id, ctx->now) == 0)
        return POST_CONFIRM_NOT_FOUND;
    registry_trace(ctx, "account", post.account.v, "post_confirm",
                   arena_printf(ctx->arena, "%s %s", role_code(post.role), post.region));
    return POST_CONFIRM_DONE;
}

/* --- the first one, and workers */

/* The pack has one, and it comes first: regions are sorted by code. */
static const char *province_of(const struct ctx *ctx)
{
    const struct pack_region *region = &ctx->pack->regions.items[0];
    while (region->parent != NULL)
        region = region->parent;
    return region->code;
}

enum first_administrator
registry_create_first_administrator(struct ctx *ctx, const struct first_administrator_args *args)
{
    account_id account;
    post_id post;
    if (sql_account_count(ctx) > 0)
        return FIRST_ADMINISTRATOR_EXISTS;
    enum account_add added = registry_account_add(
        ctx,
        &(struct account_args){.login = args->login == NULL ? "" : args->login,
                               .password_hash = args->password_hash,
                               .is_password_initial = args->is_password_initial,
                               .name = args->name},
        &account);
    if (added != ACCOUNT_ADD_DONE)
        return FIRST_ADMINISTRATOR_LOGIN_INVALID;
    struct post_args rights = {.account = account, .role = ROLE_ADMINISTRATOR};
    enum post_add given = insert_post(ctx, &rights, province_of(ctx), &post);
    assert(given == POST_ADD_DONE);
    return FIRST_ADMINISTRATOR_DONE;
}

/* An account that acts, or has acted, for an organisation is the administrator's to reset. */
static bool is_workers_alone(struct ctx *ctx, account_id account)
{
    struct post_list posts = sql_posts_of(ctx, account);
    for (size_t i = 0; i < posts.count; i++)
        if (posts.items[i].role != ROLE_WORKER)
            return false;
    return posts.count > 0;
}

static enum worker_account_open reset_worker(struct ctx *ctx, const struct account *account,
                                             const char **ret_code)
{
    if (!is_workers_alone(ctx, account->id))
        return WORKER_ACCOUNT_OPEN_OFFICE_ACCOUNT;
    if (account->state == ACCOUNT_STATE_SUSPENDED)
        return WORKER_ACCOUNT_OPEN_SUSPENDED;
    *ret_code = take_password(ctx, account->id);
    if (registry__factor_forget(ctx, account->id))
        registry_trace(ctx, "account", account->id.v, "factor_reset", NULL);
    return WORKER_ACCOUNT_OPEN_RESET;
}

enum worker_account_open registry_worker_account_open(struct ctx *ctx, person_id id,
                                                      const char **ret_code)
{
    struct person person;
    struct account account;
    account_id opened;
    post_id post;
    *ret_code = NULL;
    if (!sql_person_by_id(ctx, id, &person))
        return WORKER_ACCOUNT_OPEN_NOT_FOUND;
    if (!registry_permits(ctx, PERMISSION_WORKER_ACCOUNT_OPEN) ||
        !registry_actor_covers_person(ctx, &person))
        return WORKER_ACCOUNT_OPEN_NOT_YOUR_REGION;
    if (sql_account_of_person(ctx, id, &account))
        return reset_worker(ctx, &account, ret_code);
    enum account_add added =
        registry_account_add(ctx,
                             &(struct account_args){.password_hash = registry__nobodys_hash,
                                                    .is_password_initial = true,
                                                    .name = person.name,
                                                    .person = id},
                             &opened);
    assert(added == ACCOUNT_ADD_DONE); /* the person is there, named, and without an account */
    struct post_args rights = {.account = opened, .role = ROLE_WORKER};
    const char *home = person.region == NULL ? ctx->actor->region : person.region;
    enum post_add given =
        insert_post(ctx, &rights, arena_text_n(ctx->arena, home, REGION_DIGITS), &post);
    assert(given == POST_ADD_DONE);
    *ret_code = registry__invite(ctx, opened);
    return WORKER_ACCOUNT_OPEN_DONE;
}
