/* The finance desk: what is payable, batches, the bank's files. */
#include "base/text.h"
#include "dictionary/dictionary.h"
#include "fund/fund.h"
#include "registry/registry.h"
#include "subsidy/subsidy.h"
#include "subsidy_html.h"
#include "web/show.h"

enum { BATCHES_SHOWN = 100 };

static const char *batch_path(struct ctx *ctx, payment_batch_id id)
{
    return arena_printf(ctx->arena, "/desk/batch/%s", show_id(ctx, id.v));
}

static struct reply show_desk(struct ctx *ctx)
{
    struct payment_desk_model *model = arena_one(ctx->arena, struct payment_desk_model);
    struct payable_sum sum = fund_payable(ctx);
    struct payment_batch_list batches = fund_batches(ctx, BATCHES_SHOWN);
    model->payable_count = sum.n;
    model->payable_fen = sum.amount_fen;
    model->may_make = registry_permits(ctx, PERMISSION_PAYMENT_MAKE);
    model->batches.count = batches.count;
    model->batches.items = arena_array(ctx->arena, batches.count, struct payment_desk_batch);
    for (size_t i = 0; i < batches.count; i++)
        model->batches.items[i] =
            (struct payment_desk_batch){.id = batches.items[i].id,
                                        .made_at = batches.items[i].made_at,
                                        .payment_count = batches.items[i].payment_count,
                                        .total_fen = batches.items[i].total_fen,
                                        .state = batches.items[i].state};
    return page_payment_desk(ctx, model);
}

static struct reply post_make(struct ctx *ctx)
{
    payment_batch_id id;
    enum batch_make outcome = fund_batch_make(ctx, &id);
    return reply_outcome(ctx, batch_make_info(outcome),
                         outcome == BATCH_MAKE_DONE ? batch_path(ctx, id) : "/desk/payments");
}

static bool find_batch(struct ctx *ctx, struct payment_batch *ret)
{
    payment_batch_id id;
    return request_id(ctx, "batch", &id.v) && fund_batch(ctx, id, ret);
}

static struct reply show_batch(struct ctx *ctx)
{
    struct payment_batch batch;
    if (!find_batch(ctx, &batch))
        return reply_not_found(ctx);
    struct payment_list payments = fund_payments(ctx, batch.id);
    struct batch_show_model *model = arena_one(ctx->arena, struct batch_show_model);
    *model = (struct batch_show_model){
        .id = batch.id,
        .made_at = batch.made_at,
        .approved_at = batch.approved_at,
        .payment_count = batch.payment_count,
        .total_fen = batch.total_fen,
        .state = batch.state,
        .may_approve = batch.state == BATCH_STATE_MADE &&
                       registry_permits(ctx, PERMISSION_PAYMENT_APPROVE) &&
                       batch.made_by.v != ctx->actor->account.v,
        .may_settle =
            batch.state == BATCH_STATE_APPROVED && registry_permits(ctx, PERMISSION_PAYMENT_MAKE),
    };
    model->lines.count = payments.count;
    model->lines.items = arena_array(ctx->arena, payments.count, struct batch_show_line);
    for (size_t i = 0; i < payments.count; i++)
        model->lines.items[i] = (struct batch_show_line){
            .id = payments.items[i].id,
            .payee = payments.items[i].payee,
            .account = mask_bank_account(ctx->arena, payments.items[i].account),
            .purpose = payments.items[i].purpose,
            .amount_fen = payments.items[i].amount_fen,
            .state = payments.items[i].state,
            .bank_note = payments.items[i].bank_note,
        };
    return page_batch_show(ctx, model);
}

static struct reply post_approve(struct ctx *ctx)
{
    payment_batch_id id;
    if (!request_id(ctx, "batch", &id.v))
        return reply_not_found(ctx);
    return reply_outcome(ctx, batch_approve_info(fund_batch_approve(ctx, id)), batch_path(ctx, id));
}

static struct reply show_csv(struct ctx *ctx)
{
    struct payment_batch batch;
    if (!find_batch(ctx, &batch) || batch.state == BATCH_STATE_MADE)
        return reply_not_found(ctx);
    struct payment_list payments = fund_payments(ctx, batch.id);
    struct buffer out = buffer_new(ctx->arena, 256 * (payments.count + 1));
    fund_batch_csv(ctx, &payments, &out);
    const char *name = arena_printf(ctx->arena, "%s.csv", show_id(ctx, batch.id.v));
    return reply_file("text/csv; charset=utf-8", name, out.bytes, out.length);
}

const struct route subsidy_payment_routes[] = {
    {GET, "/desk/payments", PERMISSION_PAYMENT_VIEW, .handle = show_desk},
    {POST, "/desk/payments", PERMISSION_PAYMENT_MAKE, .handle = post_make},
    {GET, "/desk/batch/:batch", PERMISSION_PAYMENT_VIEW, .handle = show_batch},
    {POST, "/desk/batch/:batch/approve", PERMISSION_PAYMENT_APPROVE, .handle = post_approve},
    {GET, "/desk/batch/:batch/file.csv", PERMISSION_PAYMENT_VIEW, .handle = show_csv},
    {0},
};
