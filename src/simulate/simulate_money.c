/* What a closed class turns into: a claim, its reviews, the list on view, a payment. */
#include "fund/fund.h"
#include "registry/registry.h"
#include "simulate/simulate_room.h"

bool simulate__claim(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    struct claim_trouble trouble;
    if (!simulate__act(scene, "school", scene->class->place))
        return false;
    enum claim_make answer =
        subsidy_claim_make(ctx, scene->class->id, &scene->class->claim, &trouble);
    return answer == CLAIM_MAKE_DONE || simulate__refuse(scene, claim_make_info(answer)->code);
}

static bool review(struct scene *scene, const char *who, enum claim_decision decision)
{
    struct subsidy_claim claim;
    if (!simulate__act(scene, who, scene->class->place))
        return false;
    if (!subsidy_claim_of_class(scene->ctx, scene->class->id, &claim))
        return simulate__refuse(scene, "claim");
    struct claim_verdict verdict = {
        .id = claim.id,
        .version = claim.version,
        .decision = decision,
        .note = decision == CLAIM_DECISION_REJECT ? "签到表与考勤记录不符（示例）。" : NULL};
    enum claim_review answer = subsidy_review(scene->ctx, &verdict);
    return answer == CLAIM_REVIEW_DONE || simulate__refuse(scene, claim_review_info(answer)->code);
}

bool simulate__first_review(struct ctx *ctx, void *argument)
{
    (void)ctx;
    return review(argument, "county", CLAIM_DECISION_APPROVE);
}

bool simulate__refuse_claim(struct ctx *ctx, void *argument)
{
    (void)ctx;
    return review(argument, "county", CLAIM_DECISION_REJECT);
}

bool simulate__second_review(struct ctx *ctx, void *argument)
{
    (void)ctx;
    return review(argument, "chief", CLAIM_DECISION_APPROVE);
}

/* A neighbour, without a name: nobody signs in to object. */
bool simulate__object(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    struct notice_line_list lines = notice_lines(ctx, subsidy_notice(ctx, scene->class->claim));
    if (lines.count == 0)
        return simulate__refuse(scene, "notice");
    ctx->actor = NULL;
    struct objecting objecting = {.line = lines.items[lines.count - 1].id,
                                  .reason = "此人这几天在外地，没有来上课（示例）。"};
    enum objection_file answer = notice_object(ctx, &objecting);
    return answer == OBJECTION_FILE_DONE ||
           simulate__refuse(scene, objection_file_info(answer)->code);
}

bool simulate__release(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    if (!simulate__act(scene, "chief", scene->class->place))
        return false;
    enum claim_release answer = subsidy_release(ctx, scene->class->claim);
    return answer == CLAIM_RELEASE_DONE ||
           simulate__refuse(scene, claim_release_info(answer)->code);
}

/* What is payable in the place; nothing where another class's batch has just taken all. */
bool simulate__make_batch(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    if (!simulate__act(scene, "cashier", scene->class->place))
        return false;
    enum batch_make answer = fund_batch_make(ctx, &scene->class->batch);
    return answer == BATCH_MAKE_DONE || answer == BATCH_MAKE_NOTHING ||
           simulate__refuse(scene, batch_make_info(answer)->code);
}

bool simulate__approve_batch(struct ctx *ctx, void *argument)
{
    struct scene *scene = argument;
    if (scene->class->batch.v == 0)
        return true;
    if (!simulate__act(scene, "treasurer", scene->class->place))
        return false;
    enum batch_approve answer = fund_batch_approve(ctx, scene->class->batch);
    return answer == BATCH_APPROVE_DONE ||
           simulate__refuse(scene, batch_approve_info(answer)->code);
}

static bool read_result(struct scene *scene, bool has_bounced)
{
    struct ctx *ctx = scene->ctx;
    int64_t settled;
    if (scene->class->batch.v == 0)
        return true;
    if (!simulate__act(scene, "cashier", scene->class->place))
        return false;
    struct payment_list payments = fund_payments(ctx, scene->class->batch);
    struct bank_result *lines = arena_array(ctx->arena, payments.count, struct bank_result);
    for (size_t i = 0; i < payments.count; i++)
        lines[i] =
            (struct bank_result){.payment = payments.items[i].id,
                                 .amount_fen = payments.items[i].amount_fen,
                                 .is_paid = i > 0 || !has_bounced,
                                 .note = i == 0 && has_bounced ? "账号与户名不符（示例）" : NULL};
    struct bank_file file = {scene->class->batch, lines, payments.count};
    enum batch_result answer = fund_batch_result(ctx, &file, subsidy_settled, &settled);
    return answer == BATCH_RESULT_DONE || simulate__refuse(scene, batch_result_info(answer)->code);
}

bool simulate__read_result(struct ctx *ctx, void *argument)
{
    (void)ctx;
    return read_result(argument, /* has_bounced= */ false);
}

bool simulate__read_bounced_result(struct ctx *ctx, void *argument)
{
    (void)ctx;
    return read_result(argument, /* has_bounced= */ true);
}
