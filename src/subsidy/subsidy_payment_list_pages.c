/* The payments of a batch as a list: by state, by amount, accounts masked. */
#include "fund/fund.h"
#include "subsidy/subsidy_room.h"
#include "subsidy_sql.h"
#include "web/show.h"

static const struct table_column COLUMNS[] = {{"purpose", .leads = true},
                                              {.field = "payee"},
                                              {.field = "account"},
                                              {"amount_fen", .may_sort = true},
                                              {"state", .may_filter = true},
                                              {"settled_on", .may_sort = true},
                                              {.field = "bank_note"},
                                              {.field = "payment"},
                                              {0}};

static enum payment_state state_of(const struct table_query *query)
{
    enum payment_state state;
    const char *code = table_wanted(query, &payment_row_entity, "state");
    return code != NULL && payment_state_parse(code, &state) ? state : PAYMENT_STATE_NONE;
}

static struct payment_search search_of(const struct table_query *query,
                                       const payment_batch_id *batch)
{
    return (struct payment_search){.batch = *batch,
                                   .state = state_of(query),
                                   .wanted = query->q,
                                   .sort = query->sort == NULL ? "" : query->sort->name,
                                   .direction = table_direction(query),
                                   .first = query->first,
                                   .most = query->most};
}

static void *open_rows(struct ctx *ctx, const struct table_query *query, void *argument)
{
    struct payment_search search = search_of(query, argument);
    return fund_payments_open(ctx, &search);
}

static bool next_row(struct ctx *ctx, void *rows, void *ret)
{
    struct payment payment;
    struct claim_line line = {0};
    if (!fund_payments_next(rows, &payment))
        return false;
    sql_claim_line_by_id(ctx, (claim_line_id){payment.subject_id}, &line);
    bool is_settled = !instant_is_none(payment.settled_at);
    *(struct payment_row *)ret = (struct payment_row){
        .purpose = payment.purpose,
        .payee = payment.payee,
        .account = payment.account,
        .amount_fen = payment.amount_fen,
        .state = payment.state,
        .settled_on = is_settled ? instant_day(payment.settled_at) : DAY_NONE,
        .bank_note = payment.bank_note,
        .payment = payment.id,
        .claim = line.claim,
        .person = line.person,
    };
    return true;
}

static int64_t count_rows(struct ctx *ctx, const struct table_query *query, int64_t most,
                          void *argument)
{
    struct payment_search search = search_of(query, argument);
    search.most = most;
    return fund_payments_count(ctx, &search);
}

static const char *row_path(struct ctx *ctx, const void *row)
{
    return arena_printf(ctx->arena, "/desk/claim/%s",
                        show_id(ctx, ((const struct payment_row *)row)->claim.v));
}

struct table subsidy__payment_table(struct ctx *ctx, const struct payment_batch *batch)
{
    payment_batch_id *id = arena_one(ctx->arena, payment_batch_id);
    *id = batch->id;
    return (struct table){.entity = &payment_row_entity,
                          .path = arena_printf(ctx->arena, "/desk/batch/%s", show_id(ctx, id->v)),
                          .shows = "person",
                          .columns = COLUMNS,
                          .may_search = true,
                          .seeks_names = true,
                          .offers_files = true,
                          .source = {id, open_rows, next_row, count_rows, row_path}};
}
