/* From the pack's metrics to what the ledger counts, and back to how far the plan is. */
#include "plan/plan.h"

#include <assert.h>
#include <inttypes.h>

#include "plan_sql.h"

enum { FIRST_MONTH = 0, LAST_MONTH = 999912 };

void plan_remember_pack(struct ctx *ctx, const struct pack *pack, const char *folder)
{
    sql_plan_pack_set(ctx, &(struct sql_plan_pack_set){.id = pack->id,
                                                       .version = pack->version,
                                                       .folder = folder,
                                                       .loaded_at = ctx->now});
}

const char *plan_pack_folder(struct ctx *ctx)
{
    struct plan_pack pack;
    return sql_plan_pack_last(ctx, &pack) ? pack.folder : NULL;
}

static enum metric_counts counts_of(enum counted counted)
{
    switch (counted) {
    case COUNTED_PEOPLE:
        return METRIC_PEOPLE;
    case COUNTED_NEWCOMERS:
        return METRIC_NEWCOMERS;
    case COUNTED_AMOUNT:
        return METRIC_AMOUNT;
    case COUNTED_NONE:
    case COUNTED_QUANTITY:
    case COUNTED_ORGANISATIONS: /* one fact a recognition, one a thing: their facts are their number
                                 */
    case COUNTED_THINGS:
        break;
    }
    return METRIC_QUANTITY;
}

static struct ledger_metric metric_of(const struct pack *pack, const struct pack_metric *metric,
                                      const struct pack_counts *counts)
{
    struct ledger_metric wanted = {
        .id = metric->id,
        .counts = counts_of(counts->counted),
        .kind = counts->fact->kind,
        .item = counts->item,
        .occupation = counts->occupation == NULL ? NULL : counts->occupation->code,
        .first = pack->first_day,
        .last = pack->last_day,
    };
    if (counts->level_at_least != NULL) {
        bool is_known = skill_level_parse(counts->level_at_least->code, &wanted.level_least);
        assert(is_known); /* the pack's levels are the ledger's */
    }
    for (int i = 0; i < PACK_TAGS_MAX && counts->tags[i] != NULL; i++)
        wanted.tags[i] = counts->tags[i]->code;
    return wanted;
}

static void add_metrics(const struct pack *pack, struct pack_metric_list list,
                        struct ledger_metric *items, size_t *count)
{
    for (size_t i = 0; i < list.count; i++)
        if (list.items[i].counts != NULL)
            items[(*count)++] = metric_of(pack, &list.items[i], list.items[i].counts);
}

struct ledger_metrics *plan_metrics(const struct pack *pack, struct arena *arena)
{
    size_t most = pack->headlines.count;
    for (size_t i = 0; i < pack->items.count; i++)
        most += pack->items.items[i].metrics.count;
    struct ledger_metric *items = arena_array(arena, most, struct ledger_metric);
    struct ledger_metrics *metrics = arena_one(arena, struct ledger_metrics);
    add_metrics(pack, pack->headlines, items, &metrics->count);
    for (size_t i = 0; i < pack->items.count; i++)
        add_metrics(pack, pack->items.items[i].metrics, items, &metrics->count);
    metrics->items = items;
    return metrics;
}

int64_t plan_actual(struct ctx *ctx, const struct pack_metric *metric, const char *region_prefix)
{
    int64_t sum = 0;
    for (size_t i = 0; i < metric->sum_of_count; i++)
        sum += plan_actual(ctx, metric->sum_of[i], region_prefix);
    if (metric->counts == NULL)
        return sum;
    struct ledger_count count = ledger_count(
        ctx, metric->id, (struct ledger_scope){region_prefix, FIRST_MONTH, LAST_MONTH});
    bool is_whole = *region_prefix == '\0';
    int64_t baseline = metric->baseline == NULL || !is_whole ? 0 : metric->baseline->value;
    return count.n + baseline;
}

struct plan_headline_list plan_headlines(struct ctx *ctx)
{
    const struct pack_metric_list *list = &ctx->pack->headlines;
    struct plan_headline_list lines = {list->count,
                                       arena_array(ctx->arena, list->count, struct plan_headline)};
    for (size_t i = 0; i < list->count; i++) {
        const struct pack_metric *metric = &list->items[i];
        size_t targets = metric->targets.count;
        lines.items[i] = (struct plan_headline){
            .metric = metric,
            .actual = plan_actual(ctx, metric, ""),
            .target = targets == 0 ? INT64_MIN : metric->targets.items[targets - 1].least,
        };
    }
    return lines;
}

/* --- the document of `dianji plan --json` */

static void write_target(struct buffer *out, const struct pack_target *target)
{
    buffer_printf(out, "\"%d\":", target->year);
    if (target->least == PACK_NUMBER_NONE)
        buffer_add(out, "null");
    else if (target->least == target->most || target->most == PACK_NUMBER_NONE)
        buffer_add_integer(out, target->least);
    else
        buffer_printf(out, "[%" PRId64 ",%" PRId64 "]", target->least, target->most);
}

static void write_metric(struct ctx *ctx, struct buffer *out, const struct pack_metric *metric)
{
    buffer_add(out, "{\"id\":");
    buffer_add_json(out, metric->id);
    buffer_add(out, ",\"name\":");
    buffer_add_json(out, pack_say(metric->name, ctx->language));
    buffer_add(out, ",\"unit\":");
    buffer_add_json(out, pack_say(metric->unit, LANGUAGE_ZH));
    buffer_add(out, ",\"kind\":");
    buffer_add_json(out, metric_kind_code(metric->kind));
    buffer_add(out, ",\"clause\":");
    buffer_add_json(out, metric->clause->id);
    buffer_add(out, ",\"targets\":{");
    for (size_t i = 0; i < metric->targets.count; i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        write_target(out, &metric->targets.items[i]);
    }
    buffer_add(out, "},\"actual\":");
    buffer_add_integer(out, plan_actual(ctx, metric, ""));
    buffer_add_char(out, '}');
}

static void write_metrics(struct ctx *ctx, struct buffer *out, struct pack_metric_list list)
{
    buffer_add(out, "\"metrics\":[");
    for (size_t i = 0; i < list.count; i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        write_metric(ctx, out, &list.items[i]);
    }
    buffer_add_char(out, ']');
}

static void write_item(struct ctx *ctx, struct buffer *out, const struct pack_item *item)
{
    buffer_printf(out, "{\"no\":%" PRId64 ",\"title\":", item->no);
    buffer_add_json(out, pack_say(item->title, ctx->language));
    buffer_add(out, ",\"clause\":");
    buffer_add_json(out, item->clause->id);
    buffer_add(out, ",\"departments\":[");
    for (size_t i = 0; i < item->department_count; i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        buffer_add_json(out, pack_say(item->departments[i]->name, ctx->language));
    }
    buffer_add(out, "],");
    write_metrics(ctx, out, item->metrics);
    buffer_add_char(out, '}');
}

void plan_json(struct ctx *ctx, struct buffer *out)
{
    buffer_add(out, "{\"plan\":{\"id\":");
    buffer_add_json(out, ctx->pack->id);
    buffer_add(out, ",\"name\":");
    buffer_add_json(out, pack_say(ctx->pack->name, ctx->language));
    buffer_add(out, ",\"doc_no\":");
    buffer_add_json(out, ctx->pack->doc_no);
    buffer_add(out, "},\"headline\":{");
    write_metrics(ctx, out, ctx->pack->headlines);
    buffer_add(out, "},\"items\":[");
    for (size_t i = 0; i < ctx->pack->items.count; i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        write_item(ctx, out, &ctx->pack->items.items[i]);
    }
    buffer_add(out, "]}\n");
}

/* Per cent with two decimals below one, one below ten, none from there on; always rounded down. */
struct plan_share plan_share(struct ctx *ctx, int64_t actual, int64_t target)
{
    enum { WHOLE = 10000, PER_CENT = 100, TENTH = 10 };
    if (target == INT64_MIN || target <= 0 || actual <= 0)
        return (struct plan_share){"0", "0"};
    __int128 exact = (__int128)actual * WHOLE / target;
    int64_t share = exact > INT64_MAX ? INT64_MAX : (int64_t)exact;
    const char *text = "<0.01";
    if (share >= TENTH * PER_CENT)
        text = arena_printf(ctx->arena, "%" PRId64, share / PER_CENT);
    else if (share >= PER_CENT)
        text = arena_printf(ctx->arena, "%" PRId64 ".%" PRId64, share / PER_CENT,
                            share % PER_CENT / TENTH);
    else if (share > 0)
        text = arena_printf(ctx->arena, "0.%02" PRId64, share);
    const char *bar = share > WHOLE ? "100" : share == 0 ? "0" : text;
    return (struct plan_share){text, bar};
}
