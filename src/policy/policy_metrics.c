/*
 * The metrics of plan.yaml, in two steps: first each by itself, then what they say of one another
 * (part of, sum of), because a metric may name one that stands further down.
 */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/policy_loader.h"

POLICY_ENUM(metric_kind)
POLICY_ENUM(metric_each)
POLICY_ENUM(counted)

enum { YEARS_MAX = 20 };
static const int64_t FIGURE_MAX = INT64_C(1000000000000);

/* --- filters */

static void read_fact(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    const char *kind;
    if (!policy__text(loader, node, &kind))
        return;
    const struct pack_fact *fact = pack_fact(loader->pack, kind);
    if (fact == NULL)
        policy__fault(loader, node->place, "pack.unknown_fact", "value", kind, NULL);
    *(const struct pack_fact **)field = fact;
}

static void read_occupation(struct policy_loader *loader, const struct policy_node *node,
                            void *field)
{
    *(const struct pack_occupation **)field = policy__occupation(loader, node);
}

static void read_level(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    const char *code;
    if (!policy__text(loader, node, &code))
        return;
    const struct pack_level *level = pack_level(loader->pack, code);
    if (level == NULL)
        policy__fault(loader, node->place, "pack.unknown_level", "value", code, NULL);
    *(const struct pack_level **)field = level;
}

static void read_tags(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    const struct pack_tag **tags = field;
    if (!policy__is_list(loader, node))
        return;
    if (node->count > PACK_TAGS_MAX)
        policy__fault(loader, node->place, "pack.too_many", NULL);
    for (size_t i = 0; i < node->count && i < PACK_TAGS_MAX; i++)
        policy__read_tag(loader, node->entries[i].value, &tags[i]);
}

/* A filter may ask only for what its fact carries: else it would count nothing, silently. */
static void check_carried(struct policy_loader *loader, const struct policy_node *node,
                          const struct pack_counts *counts)
{
    static const struct {
        const char *key;
        enum fact_field needs;
    } conditions[] = {{"item", FACT_FIELD_ITEM},
                      {"occupation", FACT_FIELD_OCCUPATION},
                      {"level_at_least", FACT_FIELD_LEVEL},
                      {"tags", FACT_FIELD_TAGS}};
    static const enum fact_field counted_needs[COUNTED_COUNT] = {
        [COUNTED_QUANTITY] = FACT_FIELD_QUANTITY, [COUNTED_PEOPLE] = FACT_FIELD_PERSON,
        [COUNTED_NEWCOMERS] = FACT_FIELD_PERSON,  [COUNTED_ORGANISATIONS] = FACT_FIELD_ORGANISATION,
        [COUNTED_THINGS] = FACT_FIELD_QUANTITY,   [COUNTED_AMOUNT] = FACT_FIELD_AMOUNT,
    };
    if (counts->fact == NULL || counts->fact->carries == 0)
        return;
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++) {
        const struct policy_node *value = policy__get(node, conditions[i].key);
        if (value != NULL && (counts->fact->carries >> conditions[i].needs & 1) == 0)
            policy__fault(loader, value->place, "pack.not_carried", "fact", counts->fact->kind,
                          "field", conditions[i].key, NULL);
    }
    enum fact_field needs = counted_needs[counts->counted];
    if (counts->counted != COUNTED_NONE && (counts->fact->carries >> needs & 1) == 0)
        policy__fault(loader, node->place, "pack.not_carried", "fact", counts->fact->kind, "field",
                      fact_field_code(needs), NULL);
}

static void read_counts(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    static const struct policy_key keys[] = {
        {.name = "fact",
         .shape = SHAPE_CUSTOM,
         .offset = offsetof(struct pack_counts, fact),
         .read = read_fact},
        {.name = "item",
         .shape = SHAPE_INTEGER,
         .offset = offsetof(struct pack_counts, item),
         .is_optional = true,
         .least = 1,
         .most = INT32_MAX},
        {.name = "occupation",
         .shape = SHAPE_CUSTOM,
         .offset = offsetof(struct pack_counts, occupation),
         .is_optional = true,
         .read = read_occupation},
        {.name = "level_at_least",
         .shape = SHAPE_CUSTOM,
         .offset = offsetof(struct pack_counts, level_at_least),
         .is_optional = true,
         .read = read_level},
        {.name = "tags",
         .shape = SHAPE_CUSTOM,
         .offset = offsetof(struct pack_counts, tags),
         .is_optional = true,
         .read = read_tags},
        {.name = "count",
         .shape = SHAPE_ENUM,
         .offset = offsetof(struct pack_counts, counted),
         .parse = parse_counted},
        {.name = NULL}};
    struct pack_counts *counts = arena_one(loader->arena, struct pack_counts);
    counts->item = PACK_NUMBER_NONE;
    policy__map(loader, node, keys, counts);
    if (node->kind == NODE_MAP)
        check_carried(loader, node, counts);
    *(const struct pack_counts **)field = counts;
}

/* --- targets */

static enum comparison comparison_of(enum qualifier qualifier)
{
    switch (qualifier) {
    case QUALIFIER_PLAIN:
    case QUALIFIER_AT_LEAST:
    case QUALIFIER_NOT_BELOW:
    case QUALIFIER_NO_FEWER:
    case QUALIFIER_MINIMUM:
    case QUALIFIER_ADDED:
    case QUALIFIER_STRIVE:
        return COMPARISON_AT_LEAST;
    case QUALIFIER_EXACTLY:
    case QUALIFIER_EVERYONE:
        return COMPARISON_EQUAL;
    case QUALIFIER_ABOUT:
        return COMPARISON_ABOUT;
    case QUALIFIER_BETWEEN:
        return COMPARISON_RANGE;
    case QUALIFIER_BATCH:
    case QUALIFIER_YEARLY:
    case QUALIFIER_CHECKLIST:
    case QUALIFIER_NONE:
        break;
    }
    return COMPARISON_REPORT;
}

static bool has_figure(enum qualifier qualifier)
{
    return comparison_of(qualifier) != COMPARISON_REPORT;
}

static bool read_range(struct policy_loader *loader, const struct policy_node *node,
                       struct pack_target *target)
{
    if (!policy__is_list(loader, node))
        return false;
    if (node->count != 2) {
        policy__fault(loader, node->place, "pack.range", NULL);
        return false;
    }
    bool is_read = policy__integer(loader, node->entries[0].value, 0, FIGURE_MAX, &target->least) &&
                   policy__integer(loader, node->entries[1].value, 0, FIGURE_MAX, &target->most);
    if (is_read && target->least >= target->most) {
        policy__fault(loader, node->place, "pack.range", NULL);
        return false;
    }
    return is_read;
}

/* `batch`, or `{at_least: 5}`, or `{between: [4, 6]}`. */
static bool read_target(struct policy_loader *loader, const struct policy_node *node,
                        struct pack_target *target)
{
    const struct policy_node *figure = NULL;
    const char *word = NULL;
    struct policy_place place = node->place;
    if (node->kind == NODE_TEXT && !policy__text(loader, node, &word))
        return false;
    if (node->kind == NODE_MAP && node->count == 1) {
        word = node->entries[0].key;
        place = node->entries[0].key_place;
        figure = node->entries[0].value;
    }
    int64_t number;
    bool is_bare_number = figure == NULL && word != NULL && text_integer(word, &number);
    if (word == NULL || is_bare_number) {
        policy__fault(loader, place, "pack.target_form", NULL);
        return false;
    }
    if (!qualifier_parse(word, &target->qualifier)) {
        policy__fault(loader, place, "pack.unknown_qualifier", "value", word, NULL);
        return false;
    }
    target->comparison = comparison_of(target->qualifier);
    target->least = target->most = PACK_NUMBER_NONE;
    if (has_figure(target->qualifier) != (figure != NULL)) {
        policy__fault(loader, place, "pack.target_form", NULL);
        return false;
    }
    if (figure == NULL)
        return true;
    if (target->qualifier == QUALIFIER_BETWEEN)
        return read_range(loader, figure, target);
    bool is_read = policy__integer(loader, figure, 0, FIGURE_MAX, &target->least);
    target->most = target->least;
    return is_read;
}

static void read_targets(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    struct pack_target_list *list = field;
    if (node->kind != NODE_MAP) {
        policy__fault(loader, node->place, "pack.not_a_map", NULL);
        return;
    }
    bool has_period = !day_is_none(loader->pack->last_day);
    int first = has_period ? day_civil(loader->pack->first_day).year : INT32_MIN;
    int last = has_period ? day_civil(loader->pack->last_day).year : INT32_MAX;
    struct pack_target *targets = arena_array(loader->arena, node->count, struct pack_target);
    for (size_t i = 0; i < node->count; i++) {
        const struct policy_entry *entry = &node->entries[i];
        struct pack_target *target = &targets[list->count];
        int64_t year;
        if (!text_integer(entry->key, &year) || year < first || year > last ||
            (list->count > 0 && targets[list->count - 1].year >= year)) {
            policy__fault(loader, entry->key_place, "pack.target_year", "value", entry->key, NULL);
            continue;
        }
        target->year = (int)year;
        if (read_target(loader, entry->value, target))
            list->count++;
    }
    list->items = targets;
}

/* --- other parts of a metric */

static void read_unit(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    const char *unit;
    if (!policy__text(loader, node, &unit))
        return;
    for (size_t i = 0; i < loader->unit_count; i++) {
        if (strcmp(loader->units[i].zh, unit) == 0) {
            *(struct pack_text *)field = loader->units[i];
            return;
        }
    }
    policy__fault(loader, node->place, "pack.unknown_unit", "value", unit, NULL);
}

static void read_baseline(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    static const struct policy_key keys[] = {
        {.name = "value",
         .shape = SHAPE_INTEGER,
         .offset = offsetof(struct pack_baseline, value),
         .least = 0,
         .most = INT32_MAX},
        {.name = "day", .shape = SHAPE_DAY, .offset = offsetof(struct pack_baseline, day)},
        {.name = "note", .shape = SHAPE_WORDS, .offset = offsetof(struct pack_baseline, note)},
        {.name = NULL}};
    struct pack_baseline *baseline = arena_one(loader->arena, struct pack_baseline);
    policy__map(loader, node, keys, baseline);
    *(const struct pack_baseline **)field = baseline;
}

static void read_check(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    static const struct policy_key keys[] = {
        {.name = "code", .shape = SHAPE_CODE, .offset = offsetof(struct pack_check, code)},
        {.name = "name", .shape = SHAPE_WORDS, .offset = offsetof(struct pack_check, name)},
        {.name = NULL}};
    policy__map(loader, node, keys, field);
}

static void read_checklist(struct policy_loader *loader, const struct policy_node *node,
                           void *field)
{
    struct pack_check_list *list = field;
    list->items = policy__things(
        loader,
        &(struct policy_things){.node = node, .size = sizeof *list->items, .read_one = read_check},
        &list->count);
}

/* --- one metric */

static void check_id(struct policy_loader *loader, const struct policy_node *node,
                     const struct pack_metric *metric)
{
    if (metric->id == NULL)
        return;
    const char *prefix = metric->item == NULL
                             ? "H."
                             : arena_printf(loader->arena, "T%02lld.", (long long)metric->item->no);
    if (!text_starts(metric->id, prefix))
        policy__fault(loader, policy__get(node, "id")->place, "pack.metric_id", "value", metric->id,
                      "wanted", prefix, NULL);
}

/* What a kind of metric may count. */
static bool may_count(enum metric_kind kind, enum counted counted)
{
    bool is_people = counted == COUNTED_PEOPLE || counted == COUNTED_NEWCOMERS;
    bool is_things = counted == COUNTED_ORGANISATIONS || counted == COUNTED_THINGS;
    switch (kind) {
    case METRIC_KIND_FLOW:
        return counted == COUNTED_QUANTITY;
    case METRIC_KIND_PEOPLE:
        return is_people;
    case METRIC_KIND_STOCK:
        return counted == COUNTED_PEOPLE || is_things;
    case METRIC_KIND_RATIO:
        return counted == COUNTED_PEOPLE;
    case METRIC_KIND_MILESTONE:
        return counted == COUNTED_PEOPLE || is_things;
    case METRIC_KIND_REPORT:
        return counted != COUNTED_AMOUNT;
    case METRIC_KIND_AMOUNT:
        return counted == COUNTED_AMOUNT;
    case METRIC_KIND_NONE:
        break;
    }
    return true;
}

static void check_filter(struct policy_loader *loader, const struct policy_node *node,
                         const struct pack_metric *metric, const struct pack_counts *counts)
{
    if (counts == NULL || counts->counted == COUNTED_NONE)
        return;
    if (!may_count(metric->kind, counts->counted))
        policy__fault(loader, node->place, "pack.count_misfit", "kind",
                      metric_kind_code(metric->kind), "count", counted_code(counts->counted), NULL);
    bool is_other = counts->item != PACK_NUMBER_NONE &&
                    (metric->item == NULL || counts->item != metric->item->no);
    if (is_other)
        policy__fault(loader, policy__get(node, "item")->place, "pack.item_misfit", NULL);
}

static void check_metric(struct policy_loader *loader, const struct policy_node *node,
                         const struct pack_metric *metric)
{
    const struct policy_node *counts = policy__get(node, "counts");
    const struct policy_node *out_of = policy__get(node, "out_of");
    const struct policy_node *sum_of = policy__get(node, "sum_of");
    check_id(loader, node, metric);
    if (counts == NULL && sum_of == NULL)
        policy__fault(loader, node->place, "pack.counts_nothing", NULL);
    if (counts != NULL && sum_of != NULL)
        policy__fault(loader, sum_of->place, "pack.counts_twice", NULL);
    if (counts != NULL)
        check_filter(loader, counts, metric, metric->counts);
    if (out_of != NULL)
        check_filter(loader, out_of, metric, metric->out_of);
    if (metric->kind != METRIC_KIND_NONE && (metric->kind == METRIC_KIND_RATIO) != (out_of != NULL))
        policy__fault(loader, node->place, "pack.ratio", NULL);
    if (metric->baseline != NULL && metric->kind != METRIC_KIND_STOCK)
        policy__fault(loader, policy__get(node, "baseline")->place, "pack.baseline_misfit", NULL);
    if (policy__get(node, "targets") == NULL && metric->kind != METRIC_KIND_REPORT)
        policy__fault(loader, node->place, "pack.missing_key", "key", "targets", NULL);
    for (size_t i = 0; i < metric->targets.count; i++) {
        enum qualifier qualifier = metric->targets.items[i].qualifier;
        bool is_list = qualifier == QUALIFIER_CHECKLIST;
        bool fits = is_list ? metric->checklist.count > 0
                            : has_figure(qualifier) != (metric->kind == METRIC_KIND_REPORT);
        if (!fits)
            policy__fault(loader, policy__get(node, "targets")->place, "pack.target_misfit",
                          "value", qualifier_code(qualifier), NULL);
    }
}

#define METRIC_KEY(member, key_name, key_shape, ...)                                               \
    {                                                                                              \
        .name = key_name, .shape = key_shape, .offset = offsetof(struct pack_metric, member),      \
        __VA_ARGS__                                                                                \
    }

static void read_metric(struct policy_loader *loader, const struct policy_node *node,
                        struct pack_metric *metric)
{
    static const struct policy_key keys[] = {
        METRIC_KEY(id, "id", SHAPE_CODE, ),
        METRIC_KEY(name, "name", SHAPE_WORDS, ),
        METRIC_KEY(unit, "unit", SHAPE_CUSTOM, .read = read_unit),
        METRIC_KEY(kind, "kind", SHAPE_ENUM, .parse = parse_metric_kind),
        METRIC_KEY(clause, "clause", SHAPE_CUSTOM, .is_optional = true,
                   .read = policy__read_clause),
        METRIC_KEY(targets, "targets", SHAPE_CUSTOM, .is_optional = true, .read = read_targets),
        METRIC_KEY(counts, "counts", SHAPE_CUSTOM, .is_optional = true, .read = read_counts),
        METRIC_KEY(out_of, "out_of", SHAPE_CUSTOM, .is_optional = true, .read = read_counts),
        METRIC_KEY(baseline, "baseline", SHAPE_CUSTOM, .is_optional = true, .read = read_baseline),
        METRIC_KEY(every_years, "every_years", SHAPE_INTEGER, .is_optional = true, .least = 1,
                   .most = YEARS_MAX),
        METRIC_KEY(each, "each", SHAPE_ENUM, .is_optional = true, .parse = parse_metric_each),
        METRIC_KEY(checklist, "checklist", SHAPE_CUSTOM, .is_optional = true,
                   .read = read_checklist),
        METRIC_KEY(note, "note", SHAPE_WORDS, .is_optional = true),
        METRIC_KEY(decision, "decision", SHAPE_WORDS, .is_optional = true),
        {.name = "of_which", .shape = SHAPE_SKIP, .is_optional = true},
        {.name = "sum_of", .shape = SHAPE_SKIP, .is_optional = true},
        {.name = NULL}};
    policy__map(loader, node, keys, metric);
    if (node->kind != NODE_MAP)
        return;
    if (metric->clause == NULL && metric->item != NULL)
        metric->clause = metric->item->clause;
    else if (metric->item == NULL && policy__get(node, "clause") == NULL)
        policy__fault(loader, node->place, "pack.missing_key", "key", "clause", NULL);
    check_metric(loader, node, metric);
}

/* --- what metrics say of one another */

/* Every metric, its node and its place, in the file's order. */
struct metrics {
    size_t count;
    struct pack_metric **items;
    const struct policy_node **nodes;
};

/* What the file says of a metric, by key; NULL: nothing. */
static const struct policy_node *said_of(const struct metrics *all,
                                         const struct pack_metric *metric, const char *key)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->items[i] == metric)
            return policy__get(all->nodes[i], key);
    }
    return NULL;
}

static const struct pack_metric *metric_named(struct policy_loader *loader,
                                              const struct policy_node *node)
{
    const char *id;
    if (!policy__text(loader, node, &id))
        return NULL;
    const struct pack_metric *metric = pack_metric(loader->pack, id);
    if (metric == NULL)
        policy__fault(loader, node->place, "pack.unknown_metric", "value", id, NULL);
    return metric;
}

static void link_of_which(struct policy_loader *loader, const struct policy_node *node,
                          struct pack_metric *metric)
{
    const struct policy_node *value = policy__get(node, "of_which");
    if (value == NULL)
        return;
    const struct pack_metric *whole = metric_named(loader, value);
    for (const struct pack_metric *up = whole; up != NULL; up = up->of_which) {
        if (up == metric) {
            policy__fault(loader, value->place, "pack.part_of_itself", "value", metric->id, NULL);
            return;
        }
    }
    metric->of_which = whole;
}

/* The parts' targets of each year of the sum's must add up to it exactly. */
static void check_sum(struct policy_loader *loader, const struct policy_node *node,
                      const struct pack_metric *metric)
{
    for (size_t i = 0; i < metric->targets.count; i++) {
        const struct pack_target *target = &metric->targets.items[i];
        int64_t sum = 0;
        for (size_t j = 0; j < metric->sum_of_count; j++) {
            const struct pack_target *part = pack_target(metric->sum_of[j], target->year);
            if (part != NULL && part->least != PACK_NUMBER_NONE)
                sum += part->least;
        }
        if (sum != target->least)
            policy__fault(loader, node->place, "pack.sum", "year",
                          arena_printf(loader->arena, "%d", target->year), "sum",
                          arena_printf(loader->arena, "%lld", (long long)sum), "target",
                          arena_printf(loader->arena, "%lld", (long long)target->least), NULL);
    }
}

/* A sum with a part whose target is faulty says nothing more. */
static bool are_targets_read(const struct metrics *all, const struct pack_metric *metric)
{
    for (size_t i = 0; i < metric->sum_of_count; i++) {
        const struct policy_node *targets = said_of(all, metric->sum_of[i], "targets");
        if (targets != NULL && targets->count != metric->sum_of[i]->targets.count)
            return false;
    }
    return true;
}

static void link_sum(struct policy_loader *loader, const struct metrics *all,
                     const struct policy_node *node, struct pack_metric *metric)
{
    const struct policy_node *list = policy__get(node, "sum_of");
    if (list == NULL || !policy__is_list(loader, list))
        return;
    if (list->count == 0)
        policy__fault(loader, list->place, "pack.counts_nothing", NULL);
    const struct pack_metric **parts =
        arena_array(loader->arena, list->count, const struct pack_metric *);
    for (size_t i = 0; i < list->count; i++) {
        const struct policy_node *value = list->entries[i].value;
        const struct pack_metric *part = metric_named(loader, value);
        bool is_twice = false;
        for (size_t j = 0; j < metric->sum_of_count; j++)
            is_twice = is_twice || parts[j] == part;
        if (is_twice)
            policy__fault(loader, value->place, "pack.duplicate", "value", part->id, NULL);
        else if (part != NULL && said_of(all, part, "sum_of") != NULL)
            policy__fault(loader, value->place, "pack.sum_of_sums", "value", part->id, NULL);
        else if (part != NULL)
            parts[metric->sum_of_count++] = part;
    }
    metric->sum_of = parts;
    if (metric->sum_of_count == list->count && list->count > 0 && are_targets_read(all, metric))
        check_sum(loader, list, metric);
}

/* --- all of them */

static size_t metrics_in(const struct policy_node *list)
{
    return list != NULL && list->kind == NODE_LIST ? list->count : 0;
}

static struct pack_metric_list read_list(struct policy_loader *loader,
                                         const struct policy_node *list,
                                         const struct pack_item *item, struct metrics *all)
{
    if (list == NULL || !policy__is_list(loader, list))
        return (struct pack_metric_list){0};
    struct pack_metric *metrics = arena_array(loader->arena, list->count, struct pack_metric);
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        const struct policy_node *node = list->entries[i].value;
        struct pack_metric *metric = &metrics[count];
        *metric = (struct pack_metric){.item = item};
        read_metric(loader, node, metric);
        if (metric->id == NULL)
            continue;
        all->items[all->count] = metric;
        all->nodes[all->count++] = node;
        count++;
    }
    return (struct pack_metric_list){count, metrics};
}

static void check_unique(struct policy_loader *loader, const struct metrics *all)
{
    const char **ids = arena_array(loader->arena, all->count, const char *);
    struct policy_place *places = arena_array(loader->arena, all->count, struct policy_place);
    for (size_t i = 0; i < all->count; i++) {
        ids[i] = all->items[i]->id;
        places[i] = all->nodes[i]->place;
    }
    policy__unique(loader, ids, all->count, sizeof *ids, places);
}

void policy__load_metrics(struct policy_loader *loader, const struct policy_node *plan)
{
    struct pack *pack = loader->pack;
    const struct policy_node *headlines = policy__get(plan, "headlines");
    const struct policy_node *items = policy__get(plan, "items");
    size_t most = metrics_in(headlines);
    for (size_t i = 0; i < pack->items.count; i++) {
        const struct policy_node *node = items->entries[i].value;
        if (node->kind == NODE_MAP)
            most += metrics_in(policy__get(node, "metrics"));
    }
    struct metrics all = {.items = arena_array(loader->arena, most, struct pack_metric *),
                          .nodes = arena_array(loader->arena, most, const struct policy_node *)};
    pack->headlines = read_list(loader, headlines, NULL, &all);
    for (size_t i = 0; i < pack->items.count; i++) {
        const struct policy_node *node = items->entries[i].value;
        struct pack_item *item = (struct pack_item *)&pack->items.items[i];
        if (node->kind == NODE_MAP)
            item->metrics = read_list(loader, policy__get(node, "metrics"), item, &all);
    }
    check_unique(loader, &all);
    for (size_t i = 0; i < all.count; i++) {
        link_of_which(loader, all.nodes[i], all.items[i]);
        link_sum(loader, &all, all.nodes[i], all.items[i]);
    }
}
