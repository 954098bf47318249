/* programmes.yaml. */
#include <string.h>

#include "base/arena.h"
#include "policy/policy_loader.h"

POLICY_ENUM(training_kind)
POLICY_ENUM(certificate_kind)

enum { LESSONS_MAX = 10000, CLASS_SIZE_MAX = 1000, AGE_MAX = 120 };

static void read_item(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    int64_t no;
    if (!policy__integer(loader, node, 1, INT32_MAX, &no))
        return;
    const struct pack_item *item = pack_item(loader->pack, no);
    if (item == NULL)
        policy__fault(loader, node->place, "pack.unknown_item", "value", node->text, NULL);
    *(const struct pack_item **)field = item;
}

static void read_lessons(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    struct pack_programme *programme = field;
    static const struct policy_key keys[] = {
        {.name = "least",
         .shape = SHAPE_INTEGER,
         .offset = offsetof(struct pack_programme, lessons_least),
         .least = 1,
         .most = LESSONS_MAX},
        {.name = "most",
         .shape = SHAPE_INTEGER,
         .offset = offsetof(struct pack_programme, lessons_most),
         .least = 1,
         .most = LESSONS_MAX},
        {.name = NULL}};
    if (policy__map(loader, node, keys, programme) &&
        programme->lessons_least > programme->lessons_most)
        policy__fault(loader, node->place, "pack.range", NULL);
}

/* A list of tags, each once. */
static const struct pack_tag *const *read_tags(struct policy_loader *loader,
                                               const struct policy_node *node, size_t *ret_count)
{
    *ret_count = 0;
    if (!policy__is_list(loader, node))
        return NULL;
    const struct pack_tag **tags = arena_array(loader->arena, node->count, const struct pack_tag *);
    for (size_t i = 0; i < node->count; i++) {
        const struct policy_node *value = node->entries[i].value;
        const struct pack_tag *tag = NULL;
        policy__read_tag(loader, value, &tag);
        for (size_t j = 0; j < *ret_count && tag != NULL; j++) {
            if (tags[j] == tag)
                policy__fault(loader, value->place, "pack.duplicate", "value", tag->code, NULL);
        }
        if (tag != NULL)
            tags[(*ret_count)++] = tag;
    }
    return tags;
}

static void read_own_tags(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    struct pack_programme *programme = field;
    programme->tags = read_tags(loader, node, &programme->tag_count);
    for (size_t i = 0; i < programme->tag_count; i++) {
        if (programme->tags[i]->of != TAG_OF_CLASS)
            policy__fault(loader, node->place, "pack.tag_misfit", "value", programme->tags[i]->code,
                          NULL);
    }
}

static void read_target_groups(struct policy_loader *loader, const struct policy_node *node,
                               void *field)
{
    struct pack_programme *programme = field;
    programme->target_groups = read_tags(loader, node, &programme->target_group_count);
    for (size_t i = 0; i < programme->target_group_count; i++) {
        if (programme->target_groups[i]->of != TAG_OF_PERSON)
            policy__fault(loader, node->place, "pack.tag_misfit", "value",
                          programme->target_groups[i]->code, NULL);
    }
    if (node->kind == NODE_LIST && node->count == 0)
        policy__fault(loader, node->place, "pack.empty", NULL);
}

static void read_taught(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    *(const struct pack_occupation **)field = policy__occupation(loader, node);
}

static void read_teaches_one(struct policy_loader *loader, const struct policy_node *node,
                             struct pack_teaches *teaches)
{
    static const struct policy_key keys[] = {{.name = "occupation",
                                              .shape = SHAPE_CUSTOM,
                                              .offset = offsetof(struct pack_teaches, occupation),
                                              .read = read_taught},
                                             {.name = "levels",
                                              .shape = SHAPE_CUSTOM,
                                              .offset = offsetof(struct pack_teaches, levels),
                                              .read = policy__read_levels},
                                             {.name = NULL}};
    policy__map(loader, node, keys, teaches);
    if (teaches->occupation != NULL && (teaches->levels & ~teaches->occupation->levels) != 0)
        policy__fault(loader, node->place, "pack.level_misfit", "value", teaches->occupation->code,
                      NULL);
}

static void read_teaches(struct policy_loader *loader, const struct policy_node *node, void *field)
{
    struct pack_teaches_list *list = field;
    if (!policy__is_list(loader, node))
        return;
    struct pack_teaches *teaches = arena_array(loader->arena, node->count, struct pack_teaches);
    for (size_t i = 0; i < node->count; i++) {
        const struct policy_node *value = node->entries[i].value;
        struct pack_teaches *one = &teaches[list->count];
        read_teaches_one(loader, value, one);
        bool is_twice = false;
        for (size_t j = 0; j < list->count; j++)
            is_twice = is_twice || teaches[j].occupation == one->occupation;
        if (one->occupation != NULL && is_twice)
            policy__fault(loader, value->place, "pack.duplicate", "value", one->occupation->code,
                          NULL);
        else if (one->occupation != NULL)
            list->count++;
    }
    list->items = teaches;
}

#define PROGRAMME_KEY(key_name, key_shape, member, ...)                                            \
    {                                                                                              \
        .name = key_name, .shape = key_shape, .offset = offsetof(struct pack_programme, member),   \
        __VA_ARGS__                                                                                \
    }

static const struct policy_key PROGRAMME_KEYS[] = {
    PROGRAMME_KEY("code", SHAPE_CODE, code, ),
    PROGRAMME_KEY("name", SHAPE_WORDS, name, ),
    PROGRAMME_KEY("item", SHAPE_CUSTOM, item, .read = read_item),
    PROGRAMME_KEY("kind", SHAPE_ENUM, kind, .parse = parse_training_kind),
    PROGRAMME_KEY("certificate", SHAPE_ENUM, certificate, .parse = parse_certificate_kind),
    {.name = "lessons", .shape = SHAPE_CUSTOM, .read = read_lessons},
    PROGRAMME_KEY("class_size_most", SHAPE_INTEGER, class_size_most, .is_optional = true,
                  .least = 1, .most = CLASS_SIZE_MAX),
    PROGRAMME_KEY("age_least", SHAPE_INTEGER, age_least, .is_optional = true, .least = 1,
                  .most = AGE_MAX),
    PROGRAMME_KEY("age_most", SHAPE_INTEGER, age_most, .is_optional = true, .least = 1,
                  .most = AGE_MAX),
    {.name = "tags", .shape = SHAPE_CUSTOM, .is_optional = true, .read = read_own_tags},
    {.name = "target_groups",
     .shape = SHAPE_CUSTOM,
     .is_optional = true,
     .read = read_target_groups},
    PROGRAMME_KEY("teaches", SHAPE_CUSTOM, teaches, .is_optional = true, .read = read_teaches),
    PROGRAMME_KEY("is_subsidised", SHAPE_BOOL, is_subsidised, .is_optional = true),
    PROGRAMME_KEY("from", SHAPE_DAY, from, .is_optional = true),
    PROGRAMME_KEY("to", SHAPE_DAY, to, .is_optional = true),
    POLICY_BASIS_KEYS(struct pack_programme),
    {.name = NULL}};

static void read_programme(struct policy_loader *loader, const struct policy_node *node,
                           void *field)
{
    struct pack_programme *programme = field;
    *programme = (struct pack_programme){.class_size_most = PACK_NUMBER_NONE,
                                         .age_least = PACK_NUMBER_NONE,
                                         .age_most = PACK_NUMBER_NONE,
                                         .is_subsidised = true,
                                         .from = loader->pack->first_day,
                                         .to = DAY_NONE};
    policy__map(loader, node, PROGRAMME_KEYS, programme);
    policy__basis(loader, node, &programme->basis);
    policy__period(loader, node, programme->from, programme->to);
    if (programme->age_most != PACK_NUMBER_NONE && programme->age_least > programme->age_most)
        policy__fault(loader, node->place, "pack.range", NULL);
    if (programme->certificate == CERTIFICATE_KIND_SKILL_LEVEL &&
        policy__get(node, "teaches") == NULL)
        policy__fault(loader, node->place, "pack.missing_key", "key", "teaches", NULL);
}

void policy__load_programmes(struct policy_loader *loader)
{
    const struct policy_node *root = policy__root(loader, FILE_PROGRAMMES);
    static const struct policy_key keys[] = {{.name = "programmes", .shape = SHAPE_SKIP},
                                             {.name = NULL}};
    policy__map(loader, root, keys, loader);
    struct pack_programme_list *list = &loader->pack->programmes;
    list->items = policy__things(loader,
                                 &(struct policy_things){.node = policy__get(root, "programmes"),
                                                         .size = sizeof *list->items,
                                                         .read_one = read_programme,
                                                         .is_sorted = true},
                                 &list->count);
}
