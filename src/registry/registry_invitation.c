/*
 * Invitations: an account is made without a password. Whoever it is for sets one with a code that
 * works once and not for long, so that nobody else ever knows it. The organisation's head looks
 * after its own people; the administrator, after everybody of the region.
 */
#include <string.h>

#include "base/text.h"
#include "policy/policy.h"
#include "registry/registry_room.h"
#include "registry_sql.h"

static const int64_t DAY_MS = 24LL * 60 * 60 * 1000;

/* As it was read out or typed: without spaces, in small letters. */
static const char *code_hash(struct ctx *ctx, const char *code)
{
    return registry__digest(ctx,
                            arena_printf(ctx->arena, "invitation %s", registry__login(ctx, code)));
}

const char *registry__invite(struct ctx *ctx, account_id account)
{
    const char *code = registry_password_new(ctx);
    int64_t days = pack_parameter(ctx->pack, PARAMETER_INITIAL_PASSWORD_DAYS, ctx->today);
    sql_invitation_put(ctx, &(struct sql_invitation_put){.id = account,
                                                         .code_hash = code_hash(ctx, code),
                                                         .invited_by = ctx->actor->account,
                                                         .invited_at = ctx->now,
                                                         .ends_at = {ctx->now.v + days * DAY_MS}});
    registry_trace(ctx, "account", account.v, "account_invite", NULL);
    return code;
}

/* --- the own people of an organisation */

bool registry__heads(const struct ctx *ctx, enum role role, organisation_id organisation)
{
    return registry_permits(ctx, PERMISSION_STAFF_MANAGE) &&
           registry_actor_is_of(ctx, organisation) &&
           (role == ROLE_INSTITUTION_CLERK || role == ROLE_TEACHER);
}

/* --- activation */

void registry__activation_look(struct ctx *ctx, struct activation *activation)
{
    struct person person = {0};
    struct invitation invitation;
    activation->hash = code_hash(ctx, activation->code);
    activation->subject = registry__subject(ctx, (account_id){0}, activation->hash);
    activation->is_locked = registry__is_locked(ctx, activation->subject, activation->address);
    if (!sql_invitation_by_code(ctx, activation->hash, &invitation) ||
        !sql_account_by_id(ctx, invitation.id, &activation->account))
        return;
    activation->is_known = true;
    const char *login = activation->account.login;
    if (login == NULL && sql_person_by_id(ctx, activation->account.person, &person))
        login = person.identity_no;
    activation->fault = registry_password_check(ctx, activation->password, login);
}

void registry__activation_weigh(struct ctx *ctx, struct activation *activation)
{
    bool will_do = activation->is_known && activation->fault == PASSWORD_CHANGE_DONE;
    if (!activation->is_locked && will_do)
        activation->password_hash = registry_hash_password(ctx, activation->password);
}

enum invitation_accept registry__activate(struct ctx *ctx, const struct activation *activation)
{
    struct invitation invitation;
    if (activation->is_locked || registry__is_locked(ctx, activation->subject, activation->address))
        return INVITATION_ACCEPT_TOO_MANY;
    if (!activation->is_known || !sql_invitation_by_code(ctx, activation->hash, &invitation)) {
        registry__count_failure(ctx, activation->subject, activation->address);
        return INVITATION_ACCEPT_WRONG;
    }
    if (invitation.ends_at.v < ctx->now.v)
        return INVITATION_ACCEPT_OVER;
    if (activation->account.state == ACCOUNT_STATE_SUSPENDED)
        return INVITATION_ACCEPT_SUSPENDED;
    if (activation->password_hash == NULL)
        return INVITATION_ACCEPT_PASSWORD;
    if (sql_invitation_use(ctx, invitation.id, activation->hash) == 0)
        return INVITATION_ACCEPT_WRONG;
    sql_account_password(ctx, invitation.id, activation->password_hash,
                         /* is_password_initial= */ false, ctx->now);
    sql_sign_ins_delete(ctx, invitation.id, (sign_in_id){0});
    registry_trace(ctx, "account", invitation.id.v, "account_activate", NULL);
    return INVITATION_ACCEPT_DONE;
}
