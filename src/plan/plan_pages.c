/* The progress page, an item, and a number opened down to the people behind it. */
#include <string.h>

#include "plan/plan.h"
#include "plan_html.h"
#include "registry/registry.h"
#include "web/show.h"

enum { FACTS_ON_A_PAGE = 50 };

static const char *say(struct ctx *ctx, struct pack_text text)
{
    return pack_say(text, ctx->language);
}

static const char *departments_of(struct ctx *ctx, const struct pack_item *item)
{
    struct buffer names = buffer_new(ctx->arena, 128);
    for (size_t i = 0; i < item->department_count; i++) {
        if (i > 0)
            buffer_add(&names, ctx->language == LANGUAGE_ZH ? "、" : ", ");
        buffer_add(&names, say(ctx, item->departments[i]->name));
    }
    return names.bytes;
}

/* What is counted, in words. */
static const char *how_of(struct ctx *ctx, const struct pack_metric *metric)
{
    if (metric->counts == NULL)
        return words(ctx, "plan.how_sum");
    const char *key = arena_printf(ctx->arena, "counted.%s", counted_code(metric->counts->counted));
    return words_with(ctx, &(struct message){"plan.how_facts",
                                             {{"what", say(ctx, metric->counts->fact->name)},
                                              {"counted", words(ctx, key)}}});
}

static const struct pack_target *last_target(const struct pack_metric *metric)
{
    return metric->targets.count == 0 ? NULL : &metric->targets.items[metric->targets.count - 1];
}

/* What is wanted, as the plan puts it: 2,000以上, 4—6, one batch. */
static const char *goal_of(struct ctx *ctx, const struct pack_target *target)
{
    if (target == NULL)
        return NULL;
    const char *key = arena_printf(ctx->arena, "goal.%s", qualifier_code(target->qualifier));
    return words_with(ctx, &(struct message){key,
                                             {{"least", show_integer(ctx, target->least)},
                                              {"most", show_integer(ctx, target->most)}}});
}

static struct progress_item_metric metric_line(struct ctx *ctx, const struct pack_metric *metric)
{
    const struct pack_target *target = last_target(metric);
    int64_t actual = plan_actual(ctx, metric, "");
    bool is_judged = target != NULL && target->least != PACK_NUMBER_NONE;
    struct plan_share share = plan_share(ctx, actual, is_judged ? target->least : 0);
    return (struct progress_item_metric){
        .id = metric->id,
        .name = say(ctx, metric->name),
        .unit = say(ctx, metric->unit),
        .goal = goal_of(ctx, target),
        .actual = actual,
        .share = share.text,
        .bar = share.bar,
        .is_judged = is_judged,
    };
}

static struct progress_item item_line(struct ctx *ctx, const struct pack_item *item)
{
    struct progress_item line = {
        .no = item->no, .heading = say(ctx, item->title), .departments = departments_of(ctx, item)};
    line.metrics.count = item->metrics.count;
    line.metrics.items = arena_array(ctx->arena, item->metrics.count, struct progress_item_metric);
    for (size_t i = 0; i < item->metrics.count; i++)
        line.metrics.items[i] = metric_line(ctx, &item->metrics.items[i]);
    return line;
}

static struct reply show_progress(struct ctx *ctx)
{
    const struct pack *pack = ctx->pack;
    struct progress_model *model = arena_one(ctx->arena, struct progress_model);
    struct plan_headline_list headlines = plan_headlines(ctx);
    model->plan_name = say(ctx, pack->name);
    model->doc_no = pack->doc_no;
    model->today = ctx->today;
    model->headlines.count = headlines.count;
    model->headlines.items = arena_array(ctx->arena, headlines.count, struct progress_headline);
    for (size_t i = 0; i < headlines.count; i++) {
        const struct plan_headline *line = &headlines.items[i];
        struct plan_share share = plan_share(ctx, line->actual, line->target);
        model->headlines.items[i] = (struct progress_headline){
            .id = line->metric->id,
            .name = say(ctx, line->metric->name),
            .unit = say(ctx, line->metric->unit),
            .actual = line->actual,
            .target = line->target,
            .share = share.text,
            .bar = share.bar,
            .note = say(ctx, line->metric->note),
        };
    }
    model->items.count = pack->items.count;
    model->items.items = arena_array(ctx->arena, pack->items.count, struct progress_item);
    for (size_t i = 0; i < pack->items.count; i++)
        model->items.items[i] = item_line(ctx, &pack->items.items[i]);
    return page_progress(ctx, model);
}

static struct reply show_item(struct ctx *ctx)
{
    int64_t no;
    const struct pack_item *item = NULL;
    if (text_integer(request_part(ctx, "item"), &no))
        item = pack_item(ctx->pack, no);
    if (item == NULL)
        return reply_not_found(ctx);
    struct item_show_model *model = arena_one(ctx->arena, struct item_show_model);
    *model = (struct item_show_model){
        .no = item->no,
        .heading = say(ctx, item->title),
        .programme = say(ctx, item->programme),
        .clause = pack_clause_words(ctx, item->clause->id),
        .summary = say(ctx, item->clause->summary),
        .departments = departments_of(ctx, item),
    };
    model->metrics.count = item->metrics.count;
    model->metrics.items = arena_array(ctx->arena, item->metrics.count, struct item_show_metric);
    for (size_t i = 0; i < item->metrics.count; i++) {
        const struct pack_metric *metric = &item->metrics.items[i];
        struct progress_item_metric line = metric_line(ctx, metric);
        model->metrics.items[i] = (struct item_show_metric){
            .id = metric->id,
            .name = line.name,
            .unit = line.unit,
            .goal = line.goal,
            .actual = line.actual,
            .how = how_of(ctx, metric),
            .note = say(ctx, metric->note),
        };
    }
    return page_item_show(ctx, model);
}

/* --- one number, opened */

/* 53 → its prefectures, 5301 → its counties, 530102 → none. */
static void fill_places(struct ctx *ctx, const struct pack_metric *metric,
                        struct metric_show_model *model)
{
    size_t digits = strlen(model->region);
    if (digits >= 6 || metric->counts == NULL)
        return;
    struct region_count_list places =
        ledger_by_region(ctx, metric->id, model->region, digits < 4 ? 4 : 6);
    model->places.items = arena_array(ctx->arena, places.count, struct metric_show_place);
    for (size_t i = 0; i < places.count; i++) {
        const char *code =
            arena_printf(ctx->arena, "%s%s", places.items[i].region, digits < 4 ? "00" : "");
        const struct pack_region *region = pack_region(ctx->pack, code);
        model->places.items[model->places.count++] = (struct metric_show_place){
            .region = places.items[i].region,
            .name = region == NULL ? code : pack_region_name(region, ctx->language),
            .n = places.items[i].n,
            .bar = plan_share(ctx, places.items[i].n, model->actual).bar,
        };
    }
}

static void fill_lines(struct ctx *ctx, const struct pack_metric *metric,
                       struct metric_show_model *model)
{
    fact_id before = {0};
    const char *text = request_query(ctx, "before");
    if (text != NULL && !id_parse(text, &before.v))
        before.v = 0;
    const struct ledger_metrics *metrics = plan_metrics(ctx->pack, ctx->arena);
    const struct ledger_metric *wanted = NULL;
    for (size_t i = 0; i < metrics->count && wanted == NULL; i++)
        if (strcmp(metrics->items[i].id, metric->id) == 0)
            wanted = &metrics->items[i];
    if (wanted == NULL)
        return;
    struct fact_list facts = ledger_behind(ctx, wanted, model->region, before, FACTS_ON_A_PAGE);
    model->lines.count = facts.count;
    model->lines.items = arena_array(ctx->arena, facts.count, struct metric_show_line);
    for (size_t i = 0; i < facts.count; i++) {
        const struct fact *fact = &facts.items[i];
        struct person person = {0};
        struct organisation organisation = {0};
        const struct pack_region *region = pack_region(ctx->pack, fact->region);
        registry_person(ctx, fact->person, &person);
        registry_organisation(ctx, fact->organisation, &organisation);
        model->lines.items[i] = (struct metric_show_line){
            .id = fact->id,
            .held_on = fact->held_on,
            .person = mask_name(ctx->arena, person.name),
            .identity_no = mask_identity_no(ctx->arena, person.identity_no),
            .institution = organisation.name,
            .region_name = region == NULL ? fact->region : pack_region_name(region, ctx->language),
            .subject_kind = fact->subject_kind,
            .clause = fact->clause,
        };
    }
    if (facts.count == FACTS_ON_A_PAGE)
        model->older = show_id(ctx, facts.items[facts.count - 1].id.v);
}

static const char *region_title(struct ctx *ctx, const char *prefix)
{
    const char *code =
        arena_printf(ctx->arena, "%s%.*s", prefix, (int)(6 - strlen(prefix)), "000000");
    const struct pack_region *region = pack_region(ctx->pack, code);
    return pack_region_name(region == NULL ? &ctx->pack->regions.items[0] : region, ctx->language);
}

static void fill_parts(struct ctx *ctx, const struct pack_metric *metric,
                       struct metric_show_model *model)
{
    model->parts.count = metric->sum_of_count;
    model->parts.items = arena_array(ctx->arena, metric->sum_of_count, struct metric_show_part);
    for (size_t i = 0; i < metric->sum_of_count; i++)
        model->parts.items[i] = (struct metric_show_part){
            .id = metric->sum_of[i]->id,
            .name = say(ctx, metric->sum_of[i]->name),
            .actual = plan_actual(ctx, metric->sum_of[i], model->region),
        };
}

static struct reply show_metric(struct ctx *ctx)
{
    const struct pack_metric *metric = pack_metric(ctx->pack, request_part(ctx, "metric"));
    const char *region = request_query(ctx, "region");
    region = region == NULL ? "" : region;
    size_t digits = strlen(region);
    bool is_region = digits == strspn(region, "0123456789") && digits <= 6 && digits % 2 == 0;
    if (metric == NULL || !is_region)
        return reply_not_found(ctx);
    struct metric_show_model *model = arena_one(ctx->arena, struct metric_show_model);
    *model = (struct metric_show_model){
        .id = metric->id,
        .name = say(ctx, metric->name),
        .unit = say(ctx, metric->unit),
        .clause = pack_clause_words(ctx, metric->clause->id),
        .region = region,
        .region_name = region_title(ctx, region),
        .up_region = digits >= 6 ? arena_text_n(ctx->arena, region, 4) : "",
        .actual = plan_actual(ctx, metric, region),
        .how = how_of(ctx, metric),
        .may_see_people =
            registry_permits(ctx, PERMISSION_PROGRESS_PEOPLE) && metric->counts != NULL &&
            (digits >= 4
                 ? registry_actor_covers_region(ctx, arena_printf(ctx->arena, "%s00", region))
                 : strlen(registry_actor_region_prefix(ctx)) <= 2),
    };
    fill_parts(ctx, metric, model);
    fill_places(ctx, metric, model);
    if (model->may_see_people)
        fill_lines(ctx, metric, model);
    return page_metric_show(ctx, model);
}

const struct route plan_routes[] = {
    {GET, "/progress", PERMISSION_PUBLIC, .handle = show_progress},
    {GET, "/progress/:item", PERMISSION_PUBLIC, .handle = show_item},
    {GET, "/progress/metric/:metric", PERMISSION_PUBLIC, .handle = show_metric},
    {0},
};
