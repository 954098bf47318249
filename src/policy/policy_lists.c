/* sources.yaml, facts.yaml and the code lists: levels, occupations, ethnic groups, education. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/policy_loader.h"

POLICY_ENUM(source_standing)
POLICY_ENUM(tag_of)
POLICY_ENUM(fact_field)

/* --- sources.yaml */

static void read_source(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    static const struct policy_key keys[] = {
        {.name = "id", .shape = SHAPE_CODE, .offset = offsetof(struct pack_source, id)},
        {.name = "title", .shape = SHAPE_WORDS, .offset = offsetof(struct pack_source, title)},
        {.name = "address",
         .shape = SHAPE_TEXT,
         .offset = offsetof(struct pack_source, address),
         .is_optional = true},
        {.name = "standing",
         .shape = SHAPE_ENUM,
         .offset = offsetof(struct pack_source, standing),
         .parse = parse_source_standing},
        {.name = NULL}};
    policy__map(loader, node, keys, field);
}

void policy__load_sources(struct policy_loader *loader)
{
    const struct policy_node *root = policy__root(loader, FILE_SOURCES);
    static const struct policy_key keys[] = {{.name = "sources", .shape = SHAPE_SKIP},
                                             {.name = NULL}};
    policy__map(loader, root, keys, loader);
    struct pack_source_list *list = &loader->pack->sources;
    list->items = policy__things(loader,
                                 &(struct policy_things){.node = policy__get(root, "sources"),
                                                         .size = sizeof *list->items,
                                                         .read_one = read_source,
                                                         .is_sorted = true},
                                 &list->count);
}

/* --- facts.yaml */

static void read_carries(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    uint32_t *carries = field;
    if (!policy__is_list(loader, node))
        return;
    if (node->count == 0)
        policy__fault(loader, node->place, "pack.empty", NULL);
    for (size_t i = 0; i < node->count; i++) {
        const struct policy_node *value = node->entries[i].value;
        const char *text;
        enum fact_field carried;
        if (!policy__text(loader, value, &text))
            continue;
        if (parse_fact_field(text, &carried))
            *carries |= UINT32_C(1) << carried;
        else
            policy__fault(loader, value->place, "pack.not_in_list", "value", text, NULL);
    }
}

static void read_fact(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    static const struct policy_key keys[] = {
        {.name = "kind", .shape = SHAPE_CODE, .offset = offsetof(struct pack_fact, kind)},
        {.name = "name", .shape = SHAPE_WORDS, .offset = offsetof(struct pack_fact, name)},
        {.name = "carries",
         .shape = SHAPE_CUSTOM,
         .offset = offsetof(struct pack_fact, carries),
         .read = read_carries},
        {.name = NULL}};
    policy__map(loader, node, keys, field);
}

static void read_tag(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    static const struct policy_key keys[] = {
        {.name = "code", .shape = SHAPE_CODE, .offset = offsetof(struct pack_tag, code)},
        {.name = "of",
         .shape = SHAPE_ENUM,
         .offset = offsetof(struct pack_tag, of),
         .parse = parse_tag_of},
        {.name = "name", .shape = SHAPE_WORDS, .offset = offsetof(struct pack_tag, name)},
        {.name = "proof",
         .shape = SHAPE_WORDS,
         .offset = offsetof(struct pack_tag, proof),
         .is_optional = true},
        {.name = "organisation_kind",
         .shape = SHAPE_CODE,
         .offset = offsetof(struct pack_tag, organisation_kind),
         .is_optional = true},
        {.name = NULL}};
    struct pack_tag *tag = field;
    policy__map(loader, node, keys, tag);
    if (tag->organisation_kind != NULL && tag->of != TAG_OF_ORGANISATION)
        policy__fault(loader, node->place, "pack.tag_kind", NULL);
}

void policy__load_facts(struct policy_loader *loader)
{
    const struct policy_node *root = policy__root(loader, FILE_FACTS);
    static const struct policy_key keys[] = {{.name = "facts", .shape = SHAPE_SKIP},
                                             {.name = "tags", .shape = SHAPE_SKIP},
                                             {.name = NULL}};
    policy__map(loader, root, keys, loader);
    struct pack_fact_list *facts = &loader->pack->facts;
    facts->items = policy__things(loader,
                                  &(struct policy_things){.node = policy__get(root, "facts"),
                                                          .size = sizeof *facts->items,
                                                          .read_one = read_fact,
                                                          .is_sorted = true},
                                  &facts->count);
    struct pack_tag_list *tags = &loader->pack->tags;
    tags->items = policy__things(loader,
                                 &(struct policy_things){.node = policy__get(root, "tags"),
                                                         .size = sizeof *tags->items,
                                                         .read_one = read_tag,
                                                         .is_sorted = true},
                                 &tags->count);
}

/* --- CSV lists */

static struct policy_place *places_of(struct policy_loader *loader,
                                      const struct policy_table *table)
{
    struct policy_place *places = arena_array(loader->arena, table->count, struct policy_place);
    for (size_t i = 0; i < table->count; i++)
        places[i] = table->rows[i].places[0];
    return places;
}

static bool has_all_cells(struct policy_loader *loader, enum policy_file file,
                          const struct policy_row *row)
{
    const char *const *columns = policy__columns(file);
    bool has_all = true;
    for (size_t i = 0; columns[i] != NULL; i++)
        has_all = policy__cell(loader, row, i, columns[i]) && has_all;
    return has_all;
}

/* Ranks are 1, 2, 3 … in the file's order, so that a lookup by code may be a walk. */
static void load_levels(struct policy_loader *loader)
{
    const struct policy_table *table = policy__table(loader, FILE_LEVELS);
    struct pack_level *levels = arena_array(loader->arena, table->count, struct pack_level);
    for (size_t i = 0; i < table->count; i++) {
        const struct policy_row *row = &table->rows[i];
        bool is_whole = has_all_cells(loader, FILE_LEVELS, row);
        int64_t rank;
        bool is_rank =
            text_integer(row->cells[1], &rank) && rank == (int64_t)i + 1 && rank < PACK_LEVELS_MAX;
        bool is_high = strcmp(row->cells[4], "yes") == 0;
        if (is_whole && !is_rank)
            policy__fault(loader, row->places[1], "pack.rank", "value", row->cells[1], NULL);
        if (is_whole && !is_high && strcmp(row->cells[4], "no") != 0)
            policy__fault(loader, row->places[4], "pack.not_in_list", "value", row->cells[4], NULL);
        levels[i] = (struct pack_level){.code = row->cells[0],
                                        .rank = is_rank ? rank : 1,
                                        .name = {row->cells[2], row->cells[3]},
                                        .is_high_skilled = is_high};
    }
    policy__unique(loader, levels, table->count, sizeof *levels, places_of(loader, table));
    loader->pack->levels = (struct pack_level_list){table->count, levels};
}

/* "junior senior": codes between spaces. */
static uint32_t levels_in(struct policy_loader *loader, const struct policy_row *row, size_t column)
{
    uint32_t levels = 0;
    const char *at = row->cells[column];
    while (*at != '\0') {
        size_t length = strcspn(at, " ");
        const char *code = arena_text_n(loader->arena, at, length);
        const struct pack_level *level = pack_level(loader->pack, code);
        if (level != NULL)
            levels |= UINT32_C(1) << level->rank;
        else
            policy__fault(loader, row->places[column], "pack.unknown_level", "value", code, NULL);
        at += length + (at[length] == ' ');
    }
    return levels;
}

static void load_occupations(struct policy_loader *loader)
{
    const struct policy_table *table = policy__table(loader, FILE_OCCUPATIONS);
    struct pack_occupation *occupations =
        arena_array(loader->arena, table->count, struct pack_occupation);
    const struct pack_source_list *sources = &loader->pack->sources;
    for (size_t i = 0; i < table->count; i++) {
        const struct policy_row *row = &table->rows[i];
        has_all_cells(loader, FILE_OCCUPATIONS, row);
        const struct pack_source *source =
            policy__find(sources->items, sources->count, sizeof *source, row->cells[4]);
        if (source == NULL && row->cells[4][0] != '\0')
            policy__fault(loader, row->places[4], "pack.unknown_source", "value", row->cells[4],
                          NULL);
        occupations[i] = (struct pack_occupation){.code = row->cells[0],
                                                  .name = {row->cells[1], row->cells[2]},
                                                  .levels = levels_in(loader, row, 3),
                                                  .source = source};
    }
    policy__unique(loader, occupations, table->count, sizeof *occupations,
                   places_of(loader, table));
    policy__sort(occupations, table->count, sizeof *occupations);
    loader->pack->occupations = (struct pack_occupation_list){table->count, occupations};
}

static struct pack_code_list load_codes(struct policy_loader *loader, enum policy_file file)
{
    const struct policy_table *table = policy__table(loader, file);
    struct pack_code *codes = arena_array(loader->arena, table->count, struct pack_code);
    for (size_t i = 0; i < table->count; i++) {
        const struct policy_row *row = &table->rows[i];
        has_all_cells(loader, file, row);
        codes[i] =
            (struct pack_code){.code = row->cells[0], .name = {row->cells[1], row->cells[2]}};
    }
    policy__unique(loader, codes, table->count, sizeof *codes, places_of(loader, table));
    policy__sort(codes, table->count, sizeof *codes);
    return (struct pack_code_list){table->count, codes};
}

void policy__load_lists(struct policy_loader *loader)
{
    load_levels(loader);
    load_occupations(loader);
    loader->pack->ethnic_groups = load_codes(loader, FILE_ETHNIC_GROUPS);
    loader->pack->education = load_codes(loader, FILE_EDUCATION);
}
