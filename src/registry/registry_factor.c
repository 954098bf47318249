/*
 * The second factor: codes of an authenticator, and recovery codes for who has lost it. A code that
 * was taken is taken no more; wrong ones count as wrong passwords do, against the same limit, and a
 * right password alone does not forgive them.
 */
#include <sodium.h>
#include <string.h>

#include "base/text.h"
#include "registry/registry_room.h"
#include "registry_sql.h"

enum { SALT_BYTES = 16 };

static bool is_set_up(const struct second_factor *factor)
{
    return factor->secret.length > 0;
}

bool registry__is_offered(const struct second_factor *factor, const struct actor *actor)
{
    return factor->offered.length > 0 && factor->offered_to.v == actor->sign_in.v;
}

bool registry__factor(struct ctx *ctx, account_id account, struct second_factor *ret)
{
    *ret = (struct second_factor){.since = INSTANT_NONE};
    return sql_factor_of(ctx, account, ret) && is_set_up(ret);
}

int64_t registry__recovery_left(struct ctx *ctx, account_id account)
{
    return sql_recovery_left(ctx, account);
}

/* --- codes */

/* As people type them: with spaces or hyphens between the groups, in any case and width. */
static const char *plain_code(struct ctx *ctx, const char *typed)
{
    const char *compact = registry__login(ctx, typed == NULL ? "" : typed);
    struct buffer plain = buffer_new(ctx->arena, strlen(compact) + 1);
    for (const char *at = compact; *at != '\0'; at++)
        if (*at != '-')
            buffer_add_char(&plain, *at);
    return plain.bytes;
}

static const char *recovery_hash(struct ctx *ctx, const char *salt, const char *typed)
{
    const char *code = plain_code(ctx, typed);
    return registry__digest(ctx, arena_printf(ctx->arena, "recovery %s %s", salt, code));
}

enum fit { FIT_NOT, FIT_CODE, FIT_RECOVERY };

/* Takes the code: the same one does not fit again. */
static enum fit take_code(struct ctx *ctx, const struct second_factor *factor, const char *typed)
{
    int64_t step =
        registry__totp_step(factor->secret, plain_code(ctx, typed), ctx->now, factor->last_step);
    if (step != 0)
        return sql_factor_step(ctx, factor->id, step) > 0 ? FIT_CODE : FIT_NOT;
    if (sql_recovery_use(ctx, factor->id, recovery_hash(ctx, factor->recovery_salt, typed)) == 0)
        return FIT_NOT;
    registry_trace(ctx, "account", factor->id.v, "recovery_code_use", NULL);
    return FIT_RECOVERY;
}

static const char *own_subject(struct ctx *ctx, const struct actor *actor)
{
    return registry__subject(ctx, actor->account, NULL);
}

/* --- recovery codes */

static const char *new_salt(struct ctx *ctx)
{
    unsigned char bytes[SALT_BYTES];
    char *hex = arena_alloc(ctx->arena, 2 * SALT_BYTES + 1);
    randombytes_buf(bytes, sizeof bytes);
    return sodium_bin2hex(hex, 2 * SALT_BYTES + 1, bytes, sizeof bytes);
}

/* In place of those that were. */
static void make_recovery_codes(struct ctx *ctx, account_id account, const char *salt,
                                struct factor_given *ret)
{
    sql_recovery_forget(ctx, account);
    for (int i = 0; i < RECOVERY_CODES; i++) {
        ret->recovery_codes[i] = registry_password_new(ctx);
        sql_recovery_insert(ctx, account, recovery_hash(ctx, salt, ret->recovery_codes[i]));
    }
    ret->recovery_left = RECOVERY_CODES;
}

/* --- a new secret */

static void offer(struct ctx *ctx, const struct actor *actor)
{
    unsigned char secret[TOTP_SECRET_BYTES];
    randombytes_buf(secret, sizeof secret);
    sql_factor_offer(ctx, actor->account, (struct bytes){secret, sizeof secret}, actor->sign_in);
    sodium_memzero(secret, sizeof secret);
}

/* The offered secret is the account's from now on, as `code` proves; false where it is no code of
 * it. */
static bool take_up(struct ctx *ctx, const struct second_factor *factor, const char *code,
                    struct factor_given *ret)
{
    int64_t step =
        registry__totp_step(factor->offered, plain_code(ctx, code), ctx->now, /* used= */ 0);
    if (step == 0)
        return false;
    const char *salt = new_salt(ctx);
    sql_factor_take_up(ctx, &(struct sql_factor_take_up){.id = factor->id,
                                                         .secret = factor->offered,
                                                         .step = step,
                                                         .recovery_salt = salt,
                                                         .since = ctx->now});
    make_recovery_codes(ctx, factor->id, salt, ret);
    return true;
}

/* --- at the door */

enum sign_in registry__factor_ask(struct ctx *ctx, const char *token)
{
    struct actor awaiting;
    struct second_factor factor;
    if (registry__awaiting(ctx, token, &awaiting) &&
        !registry__factor(ctx, awaiting.account, &factor)) {
        offer(ctx, &awaiting);
        return SIGN_IN_SET_UP_ASKED;
    }
    return SIGN_IN_CODE_ASKED;
}

/* The session with all its rights follows the one that had none, under a new token. */
static const char *open_session(struct ctx *ctx, const struct actor *awaiting, const char *address)
{
    struct provider_session there;
    bool began_there = sql_provider_session_by_id(ctx, awaiting->sign_in, &there);
    const struct provider_entry *provider =
        began_there ? &(struct provider_entry){.name = there.name,
                                               .id_token = there.id_token,
                                               .age_ms = ctx->now.v - awaiting->proved_at.v}
                    : NULL;
    sql_sign_in_delete(ctx, awaiting->sign_in, awaiting->account);
    return registry__session_begin(ctx, &(struct session_args){.account = awaiting->account,
                                                               .post = awaiting->post,
                                                               .address = address,
                                                               .is_factor_given = true,
                                                               .provider = provider});
}

static enum factor_give try_code(struct ctx *ctx, const struct second_factor *factor,
                                 const char *code, struct factor_given *ret)
{
    if (!is_set_up(factor))
        return take_up(ctx, factor, code, ret) ? FACTOR_GIVE_SET_UP : FACTOR_GIVE_WRONG;
    switch (take_code(ctx, factor, code)) {
    case FIT_CODE:
        return FACTOR_GIVE_DONE;
    case FIT_RECOVERY:
        ret->recovery_left = registry__recovery_left(ctx, factor->id);
        return FACTOR_GIVE_RECOVERED;
    case FIT_NOT:
        break;
    }
    return FACTOR_GIVE_WRONG;
}

enum factor_give registry__factor_give(struct ctx *ctx, const struct actor *awaiting,
                                       const struct code_given *given, struct factor_given *ret)
{
    struct second_factor factor;
    const char *subject = own_subject(ctx, awaiting);
    *ret = (struct factor_given){0};
    if (registry__is_locked(ctx, subject, given->address))
        return FACTOR_GIVE_TOO_MANY;
    if (!registry__factor(ctx, awaiting->account, &factor) &&
        !registry__is_offered(&factor, awaiting))
        return FACTOR_GIVE_OVER;
    ctx->actor = awaiting; /* whose trace it is, should the code fit */
    enum factor_give answer = try_code(ctx, &factor, given->code, ret);
    if (answer == FACTOR_GIVE_WRONG) {
        ctx->actor = NULL;
        registry__count_failure(ctx, subject, given->address);
        return answer;
    }
    if (answer == FACTOR_GIVE_SET_UP)
        registry_trace(ctx, "account", factor.id.v, "factor_set_up", NULL);
    sql_failures_forget(ctx, subject);
    sql_account_signed_in(ctx, awaiting->account, ctx->now);
    ret->token = open_session(ctx, awaiting, given->address);
    return answer;
}

/* --- the own factor, with the door behind one */

/* Whether the code may be tried, and fits; DONE: yes. */
static enum factor_change check_code(struct ctx *ctx, const struct second_factor *factor,
                                     const struct code_given *given)
{
    const char *subject = own_subject(ctx, ctx->actor);
    if (registry__is_locked(ctx, subject, given->address))
        return FACTOR_CHANGE_TOO_MANY;
    if (!is_set_up(factor))
        return FACTOR_CHANGE_NOTHING;
    if (take_code(ctx, factor, given->code) == FIT_NOT) {
        registry__count_failure(ctx, subject, given->address);
        return FACTOR_CHANGE_WRONG;
    }
    sql_failures_forget(ctx, subject);
    return FACTOR_CHANGE_DONE;
}

enum factor_change registry__factor_offer(struct ctx *ctx, const struct code_given *given)
{
    struct second_factor factor;
    bool has_one = registry__factor(ctx, ctx->actor->account, &factor);
    if (!has_one && !registry__is_fresh(ctx, ctx->actor))
        return FACTOR_CHANGE_SIGN_IN_AGAIN; /* nobody sets one up on a desk that was left open */
    enum factor_change answer = has_one ? check_code(ctx, &factor, given) : FACTOR_CHANGE_DONE;
    if (answer == FACTOR_CHANGE_DONE)
        offer(ctx, ctx->actor);
    return answer;
}

enum factor_change registry__factor_confirm(struct ctx *ctx, const struct code_given *given,
                                            struct factor_given *ret)
{
    struct second_factor factor;
    const char *subject = own_subject(ctx, ctx->actor);
    *ret = (struct factor_given){0};
    if (registry__is_locked(ctx, subject, given->address))
        return FACTOR_CHANGE_TOO_MANY;
    registry__factor(ctx, ctx->actor->account, &factor);
    if (!registry__is_offered(&factor, ctx->actor))
        return FACTOR_CHANGE_NOTHING;
    if (!take_up(ctx, &factor, given->code, ret)) {
        registry__count_failure(ctx, subject, given->address);
        return FACTOR_CHANGE_WRONG;
    }
    sql_failures_forget(ctx, subject);
    registry__sessions_end_others(ctx);
    ret->token = open_session(ctx, ctx->actor, given->address);
    registry_trace(ctx, "account", factor.id.v, "factor_set_up", NULL);
    registry__notify(ctx, factor.id, ACCOUNT_NOTICE_KIND_FACTOR_TAKEN_UP);
    return FACTOR_CHANGE_DONE;
}

enum factor_change registry__recovery_renew(struct ctx *ctx, const struct code_given *given,
                                            struct factor_given *ret)
{
    struct second_factor factor;
    *ret = (struct factor_given){0};
    registry__factor(ctx, ctx->actor->account, &factor);
    enum factor_change answer = check_code(ctx, &factor, given);
    if (answer != FACTOR_CHANGE_DONE)
        return answer;
    const char *salt = new_salt(ctx);
    sql_factor_salt(ctx, factor.id, salt);
    make_recovery_codes(ctx, factor.id, salt, ret);
    registry_trace(ctx, "account", factor.id.v, "recovery_codes_renew", NULL);
    registry__notify(ctx, factor.id, ACCOUNT_NOTICE_KIND_RECOVERY_RENEWED);
    return FACTOR_CHANGE_DONE;
}

enum factor_change registry__factor_remove(struct ctx *ctx, const struct code_given *given)
{
    struct second_factor factor;
    registry__factor(ctx, ctx->actor->account, &factor);
    if (ctx->actor->needing_posts > 0)
        return FACTOR_CHANGE_NEEDED;
    enum factor_change answer = check_code(ctx, &factor, given);
    if (answer != FACTOR_CHANGE_DONE)
        return answer;
    registry__factor_forget(ctx, factor.id);
    registry_trace(ctx, "account", factor.id.v, "factor_remove", NULL);
    registry__notify(ctx, factor.id, ACCOUNT_NOTICE_KIND_FACTOR_REMOVED);
    return FACTOR_CHANGE_DONE;
}

bool registry__factor_forget(struct ctx *ctx, account_id account)
{
    struct second_factor factor;
    bool had_one = registry__factor(ctx, account, &factor);
    sql_recovery_forget(ctx, account);
    sql_factor_delete(ctx, account);
    return had_one;
}
