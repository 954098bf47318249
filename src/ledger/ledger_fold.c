/*
 * Folding facts into counters. Quantities and amounts add up; people are looked at again from their
 * standing facts, so that a reversed first fact moves a person to where the next one counts them.
 */
#include <string.h>

#include "base/text.h"
#include "ledger/ledger.h"
#include "ledger_sql.h"

enum { FOLD_AT_ONCE = 500 };

bool ledger_has_tag(const char *tags, const char *tag)
{
    size_t length = strlen(tag);
    for (const char *at = strchr(tags, '|'); at != NULL; at = strchr(at + 1, '|'))
        if (strncmp(at + 1, tag, length) == 0 && at[1 + length] == '|')
            return true;
    return false;
}

static bool in_period(const struct ledger_metric *metric, const struct fact *fact)
{
    return day_compare(metric->first, fact->held_on) <= 0 &&
           day_compare(fact->held_on, metric->last) <= 0;
}

bool ledger_counts(const struct ledger_metric *metric, const struct fact *fact)
{
    if (!text_equal(metric->kind, fact->kind) || fact->level < metric->level_least)
        return false;
    if (metric->item != INT64_MIN && metric->item != fact->item)
        return false;
    if (metric->programme != NULL && !text_equal(metric->programme, fact->programme))
        return false;
    if (metric->occupation != NULL && !text_equal(metric->occupation, fact->occupation))
        return false;
    for (int i = 0; i < FACT_TAGS_MAX && metric->tags[i] != NULL; i++)
        if (!ledger_has_tag(fact->tags, metric->tags[i]))
            return false;
    return metric->counts == METRIC_NEWCOMERS || in_period(metric, fact);
}

static int64_t month_of(struct day day)
{
    struct civil civil = day_civil(day);
    return civil.year * 100 + civil.month;
}

static void add(struct ctx *ctx, const char *metric, const struct counted_row *place,
                struct ledger_count count)
{
    sql_counter_add(ctx, &(struct sql_counter_add){.metric = metric,
                                                   .region = place->region,
                                                   .month = place->month,
                                                   .n = count.n,
                                                   .amount_fen = count.amount_fen});
}

/* Counts the person where their earliest standing fact is, and no longer where it was. */
static void fold_person(struct ctx *ctx, const struct ledger_metric *metric, person_id person)
{
    struct counted_row was, is = {0};
    bool was_counted = sql_counted_person(ctx, person, metric->id, &was);
    bool is_counted = false;
    struct fact_list standing = sql_facts_standing(ctx, person, metric->kind);
    bool is_found = false;
    for (size_t i = 0; i < standing.count && !is_found; i++) {
        if (ledger_counts(metric, &standing.items[i])) {
            is_found = true;
            is_counted = in_period(metric, &standing.items[i]);
            is =
                (struct counted_row){standing.items[i].region, month_of(standing.items[i].held_on)};
        }
    }
    if (was_counted && is_counted && was.month == is.month && text_equal(was.region, is.region))
        return;
    if (was_counted)
        add(ctx, metric->id, &was, (struct ledger_count){.n = -1});
    if (is_counted) {
        add(ctx, metric->id, &is, (struct ledger_count){.n = 1});
        sql_counted_person_set(ctx, &(struct sql_counted_person_set){.person = person,
                                                                     .metric = metric->id,
                                                                     .region = is.region,
                                                                     .month = is.month});
    } else if (was_counted) {
        sql_counted_person_delete(ctx, person, metric->id);
    }
}

static void fold_fact(struct ctx *ctx, const struct ledger_metrics *metrics,
                      const struct fact *fact)
{
    for (size_t i = 0; i < metrics->count; i++) {
        const struct ledger_metric *metric = &metrics->items[i];
        if (!ledger_counts(metric, fact))
            continue;
        struct counted_row place = {fact->region, month_of(fact->held_on)};
        switch (metric->counts) {
        case METRIC_PEOPLE:
        case METRIC_NEWCOMERS:
            if (fact->person.v != 0)
                fold_person(ctx, metric, fact->person);
            break;
        case METRIC_QUANTITY:
        case METRIC_AMOUNT:
            add(ctx, metric->id, &place, (struct ledger_count){fact->quantity, fact->amount_fen});
            break;
        }
    }
    sql_fact_unfolded_delete(ctx, fact->id);
}

bool ledger_fold(struct ctx *ctx, const struct ledger_metrics *metrics)
{
    for (;;) {
        struct arena_mark mark = arena_mark(ctx->arena);
        struct fact_list facts = sql_facts_unfolded(ctx, FOLD_AT_ONCE);
        for (size_t i = 0; i < facts.count; i++)
            fold_fact(ctx, metrics, &facts.items[i]);
        bool is_last = facts.count < FOLD_AT_ONCE;
        arena_release(ctx->arena, mark);
        if (is_last)
            return true;
    }
}

static bool fold_after_write(struct ctx *ctx, void *argument)
{
    return ledger_fold(ctx, argument);
}

void ledger_start(struct store *store, const struct ledger_metrics *metrics)
{
    /* raw: the hook's argument is not const, the folding only reads it */
    store_set_afterwork(store, fold_after_write, (void *)(uintptr_t)metrics);
}
