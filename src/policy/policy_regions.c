/* regions.csv, regions_history.csv, region_tags.csv, and the questions about places. */
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "policy/policy_loader.h"

POLICY_ENUM(region_level)

enum { TOWNSHIP_CODE_LENGTH = 12, REGION_CODE_LENGTH = 6, MONTH_LENGTH = 7 };

/* --- loading */

static bool is_digits(const char *text, size_t length)
{
    return strlen(text) == length && strspn(text, "0123456789") == length;
}

static void check_code(struct policy_loader *loader, const struct policy_row *row,
                       enum region_level level)
{
    size_t length = level == REGION_LEVEL_TOWNSHIP ? TOWNSHIP_CODE_LENGTH : REGION_CODE_LENGTH;
    if (!is_digits(row->cells[0], length))
        policy__fault(loader, row->places[0], "pack.region_code", "value", row->cells[0], NULL);
}

static struct pack_region *read_regions(struct policy_loader *loader,
                                        const struct policy_table *table)
{
    struct pack_region *regions = arena_array(loader->arena, table->count, struct pack_region);
    for (size_t i = 0; i < table->count; i++) {
        const struct policy_row *row = &table->rows[i];
        policy__cell(loader, row, 0, "code");
        policy__cell(loader, row, 1, "name");
        regions[i] = (struct pack_region){.code = row->cells[0], .name = row->cells[1]};
        if (!parse_region_level(row->cells[3], &regions[i].level))
            policy__fault(loader, row->places[3], "pack.not_in_list", "value", row->cells[3], NULL);
        else
            check_code(loader, row, regions[i].level);
        if (regions[i].level != REGION_LEVEL_TOWNSHIP && policy__cell(loader, row, 2, "name_en"))
            regions[i].name_en = row->cells[2];
    }
    return regions;
}

/* A parent stands one level above, so that there can be no circle. */
static void link_parents(struct policy_loader *loader, const struct policy_table *table,
                         struct pack_region *regions)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct policy_row *row = &table->rows[i];
        struct pack_region *region = (struct pack_region *)policy__find(
            regions, table->count, sizeof *regions, row->cells[0]);
        if (region == NULL || region->level == REGION_LEVEL_NONE)
            continue;
        const struct pack_region *parent =
            policy__find(regions, table->count, sizeof *regions, row->cells[4]);
        bool is_top = region->level == REGION_LEVEL_PROVINCE;
        bool fits = is_top ? row->cells[4][0] == '\0'
                           : parent != NULL && (int)parent->level + 1 == (int)region->level;
        if (!fits)
            policy__fault(loader, row->places[4], "pack.region_parent", "code", row->cells[0],
                          "value", row->cells[4], NULL);
        else
            region->parent = parent;
    }
}

static void check_month(struct policy_loader *loader, const struct policy_row *row, size_t column)
{
    const char *text = row->cells[column];
    struct day day;
    if (strlen(text) != MONTH_LENGTH ||
        !day_parse(arena_printf(loader->arena, "%s-01", text), &day))
        policy__fault(loader, row->places[column], "pack.not_a_month", "value", text, NULL);
}

static void load_history(struct policy_loader *loader)
{
    const struct policy_table *table = policy__table(loader, FILE_REGIONS_HISTORY);
    struct pack_former_region *formers =
        arena_array(loader->arena, table->count, struct pack_former_region);
    struct policy_place *places = arena_array(loader->arena, table->count, struct policy_place);
    for (size_t i = 0; i < table->count; i++) {
        const struct policy_row *row = &table->rows[i];
        const struct pack_region *successor = pack_region(loader->pack, row->cells[2]);
        check_code(loader, row, REGION_LEVEL_COUNTY);
        policy__cell(loader, row, 1, "name");
        if (successor == NULL)
            policy__fault(loader, row->places[2], "pack.unknown_region", "value", row->cells[2],
                          NULL);
        if (pack_region(loader->pack, row->cells[0]) != NULL)
            policy__fault(loader, row->places[0], "pack.region_in_use", "value", row->cells[0],
                          NULL);
        check_month(loader, row, 3);
        check_month(loader, row, 4);
        places[i] = row->places[0];
        formers[i] =
            (struct pack_former_region){.code = row->cells[0],
                                        .name = row->cells[1],
                                        .successor = successor,
                                        .seen_from = row->cells[3],
                                        .seen_to = row->cells[4],
                                        .note = row->cells[5][0] == '\0' ? NULL : row->cells[5]};
    }
    policy__unique(loader, formers, table->count, sizeof *formers, places);
    policy__sort(formers, table->count, sizeof *formers);
    loader->pack->former_regions = (struct pack_former_region_list){table->count, formers};
}

/* What a row rests on: a clause, a source, or both. */
static void check_tag_basis(struct policy_loader *loader, const struct policy_row *row)
{
    const char *clause = row->cells[2], *source = row->cells[3];
    const struct pack_source_list *sources = &loader->pack->sources;
    if (clause[0] == '\0' && source[0] == '\0')
        policy__fault(loader, row->places[2], "pack.no_basis", NULL);
    if (clause[0] != '\0' && pack_clause(loader->pack, clause) == NULL)
        policy__fault(loader, row->places[2], "pack.unknown_clause", "value", clause, NULL);
    if (source[0] != '\0' &&
        policy__find(sources->items, sources->count, sizeof *sources->items, source) == NULL)
        policy__fault(loader, row->places[3], "pack.unknown_source", "value", source, NULL);
}

static void add_tag(struct policy_loader *loader, const struct policy_row *row,
                    struct pack_region *region, const struct pack_tag *tag)
{
    for (size_t i = 0; i < region->tag_count; i++) {
        if (region->tags[i] == tag)
            policy__fault(loader, row->places[1], "pack.duplicate", "value", tag->code, NULL);
    }
    size_t size = region->tag_count * sizeof tag;
    const struct pack_tag **tags =
        arena_grow(loader->arena, (void *)region->tags, size, size + sizeof tag);
    tags[region->tag_count++] = tag;
    region->tags = tags;
}

static void load_region_tags(struct policy_loader *loader)
{
    const struct policy_table *table = policy__table(loader, FILE_REGION_TAGS);
    for (size_t i = 0; i < table->count; i++) {
        const struct policy_row *row = &table->rows[i];
        struct pack_region *region = (struct pack_region *)pack_region(loader->pack, row->cells[0]);
        const struct pack_tag *tag = pack_tag(loader->pack, row->cells[1]);
        check_tag_basis(loader, row);
        if (region == NULL)
            policy__fault(loader, row->places[0], "pack.unknown_region", "value", row->cells[0],
                          NULL);
        if (tag == NULL)
            policy__fault(loader, row->places[1], "pack.unknown_tag", "value", row->cells[1], NULL);
        else if (tag->of != TAG_OF_PLACE)
            policy__fault(loader, row->places[1], "pack.tag_misfit", "value", tag->code, NULL);
        if (region != NULL && tag != NULL)
            add_tag(loader, row, region, tag);
    }
}

void policy__load_regions(struct policy_loader *loader)
{
    const struct policy_table *table = policy__table(loader, FILE_REGIONS);
    struct pack_region *regions = read_regions(loader, table);
    struct policy_place *places = arena_array(loader->arena, table->count, struct policy_place);
    for (size_t i = 0; i < table->count; i++)
        places[i] = table->rows[i].places[0];
    policy__unique(loader, regions, table->count, sizeof *regions, places);
    policy__sort(regions, table->count, sizeof *regions);
    link_parents(loader, table, regions);
    loader->pack->regions = (struct pack_region_list){table->count, regions};
    load_history(loader);
    load_region_tags(loader);
}

/* --- questions */

const struct pack_region *pack_region(const struct pack *pack, const char *code)
{
    const struct pack_region_list *list = &pack->regions;
    return policy__find(list->items, list->count, sizeof *list->items, code);
}

const struct pack_former_region *pack_former_region(const struct pack *pack, const char *code)
{
    const struct pack_former_region_list *list = &pack->former_regions;
    return policy__find(list->items, list->count, sizeof *list->items, code);
}

const char *pack_region_name(const struct pack_region *region, enum language language)
{
    return language == LANGUAGE_EN && region->name_en != NULL ? region->name_en : region->name;
}

const struct pack_region *pack_region_current(const struct pack *pack, const char *code)
{
    const struct pack_region *region = pack_region(pack, code);
    if (region != NULL)
        return region;
    const struct pack_former_region *former = pack_former_region(pack, code);
    return former == NULL ? NULL : former->successor;
}

bool pack_region_within(const struct pack *pack, const char *code, const char *ancestor)
{
    const struct pack_region *region = pack_region(pack, code);
    while (region != NULL && strcmp(region->code, ancestor) != 0)
        region = region->parent;
    return region != NULL;
}

const struct pack_region *pack_region_at(const struct pack_region *region, enum region_level level)
{
    while (region != NULL && region->level > level)
        region = region->parent;
    return region != NULL && region->level == level ? region : NULL;
}

const char *pack_region_tags(struct arena *arena, const struct pack *pack, const char *code)
{
    struct buffer tags = buffer_new(arena, 32);
    buffer_add_char(&tags, '|');
    for (const struct pack_region *region = pack_region(pack, code); region != NULL;
         region = region->parent) {
        for (size_t i = 0; i < region->tag_count; i++)
            buffer_printf(&tags, "%s|", region->tags[i]->code);
    }
    return tags.bytes;
}
