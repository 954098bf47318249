/*
 * Whom the province's single sign-on means. What it says of a person is an identity, never a right:
 * the account, its state, its posts and its lock decide, as behind a password.
 */
#include <string.h>

#include "base/text.h"
#include "openid/openid.h"
#include "registry/registry_room.h"
#include "registry_sql.h"

/* A subject is one at its issuer only. */
static const char *whole_subject(struct ctx *ctx, const char *issuer, const char *subject)
{
    return arena_printf(ctx->arena, "%s %s", issuer, subject);
}

static enum account_link insert_link(struct ctx *ctx, account_id id, const char *whole)
{
    struct single_link link;
    if (sql_account_link_of(ctx, id, &link))
        return ACCOUNT_LINK_HAS_ONE;
    int64_t added = sql_account_link_insert(
        ctx, &(struct sql_account_link_insert){.id = id,
                                               .subject = whole,
                                               .subject_index = whole,
                                               .linked_at = ctx->now,
                                               .linked_by = ctx->actor->account});
    if (added == 0)
        return ACCOUNT_LINK_TAKEN;
    registry__notify(ctx, id, ACCOUNT_NOTICE_KIND_SINGLE_LINKED);
    registry_trace(ctx, "account", id.v, "account_link", NULL);
    return ACCOUNT_LINK_DONE;
}

/* The account of the person whose number the provider has verified, and which has no other link:
 * it has this one from now on. */
static bool link_by_number(struct ctx *ctx, const char *whole, const char *number,
                           struct account *ret)
{
    struct identity identity;
    struct single_link link;
    struct actor *owner = arena_one(ctx->arena, struct actor);
    if (number == NULL || identity_read(number, ctx->today, &identity) != IDENTITY_OK ||
        !sql_account_by_identity(ctx, registry__identity_key(ctx, &identity), ret) ||
        sql_account_link_of(ctx, ret->id, &link))
        return false;
    if (ret->state != ACCOUNT_STATE_ACTIVE || !sql_actor_of_account(ctx, ret->id, owner))
        return true;    /* found, and about to be refused */
    ctx->actor = owner; /* whose trace it is */
    enum account_link answer = insert_link(ctx, ret->id, whole);
    ctx->actor = NULL;
    return answer == ACCOUNT_LINK_DONE;
}

/* "" where the provider does not name its sessions. */
static const char *session_name(struct ctx *ctx, const char *issuer, const char *session)
{
    return session == NULL ? "" : registry__digest(ctx, whole_subject(ctx, issuer, session));
}

enum sign_in registry__single_sign_in(struct ctx *ctx, const struct single_attempt *attempt,
                                      account_id *ret_account, const char **ret_token)
{
    struct account account;
    const struct openid_identity *identity = &attempt->identity;
    const char *issuer = attempt->provider->issuer;
    const char *whole = whole_subject(ctx, issuer, identity->subject);
    *ret_account = (account_id){0};
    *ret_token = NULL;
    if (!sql_account_by_subject(ctx, whole, &account) &&
        !link_by_number(ctx, whole, identity->identity_no, &account))
        return SIGN_IN_NOT_LINKED;
    *ret_account = account.id;
    const char *subject = registry__subject(ctx, account.id, NULL);
    if (registry__is_locked(ctx, subject, attempt->address))
        return SIGN_IN_TOO_MANY;
    const struct provider_entry provider = {.name = session_name(ctx, issuer, identity->session),
                                            .id_token = identity->id_token,
                                            .age_ms = identity->age_ms};
    return registry__let_in(ctx, &account,
                            &(struct entry){.subject = subject,
                                            .address = attempt->address,
                                            .old_token = attempt->old_token,
                                            .identify = attempt->identify,
                                            .is_factor_given = identity->has_factor,
                                            .provider = &provider},
                            ret_token);
}

/* --- links */

enum account_link registry__link_own(struct ctx *ctx, const char *issuer, const char *subject)
{
    if (!registry__is_fresh(ctx, ctx->actor))
        return ACCOUNT_LINK_SIGN_IN_AGAIN; /* nobody links a desk that was left open */
    return insert_link(ctx, ctx->actor->account, whole_subject(ctx, issuer, subject));
}

enum account_link registry__link(struct ctx *ctx, account_id id, const char *issuer,
                                 const char *subject)
{
    struct account account;
    if (!sql_account_by_id(ctx, id, &account))
        return ACCOUNT_LINK_NOT_FOUND;
    if (registry__is_own(ctx, id))
        return ACCOUNT_LINK_OWN_ACCOUNT;
    if (!registry__covers_account(ctx, id))
        return ACCOUNT_LINK_NOT_YOUR_REGION;
    return insert_link(ctx, id, whole_subject(ctx, issuer, subject));
}

static enum account_unlink remove_link(struct ctx *ctx, account_id id)
{
    if (sql_account_link_delete(ctx, id) == 0)
        return ACCOUNT_UNLINK_NOTHING;
    registry__notify(ctx, id, ACCOUNT_NOTICE_KIND_SINGLE_UNLINKED);
    registry_trace(ctx, "account", id.v, "account_unlink", NULL);
    return ACCOUNT_UNLINK_DONE;
}

enum account_unlink registry__unlink_own(struct ctx *ctx)
{
    return remove_link(ctx, ctx->actor->account);
}

enum account_unlink registry__unlink(struct ctx *ctx, account_id id)
{
    struct account account;
    if (!sql_account_by_id(ctx, id, &account))
        return ACCOUNT_UNLINK_NOT_FOUND;
    if (registry__is_own(ctx, id))
        return ACCOUNT_UNLINK_OWN_ACCOUNT;
    if (!registry__covers_account(ctx, id))
        return ACCOUNT_UNLINK_NOT_YOUR_REGION;
    enum account_unlink answer = remove_link(ctx, id);
    if (answer == ACCOUNT_UNLINK_DONE)
        sql_provider_sessions_delete(ctx, NULL, id);
    return answer;
}

/* --- the end of sessions */

int64_t registry__provider_logout(struct ctx *ctx, const char *issuer,
                                  const struct openid_logout *logout)
{
    struct account account = {0};
    if (logout->subject != NULL &&
        !sql_account_by_subject(ctx, whole_subject(ctx, issuer, logout->subject), &account))
        return 0;
    if (logout->subject == NULL && logout->session == NULL)
        return 0;
    const char *name = logout->session == NULL ? NULL : session_name(ctx, issuer, logout->session);
    return sql_provider_sessions_delete(ctx, name, account.id);
}

const char *registry__provider_token(struct ctx *ctx, const char *token)
{
    struct provider_session session;
    bool began_there =
        token != NULL && sql_provider_session_of(ctx, registry__digest(ctx, token), &session);
    return began_there ? session.id_token : NULL;
}
