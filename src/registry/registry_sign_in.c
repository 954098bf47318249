/*
 * Signing in, sessions and the own password. A password is weighed outside the transaction, for it
 * takes time and memory on purpose; the same work is done for a login that does not exist. The
 * decision follows in a transaction of its own, which looks at the failures again: of a hundred
 * guesses at once, no more than the few that are allowed learn anything.
 *
 * A session that still asks for the second factor is nobody's: it can give the factor
 * (registry_factor.c) or be ended, and no page of any room knows whose it is.
 */
#include <assert.h>
#include <sodium.h>
#include <string.h>

#include "base/text.h"
#include "policy/policy.h"
#include "registry/registry_room.h"
#include "registry_sql.h"

enum { TOKEN_BYTES = 32, TOKEN_DIGITS = 2 * TOKEN_BYTES };

static const int64_t MINUTE_MS = 60 * 1000;
static const int64_t HOUR_MS = 60LL * 60 * 1000;

/* --- sessions */

/* How long a session lasts: a worker's phone stays signed in, an office's computer does not. */
struct session_limits {
    int64_t idle_ms, whole_ms;
    int64_t note_ms; /* how exactly it is known when the session was used last */
};

static struct session_limits limits_of(enum role role)
{
    if (role == ROLE_WORKER)
        return (struct session_limits){7 * 24 * HOUR_MS, 30 * 24 * HOUR_MS, 12 * HOUR_MS};
    return (struct session_limits){2 * HOUR_MS, 12 * HOUR_MS, 10 * MINUTE_MS};
}

const char *registry__digest(struct ctx *ctx, const char *text)
{
    unsigned char bytes[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(bytes, (const unsigned char *)text, strlen(text));
    char *hex = arena_alloc(ctx->arena, sizeof bytes * 2 + 1);
    return sodium_bin2hex(hex, sizeof bytes * 2 + 1, bytes, sizeof bytes);
}

static bool is_token(const char *text)
{
    return strlen(text) == TOKEN_DIGITS && strspn(text, "0123456789abcdef") == TOKEN_DIGITS;
}

bool registry__session_seen(struct ctx *ctx, void *token)
{
    sql_sign_in_seen(ctx, registry__digest(ctx, token), ctx->now);
    return true;
}

/* --- who acts */

/* "|county_officer||county_chief|…": what the statement looks a post's role up in. */
static const char *needing_roles(struct ctx *ctx)
{
    uint64_t needing = permission_roles(PERMISSION_SECOND_FACTOR_NEEDED);
    struct buffer roles = buffer_new(ctx->arena, 256);
    for (int role = ROLE_NONE + 1; role < ROLE_COUNT; role++)
        if ((needing >> role & 1) != 0)
            buffer_printf(&roles, "|%s|", role_code((enum role)role));
    return roles.bytes;
}

static bool find_actor(struct ctx *ctx, const char *token, struct actor *ret)
{
    return token != NULL && is_token(token) &&
           sql_actor_by_token(
               ctx,
               &(struct sql_actor_by_token){.token_hash = registry__digest(ctx, token),
                                            .needing_roles = needing_roles(ctx)},
               ret);
}

/* Whose session it is, where it is not over. */
static bool find_session(struct ctx *ctx, const char *token, struct actor *ret)
{
    if (!find_actor(ctx, token, ret))
        return false;
    struct session_limits limits = limits_of(ret->role);
    return ctx->now.v - ret->seen_at.v <= limits.idle_ms &&
           ctx->now.v - ret->began_at.v <= limits.whole_ms;
}

static void act_in(struct ctx *ctx, const char *token, const struct actor *actor)
{
    ctx->actor = actor;
    if (ctx->now.v - actor->seen_at.v > limits_of(actor->role).note_ms && ctx->request != NULL)
        request_after(ctx, registry__session_seen, arena_text(ctx->arena, token));
}

bool registry_identify_by_password(struct ctx *ctx, const char *token)
{
    struct actor *actor = arena_one(ctx->arena, struct actor);
    if (!find_session(ctx, token, actor))
        return false;
    act_in(ctx, token, actor);
    return true;
}

static bool awaits_factor(const struct actor *actor)
{
    return !actor->is_factor_given && actor->needing_posts + actor->factors > 0;
}

/* A session that waits for the second factor does not wait long. */
static bool may_wait(const struct ctx *ctx, const struct actor *actor)
{
    return ctx->now.v - actor->began_at.v <= REGISTRY_FRESH_MINUTES * MINUTE_MS;
}

bool registry_identify(struct ctx *ctx, const char *token)
{
    struct actor *actor = arena_one(ctx->arena, struct actor);
    if (!find_session(ctx, token, actor))
        return false;
    if (awaits_factor(actor))
        return may_wait(ctx, actor);
    act_in(ctx, token, actor);
    return true;
}

bool registry__is_fresh(const struct ctx *ctx, const struct actor *actor)
{
    return ctx->now.v - actor->proved_at.v <= REGISTRY_FRESH_MINUTES * MINUTE_MS;
}

bool registry__awaiting(struct ctx *ctx, const char *token, struct actor *ret)
{
    return find_session(ctx, token, ret) && awaits_factor(ret) && may_wait(ctx, ret);
}

/* --- the beginning and the end of sessions */

const char *registry__session_begin(struct ctx *ctx, const struct session_args *args)
{
    unsigned char random[TOKEN_BYTES];
    randombytes_buf(random, sizeof random);
    char *token = arena_alloc(ctx->arena, TOKEN_DIGITS + 1);
    sign_in_id id = {id_next(ctx->ids, ctx->now)};
    int64_t proved_before_ms = args->provider == NULL ? 0 : args->provider->age_ms;
    sodium_bin2hex(token, TOKEN_DIGITS + 1, random, sizeof random);
    sql_sign_ins_delete_old(ctx, (struct instant){ctx->now.v - limits_of(ROLE_WORKER).whole_ms});
    sql_sign_in_insert(ctx, &(struct sql_sign_in_insert){
                                .id = id,
                                .token_hash = registry__digest(ctx, token),
                                .account = args->account,
                                .post = args->post,
                                .address = args->address,
                                .began_at = ctx->now,
                                .proved_at = {ctx->now.v - proved_before_ms},
                                .is_factor_given = args->is_factor_given,
                            });
    if (args->provider != NULL)
        sql_sign_in_provider(
            ctx, &(struct sql_sign_in_provider){.id = id,
                                                .provider_session = args->provider->name,
                                                .id_token = args->provider->id_token});
    return token;
}

void registry__session_end_by_token(struct ctx *ctx, const char *token)
{
    struct actor actor;
    if (find_actor(ctx, token, &actor))
        sql_sign_in_delete(ctx, actor.sign_in, actor.account);
}

enum session_end registry__session_end(struct ctx *ctx, sign_in_id session)
{
    return sql_sign_in_delete(ctx, session, ctx->actor->account) > 0 ? SESSION_END_DONE
                                                                     : SESSION_END_NOT_FOUND;
}

void registry__sessions_end_others(struct ctx *ctx)
{
    sql_sign_ins_delete(ctx, ctx->actor->account, ctx->actor->sign_in);
}

enum post_switch registry__post_switch(struct ctx *ctx, post_id post)
{
    return sql_sign_in_post(ctx, ctx->actor->sign_in, post, ctx->actor->account) > 0
               ? POST_SWITCH_DONE
               : POST_SWITCH_NOT_YOURS;
}

/* --- failures */

static struct instant window_begin(const struct ctx *ctx)
{
    return (struct instant){ctx->now.v - REGISTRY_LOCKED_MINUTES * MINUTE_MS};
}

/* Kept as a digest: people type their password, or somebody's number, into the wrong field. */
const char *registry__subject(struct ctx *ctx, account_id account, const char *login)
{
    char id[ID_TEXT_LENGTH + 1];
    id_format(account.v, id);
    return account.v != 0 ? registry__digest(ctx, arena_printf(ctx->arena, "account %s", id))
                          : registry__digest(ctx, arena_printf(ctx->arena, "login %s", login));
}

static const char *address_subject(struct ctx *ctx, const char *address)
{
    return registry__digest(ctx, arena_printf(ctx->arena, "address %s", address));
}

bool registry__is_locked(struct ctx *ctx, const char *subject, const char *address)
{
    struct instant since = window_begin(ctx);
    return sql_failures_of(ctx, subject, since) >= REGISTRY_LOGIN_FAILURES_MAX ||
           sql_failures_of(ctx, address_subject(ctx, address), since) >=
               REGISTRY_ADDRESS_FAILURES_MAX;
}

void registry__count_failure(struct ctx *ctx, const char *subject, const char *address)
{
    struct instant since = window_begin(ctx);
    sql_failures_forget_old(ctx, since);
    sql_failure_count(ctx, &(struct sql_failure_count){subject, ctx->now, since});
    sql_failure_count(ctx,
                      &(struct sql_failure_count){address_subject(ctx, address), ctx->now, since});
}

/* The account as it is now still has the password that was weighed. */
static bool is_unchanged(struct ctx *ctx, const struct account *weighed, struct account *ret)
{
    return sql_account_by_id(ctx, weighed->id, ret) &&
           strcmp(ret->password_hash, weighed->password_hash) == 0;
}

/* --- signing in */

void registry__sign_in_look(struct ctx *ctx, struct sign_in_attempt *attempt)
{
    attempt->account = (struct account){0};
    attempt->is_known = registry__account_find(ctx, attempt->login, &attempt->account);
    attempt->subject =
        registry__subject(ctx, attempt->account.id, registry__login(ctx, attempt->login));
    attempt->is_locked = registry__is_locked(ctx, attempt->subject, attempt->address);
}

void registry__sign_in_weigh(struct ctx *ctx, struct sign_in_attempt *attempt)
{
    const char *hash = attempt->is_known ? attempt->account.password_hash : registry__nobodys_hash;
    if (attempt->is_locked)
        return;
    bool fits = registry__password_fits(ctx, hash, attempt->password);
    attempt->is_right = fits && attempt->is_known;
}

enum sign_in registry__sign_in(struct ctx *ctx, const struct sign_in_attempt *attempt,
                               const char **ret_token)
{
    struct account account;
    *ret_token = NULL;
    if (attempt->is_locked || registry__is_locked(ctx, attempt->subject, attempt->address))
        return SIGN_IN_TOO_MANY;
    if (!attempt->is_right || !is_unchanged(ctx, &attempt->account, &account)) {
        registry__count_failure(ctx, attempt->subject, attempt->address);
        return SIGN_IN_REFUSED;
    }
    if (account.state == ACCOUNT_STATE_ACTIVE && registry__password_is_over(ctx, &account))
        return SIGN_IN_PASSWORD_OVER;
    return registry__let_in(ctx, &account,
                            &(struct entry){.subject = attempt->subject,
                                            .address = attempt->address,
                                            .old_token = attempt->old_token,
                                            .identify = attempt->identify},
                            ret_token);
}

/* Suspends an account that nobody has used for the pack's days: whoever comes now may not be its
 * holder. An officer resumes it. */
static bool falls_dormant(struct ctx *ctx, account_id account)
{
    int64_t days = pack_parameter(ctx->pack, PARAMETER_DORMANT_ACCOUNT_DAYS, ctx->today);
    struct instant before = {ctx->now.v - days * 24 * HOUR_MS};
    if (sql_account_is_dormant(ctx, account, before) == 0)
        return false;
    sql_account_state_step(ctx, &(struct sql_account_state_step){account, ACCOUNT_STATE_ACTIVE,
                                                                 ACCOUNT_STATE_SUSPENDED});
    sql_sign_ins_delete(ctx, account, (sign_in_id){0});
    registry_trace(ctx, "account", account.v, "account_fall_dormant", NULL);
    return true;
}

enum sign_in registry__let_in(struct ctx *ctx, const struct account *account,
                              const struct entry *entry, const char **ret_token)
{
    *ret_token = NULL;
    if (account->state == ACCOUNT_STATE_SUSPENDED)
        return SIGN_IN_SUSPENDED;
    if (falls_dormant(ctx, account->id))
        return SIGN_IN_DORMANT;
    struct post_list posts = sql_posts_of(ctx, account->id);
    if (posts.count == 0)
        return SIGN_IN_NO_POST;
    if (entry->old_token != NULL)
        registry__session_end_by_token(ctx, entry->old_token);
    *ret_token = registry__session_begin(
        ctx, &(struct session_args){.account = account->id,
                                    .post = posts.items[0].id,
                                    .address = entry->address,
                                    .is_factor_given = entry->is_factor_given,
                                    .provider = entry->provider});
    bool is_known = entry->identify(ctx, *ret_token);
    assert(is_known);       /* it began in this transaction */
    if (ctx->actor == NULL) /* the failures stay: who has the password may still guess the code */
        return registry__factor_ask(ctx, *ret_token);
    sql_failures_forget(ctx, entry->subject);
    sql_account_signed_in(ctx, account->id, ctx->now);
    return SIGN_IN_DONE;
}

/* --- the own password */

void registry__password_look(struct ctx *ctx, struct password_attempt *attempt)
{
    struct person person = {0};
    bool is_there = sql_account_by_id(ctx, ctx->actor->account, &attempt->account);
    if (is_there && attempt->account.person.v != 0)
        sql_person_by_id(ctx, attempt->account.person, &person);
    const char *login = attempt->account.login;
    attempt->subject = registry__subject(ctx, ctx->actor->account, NULL);
    attempt->is_locked = !is_there || registry__is_locked(ctx, attempt->subject, attempt->address);
    attempt->fault =
        registry_password_check(ctx, attempt->new, login == NULL ? person.identity_no : login);
}

void registry__password_weigh(struct ctx *ctx, struct password_attempt *attempt)
{
    if (attempt->is_locked)
        return;
    attempt->is_right = registry__password_fits(ctx, attempt->account.password_hash, attempt->old);
    if (attempt->is_right && attempt->fault == PASSWORD_CHANGE_DONE)
        attempt->new_hash = registry_hash_password(ctx, attempt->new);
}

enum password_change registry__password_change(struct ctx *ctx,
                                               const struct password_attempt *attempt)
{
    struct account account;
    if (attempt->is_locked || registry__is_locked(ctx, attempt->subject, attempt->address))
        return PASSWORD_CHANGE_TOO_MANY;
    if (!attempt->is_right || !is_unchanged(ctx, &attempt->account, &account)) {
        registry__count_failure(ctx, attempt->subject, attempt->address);
        return PASSWORD_CHANGE_WRONG;
    }
    if (attempt->fault != PASSWORD_CHANGE_DONE)
        return attempt->fault;
    if (strcmp(text_clean(ctx->arena, attempt->old), text_clean(ctx->arena, attempt->new)) == 0)
        return PASSWORD_CHANGE_UNCHANGED;
    sql_account_password(ctx, account.id, attempt->new_hash, /* is_password_initial= */ false,
                         ctx->now);
    registry__notify(ctx, account.id, ACCOUNT_NOTICE_KIND_PASSWORD_CHANGED);
    sql_failures_forget(ctx, attempt->subject);
    registry__sessions_end_others(ctx);
    registry_trace(ctx, "account", account.id.v, "password_change", NULL);
    return PASSWORD_CHANGE_DONE;
}

/* --- what is past its time */

static struct instant longest_session_begin(const struct ctx *ctx)
{
    return (struct instant){ctx->now.v - limits_of(ROLE_WORKER).whole_ms};
}

int64_t registry_sign_ins_past(struct ctx *ctx)
{
    return sql_sign_ins_past(ctx, &(struct sql_sign_ins_past){longest_session_begin(ctx),
                                                              window_begin(ctx),
                                                              registry__notices_since(ctx)});
}

void registry_erase_sign_ins_past(struct ctx *ctx)
{
    sql_sign_ins_delete_old(ctx, longest_session_begin(ctx));
    sql_failures_forget_old(ctx, window_begin(ctx));
    sql_account_notices_forget_old(ctx, registry__notices_since(ctx));
}
