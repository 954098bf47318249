/* What the holder of an account is told at the next sign-in: somebody else may have done it. */
#include "policy/policy.h"
#include "registry/registry_room.h"
#include "registry_sql.h"

static const int64_t DAY_MS = 24LL * 60 * 60 * 1000;

void registry__notify(struct ctx *ctx, account_id account, enum account_notice_kind kind)
{
    account_notice_id id = {id_next(ctx->ids, ctx->now)};
    account_id by = ctx->actor == NULL || registry__is_own(ctx, account) ? (account_id){0}
                                                                         : ctx->actor->account;
    sql_account_notice_insert(
        ctx, &(struct sql_account_notice_insert){
                 .id = id, .account = account, .kind = kind, .noted_at = ctx->now, .noted_by = by});
}

struct account_notice_list registry__notices(struct ctx *ctx, account_id account)
{
    return sql_account_notices_of(ctx, account, registry__notices_since(ctx),
                                  REGISTRY_NOTICES_SHOWN);
}

bool registry__has_notices(struct ctx *ctx, account_id account)
{
    return sql_account_notices_unseen(ctx, account) > 0;
}

void registry__notices_see(struct ctx *ctx)
{
    sql_account_notices_seen(ctx, ctx->actor->account, ctx->now);
}

struct instant registry__notices_since(const struct ctx *ctx)
{
    int64_t days = pack_parameter(ctx->pack, PARAMETER_LOG_KEPT_DAYS, ctx->today);
    return (struct instant){ctx->now.v - days * DAY_MS};
}
