/* plan.yaml: the plan's head, clauses, groups, departments, items; metrics are in policy_metrics.c.
 */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/policy_loader.h"

POLICY_ENUM(department_kind)

/* --- the head */

static void read_period(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    (void)field;
    struct pack *pack = loader->pack;
    static const struct policy_key keys[] = {
        {.name = "from", .shape = SHAPE_DAY, .offset = offsetof(struct pack, first_day)},
        {.name = "to", .shape = SHAPE_DAY, .offset = offsetof(struct pack, last_day)},
        {.name = NULL}};
    bool is_read = policy__map(loader, node, keys, pack);
    if (is_read)
        policy__period(loader, node, pack->first_day, pack->last_day);
    /* A wrong period is one fault, not one of every target. */
    if (!is_read || day_compare(pack->first_day, pack->last_day) > 0)
        pack->last_day = DAY_NONE;
}

static void read_calendar(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    (void)field;
    struct pack *pack = loader->pack;
    static const struct policy_key keys[] = {
        {.name = "from", .shape = SHAPE_DAY, .offset = offsetof(struct pack, calendar_first)},
        {.name = "to", .shape = SHAPE_DAY, .offset = offsetof(struct pack, calendar_last)},
        {.name = "source",
         .shape = SHAPE_CUSTOM,
         .offset = offsetof(struct pack, calendar_source),
         .read = policy__read_source},
        {.name = NULL}};
    bool is_read = policy__map(loader, node, keys, pack);
    if (is_read)
        policy__period(loader, node, pack->calendar_first, pack->calendar_last);
    if (!is_read || day_compare(pack->calendar_first, pack->calendar_last) > 0)
        pack->calendar_last = DAY_NONE;
}

static void read_units(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    (void)field;
    if (node->kind != NODE_MAP) {
        policy__fault(loader, node->place, "pack.not_a_map", NULL);
        return;
    }
    struct pack_text *units = arena_array(loader->arena, node->count, struct pack_text);
    for (size_t i = 0; i < node->count; i++) {
        units[i].zh = node->entries[i].key;
        policy__text(loader, node->entries[i].value, &units[i].en);
    }
    loader->units = units;
    loader->unit_count = node->count;
}

static void read_head(struct policy_loader *loader, const struct policy_node *root)
{
    static const struct policy_key keys[] = {
        {.name = "plan", .shape = SHAPE_CODE, .offset = offsetof(struct pack, id)},
        {.name = "name", .shape = SHAPE_WORDS, .offset = offsetof(struct pack, name)},
        {.name = "document", .shape = SHAPE_TEXT, .offset = offsetof(struct pack, document)},
        {.name = "doc_no", .shape = SHAPE_TEXT, .offset = offsetof(struct pack, doc_no)},
        {.name = "issuer", .shape = SHAPE_WORDS, .offset = offsetof(struct pack, issuer)},
        {.name = "issued_on", .shape = SHAPE_DAY, .offset = offsetof(struct pack, issued_on)},
        {.name = "period", .shape = SHAPE_CUSTOM, .read = read_period},
        {.name = "calendar", .shape = SHAPE_CUSTOM, .read = read_calendar},
        {.name = "units", .shape = SHAPE_CUSTOM, .read = read_units},
        {.name = "clauses", .shape = SHAPE_SKIP},
        {.name = "groups", .shape = SHAPE_SKIP},
        {.name = "departments", .shape = SHAPE_SKIP},
        {.name = "headlines", .shape = SHAPE_SKIP},
        {.name = "items", .shape = SHAPE_SKIP},
        {.name = NULL}};
    policy__map(loader, root, keys, loader->pack);
}

/* --- clauses, groups, departments */

static void read_clause(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    struct pack_clause *clause = field;
    static const struct policy_key keys[] = {
        {.name = "id", .shape = SHAPE_TEXT, .offset = offsetof(struct pack_clause, id)},
        {.name = "title", .shape = SHAPE_WORDS, .offset = offsetof(struct pack_clause, title)},
        {.name = "summary", .shape = SHAPE_WORDS, .offset = offsetof(struct pack_clause, summary)},
        {.name = NULL}};
    policy__map(loader, node, keys, clause);
    const char *document = loader->pack->document;
    if (clause->id == NULL || document == NULL)
        return;
    size_t length = strlen(document);
    if (strncmp(clause->id, document, length) != 0 || clause->id[length] != ' ')
        policy__fault(loader, node->place, "pack.clause_form", "value", clause->id, "document",
                      document, NULL);
}

static void read_group(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    static const struct policy_key keys[] = {
        {.name = "code", .shape = SHAPE_CODE, .offset = offsetof(struct pack_group, code)},
        {.name = "title", .shape = SHAPE_WORDS, .offset = offsetof(struct pack_group, title)},
        {.name = NULL}};
    policy__map(loader, node, keys, field);
}

static void read_department(struct policy_loader *loader, const struct policy_node *node,
                            void *field)
{
    static const struct policy_key keys[] = {
        {.name = "code", .shape = SHAPE_CODE, .offset = offsetof(struct pack_department, code)},
        {.name = "name", .shape = SHAPE_WORDS, .offset = offsetof(struct pack_department, name)},
        {.name = "kind",
         .shape = SHAPE_ENUM,
         .offset = offsetof(struct pack_department, kind),
         .parse = parse_department_kind},
        {.name = NULL}};
    policy__map(loader, node, keys, field);
}

static void read_sections(struct policy_loader *loader, const struct policy_node *root)
{
    struct pack *pack = loader->pack;
    pack->clauses.items =
        policy__things(loader,
                       &(struct policy_things){.node = policy__get(root, "clauses"),
                                               .size = sizeof(struct pack_clause),
                                               .read_one = read_clause},
                       &pack->clauses.count);
    pack->groups.items = policy__things(loader,
                                        &(struct policy_things){.node = policy__get(root, "groups"),
                                                                .size = sizeof(struct pack_group),
                                                                .read_one = read_group},
                                        &pack->groups.count);
    pack->departments.items =
        policy__things(loader,
                       &(struct policy_things){.node = policy__get(root, "departments"),
                                               .size = sizeof(struct pack_department),
                                               .read_one = read_department},
                       &pack->departments.count);
}

/* --- items */

static void read_item_group(struct policy_loader *loader, const struct policy_node *node,
                            void *field)
{
    const char *code;
    if (!policy__text(loader, node, &code))
        return;
    const struct pack_group_list *groups = &loader->pack->groups;
    for (size_t i = 0; i < groups->count; i++) {
        if (strcmp(groups->items[i].code, code) == 0)
            *(const struct pack_group **)field = &groups->items[i];
    }
    if (*(const struct pack_group **)field == NULL)
        policy__fault(loader, node->place, "pack.unknown_group", "value", code, NULL);
}

static void read_item_departments(struct policy_loader *loader, const struct policy_node *node,
                                  void *field)
{
    struct pack_item *item = field;
    if (!policy__is_list(loader, node))
        return;
    if (node->count == 0)
        policy__fault(loader, node->place, "pack.empty", NULL);
    const struct pack_department **departments =
        arena_array(loader->arena, node->count, const struct pack_department *);
    item->departments = departments;
    for (size_t i = 0; i < node->count; i++) {
        const struct policy_node *value = node->entries[i].value;
        const char *code;
        if (!policy__text(loader, value, &code))
            continue;
        const struct pack_department *department = pack_department(loader->pack, code);
        if (department == NULL) {
            policy__fault(loader, value->place, "pack.unknown_department", "value", code, NULL);
            continue;
        }
        for (size_t j = 0; j < item->department_count; j++) {
            if (departments[j] == department)
                policy__fault(loader, value->place, "pack.duplicate", "value", code, NULL);
        }
        departments[item->department_count++] = department;
    }
}

enum { ITEMS_MAX = 999 };

static void read_item(struct policy_loader *loader, const struct policy_node *node,
                      struct pack_item *item)
{
    static const struct policy_key keys[] = {
        {.name = "number",
         .shape = SHAPE_INTEGER,
         .offset = offsetof(struct pack_item, no),
         .least = 1,
         .most = ITEMS_MAX},
        {.name = "title", .shape = SHAPE_WORDS, .offset = offsetof(struct pack_item, title)},
        {.name = "programme",
         .shape = SHAPE_WORDS,
         .offset = offsetof(struct pack_item, programme)},
        {.name = "group",
         .shape = SHAPE_CUSTOM,
         .offset = offsetof(struct pack_item, group),
         .read = read_item_group},
        {.name = "clause",
         .shape = SHAPE_CUSTOM,
         .offset = offsetof(struct pack_item, clause),
         .read = policy__read_clause},
        {.name = "departments", .shape = SHAPE_CUSTOM, .read = read_item_departments},
        {.name = "metrics", .shape = SHAPE_SKIP},
        {.name = NULL}};
    policy__map(loader, node, keys, item);
}

/* Items are numbered 1, 2, 3 …, as the plan numbers them. */
static void read_items(struct policy_loader *loader, const struct policy_node *list)
{
    if (list == NULL || !policy__is_list(loader, list))
        return;
    struct pack_item *items = arena_array(loader->arena, list->count, struct pack_item);
    for (size_t i = 0; i < list->count; i++) {
        const struct policy_node *node = list->entries[i].value;
        read_item(loader, node, &items[i]);
        if (items[i].no != 0 && items[i].no != (int64_t)i + 1)
            policy__fault(loader, node->place, "pack.item_order", "value",
                          arena_printf(loader->arena, "%lld", (long long)items[i].no), "wanted",
                          arena_printf(loader->arena, "%zu", i + 1), NULL);
        items[i].no = (int64_t)i + 1;
    }
    loader->pack->items = (struct pack_item_list){list->count, items};
}

void policy__load_plan(struct policy_loader *loader)
{
    const struct policy_node *root = policy__root(loader, FILE_PLAN);
    read_head(loader, root);
    read_sections(loader, root);
    read_items(loader, policy__get(root, "items"));
    policy__load_metrics(loader, root);
}
