/*
 * Accounts, posts and sessions. A password is checked outside the transaction (it takes
 * milliseconds and memory on purpose); failed attempts are counted by account and by address, and
 * the same work is done for a login that does not exist.
 */
#include <sodium.h>
#include <string.h>

#include "base/text.h"
#include "registry/registry.h"
#include "registry_html.h"
#include "registry_sql.h"
#include "web/web.h"

enum {
    HASH_PASSES = 2,
    HASH_BYTES = 19 * 1024 * 1024,
    TOKEN_BYTES = 32,
    ACCOUNT_FAILURES_MAX = 5,
    ADDRESS_FAILURES_MAX = 50,
};
static const int64_t FAILURE_WINDOW_MS = 15LL * 60 * 1000;
static const int64_t SESSION_MS = 12LL * 60 * 60 * 1000;

/* Argon2id of a password that nobody has: what an unknown login is checked against. */
static const char NOBODY[] = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$"
                             "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

const char *registry_hash_password(struct ctx *ctx, const char *password)
{
    char *hash = arena_alloc(ctx->arena, crypto_pwhash_STRBYTES);
    if (crypto_pwhash_str(hash, password, strlen(password), HASH_PASSES, HASH_BYTES) != 0)
        fault_raise(ctx->arena, FAULT_MEMORY);
    return hash;
}

bool registry_account_add(struct ctx *ctx, const struct account_args *args, account_id *ret)
{
    *ret = (account_id){id_next(ctx->ids, ctx->now)};
    return sql_account_insert(ctx,
                              &(struct sql_account_insert){.id = *ret,
                                                           .login = args->login,
                                                           .password_hash = args->password_hash,
                                                           .name = args->name,
                                                           .person = args->person,
                                                           .created_at = ctx->now}) > 0;
}

post_id registry_post_add(struct ctx *ctx, const struct post_args *args)
{
    post_id id = {id_next(ctx->ids, ctx->now)};
    sql_post_insert(ctx, &(struct sql_post_insert){.id = id,
                                                   .account = args->account,
                                                   .role = args->role,
                                                   .organisation = args->organisation,
                                                   .region = args->region});
    return id;
}

static const char *hash_token(struct ctx *ctx, const char *token)
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, (const unsigned char *)token, strlen(token));
    char *hex = arena_alloc(ctx->arena, sizeof digest * 2 + 1);
    return sodium_bin2hex(hex, sizeof digest * 2 + 1, digest, sizeof digest);
}

bool registry_identify(struct ctx *ctx, const char *token)
{
    struct actor *actor = arena_one(ctx->arena, struct actor);
    if (!sql_actor_by_token(ctx, hash_token(ctx, token), ctx->now, actor))
        return false;
    ctx->actor = actor;
    return true;
}

bool registry_act_as(struct ctx *ctx, const char *login)
{
    struct account account;
    if (!sql_account_by_login(ctx, login, &account))
        return false;
    struct post_list posts = sql_posts_of(ctx, account.id);
    if (posts.count == 0)
        return false;
    struct actor *actor = arena_one(ctx->arena, struct actor);
    *actor = (struct actor){.account = account.id,
                            .person = account.person,
                            .post = posts.items[0].id,
                            .role = posts.items[0].role,
                            .organisation = posts.items[0].organisation,
                            .organisation_name = posts.items[0].organisation_name,
                            .region = posts.items[0].region,
                            .name = account.name};
    ctx->actor = actor;
    return true;
}

/* --- signing in */

struct attempt {
    struct sign_in_form values;
    struct field_faults faults;
    bool is_complete;
    bool is_known, is_locked, is_right;
    struct account account;
};

static struct instant failures_since(const struct ctx *ctx)
{
    return (struct instant){ctx->now.v - FAILURE_WINDOW_MS};
}

static bool look_up(struct ctx *ctx, void *argument)
{
    struct attempt *attempt = argument;
    struct instant since = failures_since(ctx);
    attempt->is_known = sql_account_by_login(ctx, attempt->values.login, &attempt->account);
    bool is_account_locked = attempt->is_known &&
                             attempt->account.failures >= ACCOUNT_FAILURES_MAX &&
                             instant_compare(attempt->account.failed_at, since) >= 0;
    attempt->is_locked = is_account_locked || sql_address_failures(ctx, request_address(ctx),
                                                                   since) >= ADDRESS_FAILURES_MAX;
    return true;
}

/* Ahead of the transaction: reads what is needed, then spends the password's time. */
static void prepare_sign_in(struct ctx *ctx)
{
    struct attempt *attempt = arena_one(ctx->arena, struct attempt);
    attempt->is_complete = entity_read(ctx, &sign_in_form_entity, form_source, NULL, NULL,
                                       &attempt->values, &attempt->faults);
    request_keep(ctx, attempt);
    if (!attempt->is_complete || !request_read(ctx, look_up, attempt) || attempt->is_locked)
        return;
    const char *hash = attempt->is_known ? attempt->account.password_hash : NOBODY;
    const char *password = attempt->values.password;
    bool fits = crypto_pwhash_str_verify(hash, password, strlen(password)) == 0;
    attempt->is_right = fits && attempt->is_known;
}

static void count_failure(struct ctx *ctx, const struct attempt *attempt)
{
    struct instant since = failures_since(ctx);
    if (attempt->is_known)
        sql_account_fail(ctx, &(struct sql_account_fail){attempt->account.id, ctx->now, since});
    sql_address_fail(ctx, &(struct sql_address_fail){request_address(ctx), ctx->now, since});
}

static const char *begin_session(struct ctx *ctx, account_id account, post_id post)
{
    unsigned char random[TOKEN_BYTES];
    randombytes_buf(random, sizeof random);
    char *token = arena_alloc(ctx->arena, TOKEN_BYTES * 2 + 1);
    sodium_bin2hex(token, TOKEN_BYTES * 2 + 1, random, sizeof random);
    sql_sign_in_insert(ctx, &(struct sql_sign_in_insert){.token_hash = hash_token(ctx, token),
                                                         .account = account,
                                                         .post = post,
                                                         .began_at = ctx->now,
                                                         .ends_at = {ctx->now.v + SESSION_MS}});
    return token;
}

static enum sign_in sign_in(struct ctx *ctx, const struct attempt *attempt, const char **ret_token)
{
    if (attempt->is_locked)
        return SIGN_IN_TOO_MANY;
    if (!attempt->is_right) {
        count_failure(ctx, attempt);
        return SIGN_IN_REFUSED;
    }
    struct post_list posts = sql_posts_of(ctx, attempt->account.id);
    if (posts.count == 0)
        return SIGN_IN_NO_POST;
    sql_account_forgive(ctx, attempt->account.id);
    *ret_token = begin_session(ctx, attempt->account.id, posts.items[0].id);
    return SIGN_IN_DONE;
}

/* Only a path of this site may follow. */
static const char *next_path(const char *wish)
{
    bool is_ours = wish != NULL && wish[0] == '/' && wish[1] != '/' && wish[1] != '\\';
    return is_ours ? wish : "/desk";
}

static struct reply sign_in_page_reply(struct ctx *ctx, const struct attempt *attempt,
                                       const char *problem, int status)
{
    struct sign_in_page_model *model = arena_one(ctx->arena, struct sign_in_page_model);
    const char *next =
        request_is_post(ctx) ? request_form(ctx, "next") : request_query(ctx, "next");
    *model = (struct sign_in_page_model){
        .next = next_path(next),
        .problem = problem,
        .form = {.entity = &sign_in_form_entity,
                 .faults = attempt == NULL ? NULL : &attempt->faults,
                 .is_echo = attempt != NULL},
    };
    return reply_page(&sign_in_page_page, model, status);
}

static struct reply show_sign_in(struct ctx *ctx)
{
    return sign_in_page_reply(ctx, NULL, NULL, 200);
}

static struct reply post_sign_in(struct ctx *ctx)
{
    const struct attempt *attempt = request_kept(ctx);
    const char *token = NULL;
    if (!attempt->is_complete)
        return sign_in_page_reply(ctx, attempt, NULL, 422);
    enum sign_in answer = sign_in(ctx, attempt, &token);
    const struct outcome_info *info = sign_in_info(answer);
    struct reply reply;
    if (answer == SIGN_IN_DONE || request_wants_json(ctx))
        reply = reply_outcome(ctx, info, next_path(request_form(ctx, "next")));
    else
        reply = sign_in_page_reply(ctx, attempt, words(ctx, info->code), info->status);
    reply.session_token = token;
    reply.commits = true; /* a failed attempt is counted */
    return reply;
}

static struct reply post_sign_out(struct ctx *ctx)
{
    if (request_session(ctx) != NULL)
        sql_sign_in_delete(ctx, hash_token(ctx, request_session(ctx)));
    struct reply reply = reply_redirect("/");
    reply.session_token = "";
    return reply;
}

static struct reply show_account(struct ctx *ctx)
{
    struct account_page_model *model = arena_one(ctx->arena, struct account_page_model);
    struct post_list posts = sql_posts_of(ctx, ctx->actor->account);
    model->name = ctx->actor->name;
    model->posts.count = posts.count;
    model->posts.items = arena_array(ctx->arena, posts.count, struct account_page_post);
    for (size_t i = 0; i < posts.count; i++)
        model->posts.items[i] = (struct account_page_post){
            .id = posts.items[i].id,
            .role = posts.items[i].role,
            .organisation_name = posts.items[i].organisation_name,
            .is_current = posts.items[i].id.v == ctx->actor->post.v,
        };
    return page_account_page(ctx, model);
}

static struct reply post_switch_post(struct ctx *ctx)
{
    post_id post;
    bool is_own =
        request_id(ctx, "post", &post.v) &&
        sql_sign_in_post(ctx, hash_token(ctx, request_session(ctx)), post, ctx->actor->account) > 0;
    return reply_outcome(ctx, post_switch_info(is_own ? POST_SWITCH_DONE : POST_SWITCH_NOT_YOURS),
                         "/account");
}

const struct route registry_routes[] = {
    {GET, "/sign-in", PERMISSION_PUBLIC, .handle = show_sign_in},
    {POST, "/sign-in", PERMISSION_PUBLIC, .handle = post_sign_in, .prepare = prepare_sign_in,
     .lane = LANE_HEAVY},
    {POST, "/sign-out", PERMISSION_SIGNED_IN, .handle = post_sign_out},
    {GET, "/account", PERMISSION_SIGNED_IN, .handle = show_account},
    {POST, "/account/post/:post", PERMISSION_SIGNED_IN, .handle = post_switch_post},
    {0},
};
