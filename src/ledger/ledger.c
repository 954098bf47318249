/* Appending facts and reading them back; folding is in ledger_fold.c, the recount in
 * ledger_recount.c. */
#include "ledger/ledger.h"

#include "base/text.h"
#include "ledger_sql.h"

fact_id ledger_append(struct ctx *ctx, const struct fact *fact)
{
    fact_id id = {id_next(ctx->ids, ctx->now)};
    sql_fact_insert(ctx, &(struct sql_fact_insert){
                             .id = id,
                             .kind = fact->kind,
                             .person = fact->person,
                             .organisation = fact->organisation,
                             .region = fact->region,
                             .item = fact->item,
                             .programme = fact->programme,
                             .occupation = fact->occupation,
                             .level = fact->level,
                             .tags = text_empty(fact->tags) ? "|" : fact->tags,
                             .held_on = fact->held_on,
                             .quantity = fact->quantity == 0 ? 1 : fact->quantity,
                             .amount_fen = fact->amount_fen,
                             .clause = fact->clause,
                             .subject_kind = fact->subject_kind,
                             .subject_id = fact->subject_id,
                             .recorded_by = fact->recorded_by,
                             .recorded_at = ctx->now,
                             .reverses = fact->reverses,
                             .detail = text_empty(fact->detail) ? "{}" : fact->detail,
                         });
    sql_fact_unfolded_insert(ctx, id);
    return id;
}

bool ledger_fact(struct ctx *ctx, fact_id id, struct fact *ret)
{
    return sql_fact_by_id(ctx, id, ret);
}

enum fact_reverse ledger_reverse(struct ctx *ctx, fact_id id, account_id recorded_by,
                                 const char *reason, fact_id *ret)
{
    struct fact fact;
    if (!ledger_fact(ctx, id, &fact))
        return FACT_REVERSE_NOT_FOUND;
    if (fact.reverses.v != 0)
        return FACT_REVERSE_IS_REVERSAL;
    if (sql_fact_is_reversed(ctx, id) > 0)
        return FACT_REVERSE_ALREADY_REVERSED;
    if (!fen_times(fact.amount_fen, -1, &fact.amount_fen))
        fault_raise(ctx->arena, FAULT_STORE);
    fact.quantity = -fact.quantity;
    fact.recorded_by = recorded_by;
    fact.reverses = id;
    struct buffer detail = buffer_new(ctx->arena, 64);
    buffer_add(&detail, "{\"reason\":");
    buffer_add_json(&detail, reason);
    buffer_add(&detail, "}");
    fact.detail = detail.bytes;
    *ret = ledger_append(ctx, &fact);
    return FACT_REVERSE_DONE;
}

struct fact_list ledger_facts_of_person(struct ctx *ctx, person_id person, int64_t most)
{
    return sql_facts_of_person(ctx, person, most);
}

struct fact_list ledger_behind(struct ctx *ctx, const struct ledger_metric *metric,
                               const char *region_prefix, fact_id before, size_t most)
{
    /* The level is a ranking that SQL does not know: rows below it are passed over here. */
    struct fact_list list = {0, arena_array(ctx->arena, most, struct fact)};
    struct cursor *cursor = sql_facts_behind(ctx, &(struct sql_facts_behind){
                                                      .kind = metric->kind,
                                                      .region_prefix = region_prefix,
                                                      .item = metric->item,
                                                      .programme = metric->programme,
                                                      .occupation = metric->occupation,
                                                      .tag1 = metric->tags[0],
                                                      .tag2 = metric->tags[1],
                                                      .tag3 = metric->tags[2],
                                                      .first = metric->first,
                                                      .last = metric->last,
                                                      .before = before,
                                                      .most = INT32_MAX,
                                                  });
    struct fact fact;
    while (list.count < most && sql_fact_next(cursor, &fact)) {
        if (ledger_counts(metric, &fact))
            list.items[list.count++] = fact;
    }
    db_end(cursor);
    return list;
}

struct ledger_count ledger_count(struct ctx *ctx, const char *metric, struct ledger_scope scope)
{
    struct ledger_count count = {0};
    sql_counter_sum(ctx,
                    &(struct sql_counter_sum){.metric = metric,
                                              .region_prefix = scope.region_prefix,
                                              .first_month = scope.first_month,
                                              .last_month = scope.last_month},
                    &count);
    return count;
}

struct region_count_list ledger_by_region(struct ctx *ctx, const char *metric,
                                          const char *region_prefix, int digits)
{
    return sql_counter_by_region(
        ctx, &(struct sql_counter_by_region){
                 .metric = metric, .region_prefix = region_prefix, .digits = digits});
}

struct month_count_list ledger_by_month(struct ctx *ctx, const char *metric,
                                        const char *region_prefix)
{
    return sql_counter_by_month(
        ctx, &(struct sql_counter_by_month){.metric = metric, .region_prefix = region_prefix});
}

void ledger_trace(struct ctx *ctx, const struct trace_args *args)
{
    sql_trace_insert(ctx, &(struct sql_trace_insert){.id = {id_next(ctx->ids, ctx->now)},
                                                     .subject_kind = args->subject_kind,
                                                     .subject_id = args->subject_id,
                                                     .action = args->action,
                                                     .note = args->note,
                                                     .actor = args->actor,
                                                     .actor_name = args->actor_name,
                                                     .done_at = ctx->now});
}

struct trace_entry_list ledger_traces(struct ctx *ctx, const char *subject_kind, int64_t subject_id)
{
    return sql_traces_of(ctx, subject_kind, subject_id);
}
