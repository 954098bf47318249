/* Owing, batches, and the bank's answer. */
#include "fund/fund.h"

#include <string.h>

#include "fund_sql.h"
#include "policy/policy.h"
#include "registry/registry.h"
#include "web/web.h"

bool fund_owe(struct ctx *ctx, const struct owing *owing, payment_id *ret)
{
    *ret = (payment_id){id_next(ctx->ids, ctx->now)};
    return sql_payment_insert(ctx, &(struct sql_payment_insert){
                                       .id = *ret,
                                       .subject_kind = owing->subject_kind,
                                       .subject_id = owing->subject_id,
                                       .region = owing->region,
                                       .payee = owing->payee,
                                       .account = owing->account,
                                       .bank_name = owing->bank_name,
                                       .purpose = owing->purpose,
                                       .amount_fen = owing->amount_fen,
                                   }) > 0;
}

struct payable_sum fund_payable(struct ctx *ctx)
{
    struct payable_sum sum = {0};
    sql_payable_sum(ctx, registry_actor_region_prefix(ctx), &sum);
    return sum;
}

int64_t fund_batches_waiting(struct ctx *ctx)
{
    return sql_batch_count_waiting(ctx, registry_actor_region_prefix(ctx), ctx->actor->account);
}

enum batch_make fund_batch_make(struct ctx *ctx, payment_batch_id *ret)
{
    struct payable_sum sum = fund_payable(ctx);
    if (sum.n == 0)
        return BATCH_MAKE_NOTHING;
    *ret = (payment_batch_id){id_next(ctx->ids, ctx->now)};
    sql_batch_insert(ctx, &(struct sql_batch_insert){.id = *ret,
                                                     .region = ctx->actor->region,
                                                     .payment_count = sum.n,
                                                     .total_fen = sum.amount_fen,
                                                     .made_by = ctx->actor->account,
                                                     .made_at = ctx->now});
    /* The declared count is what is taken, or the transaction is run again. */
    if (sql_payments_take(ctx, *ret, registry_actor_region_prefix(ctx)) != sum.n)
        fault_raise(ctx->arena, FAULT_RETRY);
    registry_trace(ctx, "payment_batch", ret->v, "batch_make", NULL);
    return BATCH_MAKE_DONE;
}

enum batch_approve fund_batch_approve(struct ctx *ctx, payment_batch_id id)
{
    struct payment_batch batch;
    if (!sql_batch_by_id(ctx, id, &batch))
        return BATCH_APPROVE_NOT_FOUND;
    if (!registry_actor_covers_region(ctx, batch.region))
        return BATCH_APPROVE_NOT_YOUR_REGION;
    if (batch.made_by.v == ctx->actor->account.v)
        return BATCH_APPROVE_OWN_BATCH;
    if (sql_batch_approve_step(ctx, id, ctx->actor->account, ctx->now) == 0)
        return BATCH_APPROVE_WRONG_STATE;
    registry_trace(ctx, "payment_batch", id.v, "batch_approve", NULL);
    return BATCH_APPROVE_DONE;
}

bool fund_batch(struct ctx *ctx, payment_batch_id id, struct payment_batch *ret)
{
    return sql_batch_by_id(ctx, id, ret) && registry_actor_covers_region(ctx, ret->region);
}

struct payment_batch_list fund_batches(struct ctx *ctx, int64_t most)
{
    return sql_batches_in_region(ctx, registry_actor_region_prefix(ctx), most);
}

struct payment_list fund_payments(struct ctx *ctx, payment_batch_id id)
{
    return sql_payments_of(ctx, id);
}

struct cursor *fund_payments_open(struct ctx *ctx, const struct payment_search *search)
{
    return sql_payment_lines(ctx, &(struct sql_payment_lines){.batch = search->batch,
                                                              .state = search->state,
                                                              .wanted = search->wanted,
                                                              .sort = search->sort,
                                                              .direction = search->direction,
                                                              .first = search->first,
                                                              .most = search->most});
}

bool fund_payments_next(struct cursor *payments, struct payment *ret)
{
    return sql_payment_next(payments, ret);
}

int64_t fund_payments_count(struct ctx *ctx, const struct payment_search *search)
{
    return sql_payment_line_count(ctx, search->batch, search->state, search->wanted, search->most);
}

bool fund_payment_of(struct ctx *ctx, const char *subject_kind, int64_t subject_id,
                     struct payment *ret)
{
    return sql_payment_of_subject(ctx, subject_kind, subject_id, ret);
}

/* No payee begins so; what does would be a formula to a spreadsheet that opens the bank's CSV. */
static const char *harmless(struct ctx *ctx, const char *payee)
{
    return strchr("=+-@\t\r", *payee) == NULL ? payee : arena_printf(ctx->arena, "'%s", payee);
}

struct bytes fund_batch_file(struct ctx *ctx, const struct payment_list *payments,
                             enum sheet_format format)
{
    enum { COLUMNS = 8 };
    const struct sheet_column columns[COLUMNS] = {
        {.title = words(ctx, "fund.payment_no"), .width = 16},
        {.title = words(ctx, "fund.payee"), .width = 16},
        {.title = words(ctx, "fund.account"), .width = 24},
        {.title = words(ctx, "fund.bank"), .width = 24},
        {.title = words(ctx, "fund.amount"), .kind = SHEET_COLUMN_AMOUNT, .width = 14},
        {.title = words(ctx, "fund.purpose"), .width = 32},
        {.title = words(ctx, "fund.result"), .width = 10},
        {.title = words(ctx, "fund.reason"), .width = 24}};
    struct sheet_table table = {.format = format,
                                .name = words(ctx, "fund.batch"),
                                .columns = columns,
                                .column_count = COLUMNS};
    struct sheet_writer *writer = sheet_writer_new(ctx->arena, &table);
    sheet_write_titles(writer);
    for (size_t i = 0; i < payments->count; i++) {
        const struct payment *payment = &payments->items[i];
        char number[ID_TEXT_LENGTH + 1];
        id_format(payment->id.v, number);
        const struct sheet_value cells[COLUMNS] = {
            {number, NULL},
            {harmless(ctx, payment->payee), NULL},
            {payment->account, NULL},
            {payment->bank_name, NULL},
            {fen_plain(ctx->arena, payment->amount_fen), NULL},
            {payment->purpose, NULL}};
        sheet_write_row(writer, cells, COLUMNS);
    }
    return sheet_writer_finish(writer);
}

/* Every line is a payment of this batch, of the amount that was sent. */
static enum batch_result check_file(struct ctx *ctx, const struct bank_file *file,
                                    struct payment *payments)
{
    for (size_t i = 0; i < file->count; i++) {
        if (!sql_payment_by_id(ctx, file->lines[i].payment, &payments[i]) ||
            payments[i].batch.v != file->batch.v)
            return BATCH_RESULT_UNKNOWN_PAYMENT;
        if (fen_compare(payments[i].amount_fen, file->lines[i].amount_fen) != 0)
            return BATCH_RESULT_AMOUNT_DIFFERS;
    }
    return BATCH_RESULT_DONE;
}

enum batch_result fund_batch_result(struct ctx *ctx, const struct bank_file *file,
                                    fund_settled *settled, int64_t *ret_settled)
{
    struct payment_batch batch;
    *ret_settled = 0;
    if (!sql_batch_by_id(ctx, file->batch, &batch))
        return BATCH_RESULT_NOT_FOUND;
    if (!registry_actor_covers_region(ctx, batch.region))
        return BATCH_RESULT_NOT_YOUR_REGION;
    if (batch.state == BATCH_STATE_MADE)
        return BATCH_RESULT_NOT_APPROVED;
    struct payment *payments = arena_array(ctx->arena, file->count, struct payment);
    enum batch_result answer = check_file(ctx, file, payments);
    if (answer != BATCH_RESULT_DONE)
        return answer;
    for (size_t i = 0; i < file->count; i++) {
        const struct bank_result *line = &file->lines[i];
        enum payment_state next = line->is_paid ? PAYMENT_STATE_PAID : PAYMENT_STATE_RETURNED;
        if (sql_payment_settle(ctx, payments[i].id, next, line->note, ctx->now) == 0)
            continue;
        settled(ctx, &payments[i], line->is_paid);
        (*ret_settled)++;
    }
    if (*ret_settled == 0)
        return BATCH_RESULT_NOTHING_NEW;
    sql_batch_close_step(ctx, file->batch);
    registry_trace(ctx, "payment_batch", file->batch.v, "batch_result", NULL);
    return BATCH_RESULT_DONE;
}
