/*
 * Counting again from scratch, to prove the counters. It shares no SQL and no rule with the
 * folding: set arithmetic over the facts, grouped by day, and an own calendar that walks the
 * months.
 */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger.h"
#include "ledger_sql.h"

enum { EVER_FIRST = -1000000, EVER_LAST = 1000000 };

struct cell {
    const char *metric;
    const char *region;
    int64_t month;
    struct ledger_count count;
};
struct cells {
    struct arena *arena;
    struct cell *items;
    size_t count;
    size_t capacity;
};

/* Walks from January 1970 month by month. */
static int64_t month_by_walking(struct day day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t left = day.v;
    for (int year = 1970;; year++) {
        bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        for (int month = 1; month <= 12; month++) {
            int length = lengths[month - 1] + (month == 2 && is_leap);
            if (left < length)
                return year * 100 + month;
            left -= length;
        }
    }
}

static struct cell *new_cell(struct cells *cells)
{
    if (cells->count == cells->capacity) {
        size_t wider = cells->capacity == 0 ? 64 : cells->capacity * 2;
        cells->items =
            arena_grow(cells->arena, cells->items, cells->capacity * sizeof *cells->items,
                       wider * sizeof *cells->items);
        cells->capacity = wider;
    }
    return &cells->items[cells->count++];
}

static int by_place(const void *left, const void *right)
{
    const struct cell *a = left, *b = right;
    int order = strcmp(a->metric, b->metric);
    if (order == 0)
        order = strcmp(a->region, b->region);
    if (order == 0)
        order = (a->month > b->month) - (a->month < b->month);
    return order;
}

static void recount_metric(struct ctx *ctx, const struct ledger_metric *metric, struct cells *cells)
{
    struct cursor *cursor;
    bool is_newcomers = metric->counts == METRIC_NEWCOMERS;
    if (metric->counts == METRIC_PEOPLE || is_newcomers)
        cursor = sql_recount_people(
            ctx, &(struct sql_recount_people){
                     .kind = metric->kind,
                     .item = metric->item,
                     .programme = metric->programme,
                     .occupation = metric->occupation,
                     .tag1 = metric->tags[0],
                     .tag2 = metric->tags[1],
                     .tag3 = metric->tags[2],
                     .level_least = (int64_t)metric->level_least,
                     .first = is_newcomers ? (struct day){EVER_FIRST} : metric->first,
                     .last = is_newcomers ? (struct day){EVER_LAST} : metric->last,
                 });
    else
        cursor = sql_recount_quantities(ctx, &(struct sql_recount_quantities){
                                                 .kind = metric->kind,
                                                 .item = metric->item,
                                                 .programme = metric->programme,
                                                 .occupation = metric->occupation,
                                                 .tag1 = metric->tags[0],
                                                 .tag2 = metric->tags[1],
                                                 .tag3 = metric->tags[2],
                                                 .level_least = (int64_t)metric->level_least,
                                                 .first = metric->first,
                                                 .last = metric->last,
                                             });
    struct recount_row row;
    while (sql_recount_row_next(cursor, &row)) {
        bool is_outside = day_compare(row.held_on, metric->first) < 0 ||
                          day_compare(metric->last, row.held_on) < 0;
        if (is_outside) /* of newcomers: the first time was before the period */
            continue;
        *new_cell(cells) = (struct cell){.metric = metric->id,
                                         .region = row.region,
                                         .month = month_by_walking(row.held_on),
                                         .count = {row.n, row.amount_fen}};
    }
    db_end(cursor);
}

/* Sorted days become sorted months: neighbours of one place are added up, empty ones dropped. */
static void merge(struct cells *cells)
{
    if (cells->count == 0)
        return;
    qsort(cells->items, cells->count, sizeof *cells->items, by_place);
    size_t kept = 0;
    for (size_t i = 0; i < cells->count; i++) {
        struct cell *cell = &cells->items[i];
        struct cell *last = kept == 0 ? NULL : &cells->items[kept - 1];
        if (last != NULL && by_place(last, cell) == 0) {
            last->count.n += cell->count.n;
            if (!fen_add(last->count.amount_fen, cell->count.amount_fen, &last->count.amount_fen))
                fault_raise(cells->arena, FAULT_STORE);
        } else {
            cells->items[kept++] = *cell;
        }
    }
    cells->count = 0;
    for (size_t i = 0; i < kept; i++) {
        struct ledger_count count = cells->items[i].count;
        if (count.n != 0 || fen_compare(count.amount_fen, FEN_ZERO) != 0)
            cells->items[cells->count++] = cells->items[i];
    }
}

static struct cells read_counters(struct ctx *ctx)
{
    struct cells cells = {.arena = ctx->arena};
    struct cursor *cursor = sql_counters(ctx);
    struct counter_row row;
    while (sql_counter_row_next(cursor, &row))
        *new_cell(&cells) =
            (struct cell){row.metric, row.region, row.month, {row.n, row.amount_fen}};
    db_end(cursor);
    merge(&cells);
    return cells;
}

static void differ(struct ctx *ctx, struct recount_report *report, const struct cell *counter,
                   const struct cell *recount)
{
    const struct cell *known = counter != NULL ? counter : recount;
    assert(known != NULL);
    size_t size = sizeof *report->items;
    report->items =
        arena_grow(ctx->arena, report->items, report->count * size, (report->count + 1) * size);
    report->items[report->count++] = (struct recount_difference){
        .metric = known->metric,
        .region = known->region,
        .month = known->month,
        .counter = counter != NULL ? counter->count : (struct ledger_count){0},
        .recount = recount != NULL ? recount->count : (struct ledger_count){0},
    };
}

struct recount_report ledger_recount(struct ctx *ctx, const struct ledger_metrics *metrics)
{
    struct cells again = {.arena = ctx->arena};
    for (size_t i = 0; i < metrics->count; i++)
        recount_metric(ctx, &metrics->items[i], &again);
    merge(&again);
    struct cells counters = read_counters(ctx);
    struct recount_report report = {.counters = counters.count};
    size_t i = 0, k = 0;
    while (i < counters.count || k < again.count) {
        int order = i == counters.count ? 1
                    : k == again.count  ? -1
                                        : by_place(&counters.items[i], &again.items[k]);
        const struct cell *counter = order <= 0 ? &counters.items[i++] : NULL;
        const struct cell *recount = order >= 0 ? &again.items[k++] : NULL;
        bool is_equal = counter != NULL && recount != NULL &&
                        counter->count.n == recount->count.n &&
                        fen_compare(counter->count.amount_fen, recount->count.amount_fen) == 0;
        if (!is_equal)
            differ(ctx, &report, counter, recount);
    }
    return report;
}
