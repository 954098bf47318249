/* Publishing, objecting, settling. */
#include "notice/notice.h"

#include "base/text.h"
#include "dictionary/dictionary.h"
#include "notice_sql.h"
#include "policy/policy.h"
#include "registry/registry.h"

static struct fen total_of(struct ctx *ctx, const struct notice_draft *draft)
{
    struct fen total = FEN_ZERO;
    for (size_t i = 0; i < draft->count; i++)
        if (!fen_add(total, draft->lines[i].amount_fen, &total))
            fault_raise(ctx->arena, FAULT_STORE);
    return total;
}

enum notice_publish notice_publish(struct ctx *ctx, const struct notice_draft *draft,
                                   public_notice_id *ret)
{
    struct day until;
    int64_t days = pack_parameter(ctx->pack, PARAMETER_PUBLICITY_WORKING_DAYS, ctx->today);
    if (pack_workday_add(ctx->pack, ctx->today, days, &until) != WORKDAY_ADD_DONE)
        return NOTICE_PUBLISH_BEYOND_CALENDAR;
    *ret = (public_notice_id){id_next(ctx->ids, ctx->now)};
    int64_t inserted = sql_notice_insert(ctx, &(struct sql_notice_insert){
                                                  .id = *ret,
                                                  .title = draft->title,
                                                  .organisation = draft->organisation,
                                                  .region = draft->region,
                                                  .subject_kind = draft->subject_kind,
                                                  .subject_id = draft->subject_id,
                                                  .from_day = ctx->today,
                                                  .until_day = until,
                                                  .line_count = (int64_t)draft->count,
                                                  .total_fen = total_of(ctx, draft),
                                              });
    if (inserted == 0)
        return NOTICE_PUBLISH_ALREADY;
    for (size_t i = 0; i < draft->count; i++)
        sql_notice_line_insert(
            ctx, &(struct sql_notice_line_insert){
                     .id = {id_next(ctx->ids, ctx->now)},
                     .notice = *ret,
                     .number = (int64_t)i + 1,
                     .shown_name = mask_name(ctx->arena, draft->lines[i].name),
                     .shown_number = mask_identity_no(ctx->arena, draft->lines[i].identity_no),
                     .amount_fen = draft->lines[i].amount_fen,
                     .subject_id = draft->lines[i].subject_id,
                 });
    return NOTICE_PUBLISH_DONE;
}

bool notice_get(struct ctx *ctx, public_notice_id id, struct public_notice *ret)
{
    return sql_notice_by_id(ctx, id, ret);
}

bool notice_is_over(const struct ctx *ctx, const struct public_notice *notice)
{
    return day_compare(ctx->today, notice->until_day) > 0;
}

struct notice_line_list notice_lines(struct ctx *ctx, public_notice_id id)
{
    return sql_notice_lines(ctx, id);
}

objection_id notice_objection_of(struct ctx *ctx, notice_line_id line)
{
    return (objection_id){sql_objection_of_line(ctx, line)};
}

struct day notice_objection_due(const struct ctx *ctx, struct instant filed_at)
{
    struct day filed_on = instant_day(filed_at), due;
    int64_t days = pack_parameter(ctx->pack, PARAMETER_OBJECTION_WORKING_DAYS, filed_on);
    return pack_workday_add(ctx->pack, filed_on, days, &due) == WORKDAY_ADD_DONE ? due : DAY_NONE;
}

int64_t notice_objections_waiting(struct ctx *ctx)
{
    return sql_objection_count_open(ctx, registry_actor_region_prefix(ctx));
}

enum objection_file notice_object(struct ctx *ctx, const struct objecting *objecting)
{
    struct notice_line line;
    struct public_notice notice;
    if (!sql_notice_line_by_id(ctx, objecting->line, &line) ||
        !sql_notice_by_id(ctx, line.notice, &notice))
        return OBJECTION_FILE_NOT_FOUND;
    if (notice_is_over(ctx, &notice))
        return OBJECTION_FILE_OVER;
    if (text_empty(objecting->reason))
        return OBJECTION_FILE_REASON_MISSING;
    sql_objection_insert(ctx, &(struct sql_objection_insert){.id = {id_next(ctx->ids, ctx->now)},
                                                             .line = line.id,
                                                             .reason = objecting->reason,
                                                             .contact = objecting->contact,
                                                             .filed_at = ctx->now});
    sql_notice_line_object(ctx, line.id);
    return OBJECTION_FILE_DONE;
}

enum objection_settle notice_settle(struct ctx *ctx, const struct objection_answer *answer)
{
    struct objection objection;
    struct notice_line line;
    struct public_notice notice;
    if (!sql_objection_by_id(ctx, answer->id, &objection) ||
        !sql_notice_line_by_id(ctx, objection.line, &line) ||
        !sql_notice_by_id(ctx, line.notice, &notice))
        return OBJECTION_SETTLE_NOT_FOUND;
    if (!registry_actor_covers_region(ctx, notice.region))
        return OBJECTION_SETTLE_NOT_YOUR_REGION;
    if (answer->verdict == OBJECTION_VERDICT_NONE)
        return OBJECTION_SETTLE_VERDICT_MISSING;
    if (text_empty(answer->answer))
        return OBJECTION_SETTLE_ANSWER_MISSING;
    if (sql_objection_settle_step(ctx, answer->id, answer->answer, ctx->actor->account, ctx->now) ==
        0)
        return OBJECTION_SETTLE_SETTLED;
    bool is_upheld = answer->verdict == OBJECTION_VERDICT_UPHOLD;
    sql_notice_line_settle(ctx, line.id, is_upheld ? LINE_STATE_UPHELD : LINE_STATE_CLEARED);
    registry_trace(ctx, notice.subject_kind, notice.subject_id,
                   is_upheld ? "objection_uphold" : "objection_clear", answer->answer);
    return OBJECTION_SETTLE_DONE;
}
